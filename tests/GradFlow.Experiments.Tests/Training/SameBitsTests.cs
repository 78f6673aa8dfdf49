using GradFlow.Flow;
using GradFlow.Runs;
using GradFlow.Tensors;

namespace GradFlow.Experiments.Tests.Training;

public sealed class SameBitsTests : IDisposable
{
    private const int Steps = 30;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gradflow-");

    public static TheoryData<string> Optimizers =>
        ["{ adam: { lr: 0.01 } }", "{ sgd: { lr: 0.05, momentum: 0.9 } }", "{ sgd: { lr: 0.1 } }"];

    /// <summary>Every optimiser that a file may name.</summary>
    public static TheoryData<string> AllOptimizers => [.. new SpecTypes().EntriesOf(typeof(OptimizerSpec)).Keys];

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory, MemberData(nameof(Optimizers))]
    public void Watching_changes_no_bit(string optimizer)
    {
        Trainer alone = Trainings.Start(With(optimizer)), watched = Trainings.Start(With(optimizer));
        RunStructure structure = Trainings.RecorderOf(watched).Current.Header.Structure;
        watched.Watch = new NetWatch(
            watched.Model.Net, structure, 16, new WatchOptions { Budget = 1, MaxInterval = 1 });
        watched.Take(Steps).ShouldBe(alone.Take(Steps));
        watched.Capture().Bits().ShouldBe(alone.Capture().Bits());
    }

    [Fact]
    public void Judging_changes_no_bit()
    {
        Trainer alone = Trainings.Start(Trainings.Everything), judged = Trainings.Start(Trainings.Everything);
        for (int i = 0; i < Steps; i++)
        {
            judged.EvaluateValidation();
            judged.EvaluateTest();
            judged.Advance();
        }
        alone.Take(Steps);
        judged.Capture().Bits().ShouldBe(alone.Capture().Bits());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(9)]
    [InlineData(18)]
    [InlineData(23)]
    public void A_restored_training_goes_on_as_if_unbroken(int pause)
    {
        Trainer unbroken = Trainings.Start(Trainings.Everything), first = Trainings.Start(Trainings.Everything);
        unbroken.StepsPerEpoch.ShouldBe(9, "so that the pauses are in the middle and at the end of epochs");
        List<StepRecord> expected = unbroken.Take(Steps);
        first.Take(pause);
        string file = Path.Combine(_folder.FullName, "state.safetensors");
        Checkpoints.Save(file, first.Capture());

        Trainer second = Trainings.Start(Trainings.Everything);
        second.Take(3);
        second.Restore(Checkpoints.Load(file));
        second.Step.ShouldBe(pause);
        second.Take(Steps - pause).ShouldBe(expected.Skip(pause));
        second.Capture().Bits().ShouldBe(unbroken.Capture().Bits());
    }

    [Theory, MemberData(nameof(AllOptimizers))]
    public void Forty_steps_are_twenty_and_twenty_more_with_any_optimizer(string optimizer)
    {
        Experiment experiment = With(optimizer);
        Trainer unbroken = Trainings.Start(experiment), first = Trainings.Start(experiment),
            second = Trainings.Start(experiment);
        List<StepRecord> expected = unbroken.Take(40);
        first.Take(20);
        string file = Path.Combine(_folder.FullName, "state.safetensors");
        Checkpoints.Save(file, first.Capture());
        second.Restore(Checkpoints.Load(file));
        second.Take(20).ShouldBe(expected.Skip(20));
        second.Capture().Bits().ShouldBe(unbroken.Capture().Bits());
    }

    [Fact]
    public void A_captured_state_stays_as_it_is_while_training_goes_on()
    {
        Trainer trainer = Trainings.Start(Trainings.Everything);
        trainer.Take(5);
        TrainingState state = trainer.Capture();
        Dictionary<string, string> before = state.Bits();
        trainer.Take(5);
        state.Bits().ShouldBe(before);
    }

    [Fact]
    public void Trainings_side_by_side_do_not_disturb_each_other()
    {
        Dictionary<string, string> Train(int seed)
        {
            Trainer trainer = Trainings.Start(Trainings.Everything with { Seed = seed });
            trainer.Take(Steps);
            return trainer.Capture().Bits();
        }

        Dictionary<string, string>[] together = new Dictionary<string, string>[6];
        Parallel.For(0, together.Length, new ParallelOptions { MaxDegreeOfParallelism = 6 },
            seed => together[seed] = Train(seed));
        for (int seed = 0; seed < together.Length; seed++) together[seed].ShouldBe(Train(seed));
    }

    [Fact]
    public void A_new_layer_of_another_type_leaves_the_others_weights_alone()
    {
        TrainingState plain = Trainings.Start(
            Trainings.OfModel("[ linear: 8, relu, linear: 8, relu, linear: 3 ]")).Capture();
        TrainingState longer = Trainings.Start(
            Trainings.OfModel(
                "[ linear: 8, batch-norm, tanh, residual: [ linear: 8, gelu ], dropout, linear: 3 ]")).Capture();
        foreach ((string name, Tensor value) in plain.Tensors)
            longer.Tensors[name].ToDoubles().ShouldBe(value.ToDoubles(), name);
    }

    [Fact]
    public void A_state_of_another_net_is_refused()
    {
        TrainingState other = Trainings.Start(Trainings.OfModel("[ linear: 9, relu, linear: 3 ]")).Capture();
        Trainer trainer = Trainings.Start(Trainings.OfModel("[ linear: 8, relu, linear: 3 ]"));
        Should.Throw<ArgumentException>(() => trainer.Restore(other)).Message.ShouldContain("linear-1.weight");
    }

    [Fact]
    public void A_file_that_is_no_checkpoint_is_refused_in_one_line()
    {
        string file = Path.Combine(_folder.FullName, "other.safetensors");
        Safetensors.Write(file, [PackedArray.Of("w", [1], [1L])], new Dictionary<string, string> { ["step"] = "3" });
        Should.Throw<InvalidRunException>(() => Checkpoints.Load(file)).Message.ShouldContain("'w' is of type I64");
        Safetensors.Write(file, [], new Dictionary<string, string> { ["step"] = "-3" });
        Should.Throw<InvalidRunException>(() => Checkpoints.Load(file)).Message.ShouldContain("has no step");
    }

    private static Experiment With(string optimizer) =>
        Trainings.Everything with
        {
            Optimizer = Trainings.Parse(
                "{ name: x, data: { circles: {} }, model: [relu], loss: mse, "
                    + $"optimizer: {optimizer}, training: {{ steps: 1 }} }}").Optimizer,
        };
}
