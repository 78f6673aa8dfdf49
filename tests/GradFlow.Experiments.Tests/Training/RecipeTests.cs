using GradFlow.Nn;
using GradFlow.Runs;
using GradFlow.TestKit;

namespace GradFlow.Experiments.Tests.Training;

public sealed class RecipeTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gradflow-");

    public static TheoryData<string, string> Recipes => new()
    {
        { "{ sgd: { lr: 0.1, momentum: 0.9, weight-decay: 0.01, decoupled: true } }", "" },
        { "{ adagrad: { lr: 0.05, start: 0.1, lr-decay: 0.02 } }", ", schedule: { exponential: { every: 5 } }" },
        { "{ rmsprop: { momentum: 0.9, centered: true } }", ", schedule: { cosine-restarts: 7 }, warm-up: 3" },
        { "{ adamw: { groups: [ { parameters: [ biases, norms ], weight-decay: 0 } ] } }", ", schedule: one-cycle" },
        { "{ sgd: { lr: 0.1, momentum: 0.9, nesterov: true } }", ", schedule: one-cycle, warm-up: 4" },
        { "sgd", ", clip: { percentile: 40 }" },
        { "sgd", ", regularizers: [ l1: 0.01, { spectral-norm: { factor: 0.1, of: linear-2.weight } }, "
            + "spectral-norm: 1 ]" },
        { "sgd", ", clip: { percentile: { percent: 40, window: 5 } }, non-finite: { skip: 3 }" },
        { "sgd", ", clip: { adaptive: { except: linear-2.* } }, non-finite: { restore: { every: 4 } }" },
        { "{ sgd: { lr: 1e39, momentum: 0.9 } }", ", non-finite: { restore: { factor: 1e-40, every: 5 } }" },
        { "sgd", ", schedule: { on-plateau: { patience: 0, threshold: 0.5, every: 4 } }" },
        { "adam", ", accumulate: 2, stop: { patience: 1, delta: 0.01, every: 4 }" },
        { "sgd", ", schedule: { on-plateau: { of: training-loss, patience: 1, threshold: 0.5, every: 7 } }" },
    };

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory, MemberData(nameof(Recipes))]
    public void A_restored_training_goes_on_to_the_bit(string optimizer, string training)
    {
        Experiment experiment = Trainings.WithRecipe(optimizer, training);
        Trainer unbroken = Trainings.Start(experiment), first = Trainings.Start(experiment),
            second = Trainings.Start(experiment);
        List<StepRecord> expected = unbroken.Take(30);
        first.Take(13);
        string file = Path.Combine(_folder.FullName, "state.safetensors");
        Checkpoints.Save(file, first.Capture());
        second.Restore(Checkpoints.Load(file));
        second.Take(17).ShouldBe(expected.Skip(13));
        second.Capture().Bits().ShouldBe(unbroken.Capture().Bits());
    }

    [Fact]
    public void Kinds_and_names_choose_parameters_and_the_first_group_has_them()
    {
        Optimizer optimizer = OptimizerOf("""
            { sgd: { lr: 0.1, weight-decay: 0.3, groups: [
                { parameters: linear-1.bias, lr: 0.05 },
                { parameters: [ biases, norms ], weight-decay: 0 },
                { parameters: "*-2.w*", lr: 0 } ] } }
            """);
        optimizer.Groups.Select(Names).ShouldBe(
            ["linear-1.bias", "batch-norm-1.gain batch-norm-1.shift linear-2.bias", "linear-2.weight"]);
        optimizer.Groups.Select(group => group.RateFactor).ShouldBe([0.5, 1, 0]);
        optimizer.Groups.Select(group => group.WeightDecay).ShouldBe([null, 0.0, null]);
    }

    [Theory]
    [InlineData("{ sgd: { lr: 0.1, momentum: 0.9 } }", true)]
    [InlineData("adam", true)]
    [InlineData("{ sgd: { lr: 0.1 } }", false)]
    [InlineData("adagrad", false)]
    public void One_cycle_moves_the_momentum_of_an_optimiser_that_has_one(string optimizer, bool moves)
    {
        Trainer cycled = Trainings.Start(Trainings.WithRecipe(optimizer, ", schedule: one-cycle")),
            constant = Trainings.Start(
                Trainings.WithRecipe(optimizer, ", schedule: { one-cycle: { cycle-momentum: false } }"));
        List<StepRecord> those = cycled.Take(9), others = constant.Take(9);
        those.Select(step => step.LearningRate).ShouldBe(others.Select(step => step.LearningRate));
        those.SequenceEqual(others).ShouldBe(!moves);
    }

    [Fact]
    public void A_kind_that_the_net_has_none_of_is_an_empty_group() => Recipe.OptimizerOf(
        Trainings.WithRecipe("{ sgd: { groups: [ { parameters: norms, lr: 1 } ] } }").Optimizer,
        Trainings.Start(Trainings.OfModel("[ linear: 3 ]")).Model.Net, "f").Groups.Single().Parameters.ShouldBeEmpty();

    [Theory]
    [InlineData("linear-3.weight")]
    [InlineData("linear-1")]
    [InlineData("inear-1.*")]
    [InlineData("linear.1*")]
    public void A_name_that_no_parameter_has_is_refused(string name) =>
        Should.Throw<InvalidExperimentException>(
            () => Trainings.Start(
                Trainings.WithRecipe($"{{ adam: {{ groups: [ {{ parameters: {name}, lr: 1 }} ] }} }}")))
            .Message.ShouldBe(
                $"test.yaml:5: optimizer.adam.groups[0]: '{name}' is no parameter of this net; expected weights, "
                + "norms, biases or a name such as linear-1.weight");

    [Fact]
    public void Parameters_whose_rate_is_0_stay_as_they_are()
    {
        Trainer trainer = Trainings.Start(
            Trainings.WithRecipe("{ adam: { groups: [ { parameters: weights, lr: 0 } ] } }"));
        double[][] Of(string kind) =>
            [.. new ParameterSelection(trainer.Model.Net).Of([kind], problem => new ArgumentException(problem))
            .Select(parameter => parameter.Value.ToDoubles())];
        double[][] weights = Of("weights"), biases = Of("biases");
        trainer.Take(5);
        Of("weights").ShouldBe(weights);
        Of("biases").ShouldNotBe(biases);
    }

    [Theory]
    [InlineData("validation-loss")]
    [InlineData("validation-metric")]
    [InlineData("training-loss")]
    public void The_rate_falls_after_more_looks_without_progress_than_patience(string of)
    {
        // Nothing gets better at a rate of 1e-30: the first look sets the best, the second and third are borne.
        Trainer trainer = Trainings.Start(Trainings.WithRecipe(
            "{ sgd: { lr: 1e-30 } }",
            $", schedule: {{ on-plateau: {{ of: {of}, factor: 0.5, patience: 1, threshold: 0.1 }} }}"));
        double[] rates = [.. trainer.Take(2 * 9 + 9 + 1).Select(step => step.LearningRate / 1e-30)];
        trainer.StepsPerEpoch.ShouldBe(9);
        rates.ShouldBe([.. Enumerable.Repeat(1.0, 27), 0.5], 1e-12);
    }

    [Fact]
    public void Penalties_are_part_of_the_loss_and_told_apart_and_judging_is_without_them()
    {
        Trainer plain = Trainings.Start(Trainings.WithRecipe("sgd"));
        Trainer penalised = Trainings.Start(
            Trainings.WithRecipe("sgd", ", regularizers: [ l2: 2, { l1: { factor: 3, of: biases } } ]"));
        double Sum(string kind, Func<double, double> f) => new ParameterSelection(plain.Model.Net)
            .Of([kind], problem => new ArgumentException(problem)).Sum(p => p.Value.ToDoubles().Sum(f));
        double expected = Sum("weights", x => x * x) + 3 * Sum("biases", Math.Abs);
        penalised.EvaluateValidation().ShouldBe(plain.EvaluateValidation());
        StepRecord without = plain.Advance().Record, with = penalised.Advance().Record;
        without.Penalty.ShouldBeNull();
        with.Penalty.ShouldNotBeNull().ShouldBe(expected, 1e-5 * expected);
        with.Loss.ShouldBe(without.Loss + expected, 1e-5 * expected);
    }

    [Fact]
    public void A_penalty_of_squares_trains_like_a_coupled_weight_decay()
    {
        List<StepRecord> decayed = Trainings.Start(Trainings.WithRecipe("{ sgd: { lr: 0.1, weight-decay: 0.05, "
            + "groups: [ { parameters: [ biases, norms ], weight-decay: 0 } ] } }")).Take(20);
        List<StepRecord> penalised = Trainings.Start(
            Trainings.WithRecipe("{ sgd: { lr: 0.1 } }", ", regularizers: [ l2: 0.05 ]")).Take(20);
        for (int i = 0; i < 20; i++)
            (penalised[i].Loss - penalised[i].Penalty!.Value).ShouldBe(decayed[i].Loss, 1e-5);
    }

    [Theory]
    [InlineData(
        "orthogonality", "biases", "'linear-1.bias' has one dimension; expected weights, which have two or more")]
    [InlineData(
        "l1", "linear-9.*", "'linear-9.*' is no parameter of this net; expected weights, norms, biases or a name "
        + "such as linear-1.weight")]
    public void Parameters_that_a_regulariser_cannot_have_are_refused(string name, string of, string problem) =>
        Should.Throw<InvalidExperimentException>(() => Trainings.Start(
            Trainings.WithRecipe("sgd", $", regularizers: [ {name}: {{ factor: 1, of: {of} }} ]")))
            .Message.ShouldBe($"test.yaml:6: training.regularizers.{name}: {problem}");

    [Fact]
    public void Norm_preservation_is_part_of_the_loss_and_brings_the_gradients_norms_closer_together()
    {
        List<StepRecord> steps = Trainings.Start(Latch("rnn: 12", "norm-preservation: 4")).Take(60);
        List<StepRecord> plain = Trainings.Start(Latch("rnn: 12", "l2: 0")).Take(1);
        (steps[0].Loss - steps[0].Penalty!.Value).ShouldBe(plain[0].Loss, 1e-12);
        steps[0].Penalty!.Value.ShouldBeGreaterThan(0);
        steps[^1].Penalty!.Value.ShouldBeLessThan(steps[0].Penalty!.Value / 2);
    }

    [Fact]
    public void Norm_preservation_of_gates_is_refused() =>
        Should.Throw<InvalidExperimentException>(() => Trainings.Start(Latch("lstm: 12", "norm-preservation: 4")))
            .Message.ShouldBe("test.yaml:6: training.regularizers.norm-preservation: none of its parameters are "
                + "weights of the state of a plain recurrent layer, 'rnn' or 'irnn'; expected a net with one, since "
                + "gates, connections that skip time steps and normalisation are not penalised");

    private static Experiment Latch(string layer, string regularizer) => Trainings.Parse($$"""
        name: latch
        data: { latch: { length: 12, train: 200, test: 20 } }
        model: [ {{layer}}, last-step, linear: 2 ]
        loss: cross-entropy
        optimizer: { sgd: { lr: 0.02 } }
        training: { steps: 60, batch: 16, regularizers: [ {{regularizer}} ] }
        """);

    [Fact]
    public void The_guides_fragments_are_read_and_trained()
    {
        string[] fragments = [.. File.ReadAllText(RepositoryFiles.At("docs", "guide", "experiment-file.md"))
            .Split("```yaml\n").Skip(2).Select(part => part.Split("```")[0])];
        fragments.Length.ShouldBe(9);
        // What it starts from has to be there: StartFromTests.
        foreach (string fragment in fragments.Where(f => !f.Contains("start-from:", StringComparison.Ordinal))
            .Select(f => f.Replace("path: book.txt, ", "", StringComparison.Ordinal)))
        {
            bool isOfText = fragment.Contains("text:", StringComparison.Ordinal)
                || fragment.Contains("truncate:", StringComparison.Ordinal);
            string yaml = ExperimentFile.Write(isOfText ? OfText : OfSums);
            string key = fragment[..fragment.IndexOf(':', StringComparison.Ordinal)];
            string kept = string.Join(
                '\n', yaml.Split('\n').Where(line => !line.StartsWith(key, StringComparison.Ordinal)));
            Trainings.Start(Trainings.Parse(kept + fragment)).Advance().Record.Loss.ShouldBeGreaterThan(0);
        }
    }

    private static Experiment OfSums { get; } = Trainings.WithRecipe("sgd") with
    {
        Data = new AddingSpec { Length = 5, Train = 40, Test = 10 },
        Loss = new MseSpec(),
        Model = [new RnnSpec { Out = 4 }, new LastStepSpec(), new LinearSpec { Out = 1 }],
    };

    private static Experiment OfText { get; } = Trainings.WithRecipe("sgd") with
    {
        Data = new TextSpec { Characters = 4000 },
        Model = [new EmbeddingSpec { Out = 4 }, new RnnSpec { Out = 4 }, new LinearSpec { Out = 34 }],
    };

    [Fact]
    public void A_plateau_of_the_accuracy_needs_classes() =>
        Should.Throw<InvalidExperimentException>(() => Trainings.Start(Trainings.Parse("""
            name: x
            data: adding
            model: [ rnn: 4, last-step, linear: 1 ]
            loss: mse
            optimizer: sgd
            training: { steps: 1, schedule: { on-plateau: { of: validation-metric } } }
            """))).Message.ShouldBe(
                "test.yaml:6: training.schedule: 'on-plateau' looks at the accuracy, but the data has numbers to "
                + "predict; expected 'of: validation-loss'");

    private static Optimizer OptimizerOf(string yaml)
    {
        Experiment experiment = Trainings.WithRecipe(yaml);
        return Recipe.OptimizerOf(experiment.Optimizer, Trainings.Start(experiment).Model.Net, "test.yaml");
    }

    private static string Names(ParameterGroup group) => string.Join(' ', group.Parameters.Select(p => p.Name));
}
