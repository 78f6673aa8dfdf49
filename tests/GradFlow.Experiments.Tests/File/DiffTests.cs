using GradFlow.Runs;

namespace GradFlow.Experiments.Tests;

public sealed class DiffTests
{
    private static readonly Experiment Before = ExperimentFile.Parse(Samples.Small, "f");

    [Fact]
    public void Equal_experiments_have_no_changes()
    {
        ExperimentDiff diff = ExperimentDiff.Between(Before, ExperimentFile.Parse(Samples.Small, "g"));

        diff.Changes.ShouldBeEmpty();
        diff.Lines.ShouldAllBe(line => line.Change == LineChange.Same);
    }

    [Fact]
    public void Changed_values_are_named_by_their_path()
    {
        RepeatSpec repeat = (RepeatSpec)Before.Model[3];
        LayerSpec linear = new LinearSpec { Out = 64, Init = new HeNormalInitSpec(), Bias = null };
        Experiment after = Before with
        {
            Seed = 8,
            Model = [.. Before.Model.Take(3), repeat with { Layers = [linear, new ReluSpec()] }, Before.Model[4]],
            Optimizer = new AdamSpec(),
            Training = Before.Training with { Clip = null, WarmUp = 200, Schedule = new CosineScheduleSpec() },
        };

        ExperimentDiff.Between(Before, after).Changes.ShouldBe(
        [
            new ExperimentChange("seed", "7", "8"),
            new ExperimentChange("model[3].repeat.layers[0].linear.init", "torch", "he-normal"),
            new ExperimentChange("model[3].repeat.layers[0].linear.bias", "torch", "none"),
            new ExperimentChange("model[3].repeat.layers[1]", "sigmoid", "relu"),
            new ExperimentChange("optimizer", "sgd: { lr: 0.1, momentum: 0.9 }", "adam: { lr: 0.001 }"),
            new ExperimentChange("training.clip", "norm: 1", ""),
            new ExperimentChange("training.schedule", "constant", "cosine"),
            new ExperimentChange("training.warm-up", "0", "200"),
        ]);
    }

    [Fact]
    public void Inserted_and_removed_layers_leave_their_neighbours_unchanged()
    {
        Experiment after = Before with
        {
            Model = [Before.Model[1], new BatchNormSpec(), Before.Model[2], Before.Model[3], Before.Model[4]],
        };

        ExperimentDiff.Between(Before, after).Changes.ShouldBe(
        [
            new ExperimentChange("model[0]", "flatten", ""),
            new ExperimentChange("model[1]", "", "batch-norm"),
        ]);
    }

    [Fact]
    public void Lines_say_what_was_removed_and_added()
    {
        IReadOnlyList<DiffLine> lines = ExperimentDiff.CompareLines("a\nb\nc\nd\n", "a\nx\nc\nd\ne\n");

        lines.Select(line => $"{line.Change} {line.Text}").ShouldBe(
            ["Same a", "Removed b", "Added x", "Same c", "Same d", "Added e"]);
    }

    [Fact]
    public void Large_texts_are_compared_as_well()
    {
        string many = string.Join('\n', Enumerable.Range(0, 9000)), more = string.Join('\n', Enumerable.Range(1, 9000));

        IReadOnlyList<DiffLine> lines = ExperimentDiff.CompareLines($"first\n{many}\nlast", $"first\n{more}\nlast");

        lines.Where(l => l.Change != LineChange.Added).Count().ShouldBe(9002);
        (lines[0].Text, lines[^1]).ShouldBe(("first", new DiffLine(LineChange.Same, "last")));
    }
}
