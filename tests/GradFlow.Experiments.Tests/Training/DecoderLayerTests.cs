using GradFlow.Runs;

namespace GradFlow.Experiments.Tests.Training;

public sealed class DecoderLayerTests
{
    public static TheoryData<string> Decoders =>
    [
        "[ gru: 24, attention-decoder: { out: 4, units: 24, teacher-forcing: 0.9 } ]",
        "[ linear: 16, positions, transformer-encoder: { heads: 2, hidden: 32 }, "
            + "transformer-decoder: { out: 4, heads: 2, hidden: 32, teacher-forcing: 0.9 } ]",
    ];

    [Theory]
    [MemberData(nameof(Decoders))]
    public void A_decoder_learns_to_copy_and_is_judged_by_what_it_writes_by_itself(string model)
    {
        Trainer trainer = Trainings.Start(OfModel(model));
        Evaluation before = trainer.EvaluateValidation();
        trainer.Take(250);
        trainer.EvaluateValidation().Metric!.Value.ShouldBeGreaterThan(0.9);
        before.Metric!.Value.ShouldBeLessThan(0.6);
    }

    [Theory]
    [MemberData(nameof(Decoders))]
    public void A_training_with_drawn_symbols_goes_on_to_the_bit(string model)
    {
        Experiment experiment = OfModel(model);
        Trainer unbroken = Trainings.Start(experiment), first = Trainings.Start(experiment);
        List<StepRecord> expected = unbroken.Take(8);
        first.Take(4);
        Trainer second = Trainings.Start(experiment);
        second.Restore(first.Capture());
        second.Take(4).Select(step => step.Loss).ShouldBe(expected.Skip(4).Select(step => step.Loss));
    }

    [Theory]
    [InlineData("[ gru: 4, attention-decoder: 4, linear: 4 ]", "'attention-decoder' writes the net's output; expected "
        + "no layer behind it")]
    [InlineData("[ gru: 4, last-step, attention-decoder: 4 ]", "'attention-decoder' reads sequences")]
    [InlineData("[ linear: 8, transformer-decoder: { out: 4, heads: 2, hidden: 8 }, linear: 4 ]",
        "'transformer-decoder' writes the net's output; expected no layer behind it")]
    [InlineData("[ linear: 8, transformer-decoder: { out: 4, heads: 3, hidden: 8 } ]", "among 3 heads")]
    [InlineData("[ linear: 8, transformer-decoder: { out: 5, heads: 2, hidden: 8 } ]", "5 outputs for 4 classes")]
    public void A_decoder_out_of_place_is_refused(string model, string problem) =>
        Should.Throw<InvalidExperimentException>(() => Trainings.Start(OfModel(model))).Message.ShouldContain(problem);

    private static Experiment OfModel(string model) => Trainings.Parse($$"""
        name: copy
        data: { copy: { length: 2, remember: 3, symbols: 3, train: 600, test: 60 } }
        model: {{model}}
        loss: cross-entropy
        optimizer: { adam: { lr: 0.01 } }
        training: { steps: 250, batch: 32 }
        """);
}
