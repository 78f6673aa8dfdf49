using GradFlow.Experiments;

namespace GradFlow.Repair.Tests;

/// <summary>Every remedy and every change that confirms a cause, on every kind of net that reads sequences.</summary>
public sealed class SequenceRemedyTests
{
    private const string Latch = "latch: { length: 12, train: 40, test: 10 }";
    private const string Copy = "copy: { length: 4, remember: 2, symbols: 3, train: 40, test: 10 }";
    private const string Text = "text: { window: 12 }";

    public static TheoryData<string, string> Nets => new()
    {
        { Latch, "[ rnn: 8, last-step, linear: 2 ]" },
        { Latch, "[ rnn: { out: 8, activation: relu, bias: none }, rnn: 6, last-step, linear: 2 ]" },
        { Latch, "[ irnn: 8, last-step, linear: 2 ]" },
        { Latch, "[ leaky-rnn: 8, last-step, linear: 2 ]" },
        { Latch, "[ orthogonal-rnn: 8, last-step, linear: 2 ]" },
        { Latch, "[ lru: { out: 8, states: 6 }, lru: 4, last-step, linear: 2 ]" },
        { Latch, "[ lstm: { out: 8, peepholes: true }, last-step, linear: 2 ]" },
        { Latch, "[ gru: { out: 4, bidirectional: true }, last-step, linear: 2 ]" },
        { Latch, "[ echo-state: 20, last-step, linear: { out: 2, init: ridge } ]" },
        { Latch, "[ linear: 8, tanh, rnn: 8, layer-norm, last-step, linear: 2 ]" },
        { Latch, "[ linear: 8, positions, transformer-encoder: { heads: 2, hidden: 8 }, last-step, linear: 2 ]" },
        { Latch, "[ linear: 8, residual: [ attention: { heads: 2 } ], last-step, linear: 2 ]" },
        { Latch, "[ linear: 8, transformer-encoder: { heads: 2, hidden: 8, window: 3 }, last-step, linear: 2 ]" },
        { Latch, "[ gru: 4, residual: [ attention: { heads: 2, causal: true, window: 3 } ], last-step, linear: 2 ]" },
        { Copy, "[ lru: 8, linear: 4 ]" },
        { Copy, "[ gru: 8, attention-decoder: { out: 4, units: 8 } ]" },
        { Copy, "[ linear: 8, transformer-decoder: { out: 4, heads: 2, hidden: 8 } ]" },
        { Text, "[ embedding: 8, lru: 8, linear: 34 ]" },
        { Text, "[ embedding: 8, lstm: 8, dropout: 0.1, linear: 34 ]" },
    };

    [Theory]
    [MemberData(nameof(Nets))]
    public void Whatever_applies_can_be_written_read_and_trained(string data, string model)
    {
        Experiment patient = Patient(data, model);
        foreach (Remedy remedy in RemedyCatalogue.All) RequireTrainable(remedy.Apply(patient), remedy.Id);
        foreach (Intervention change in InterventionCatalogue.All)
            RequireTrainable(change.Apply(patient), change.Description);
    }

    [Theory]
    [InlineData("gru")]
    [InlineData("leaky-units")]
    [InlineData("attention")]
    [InlineData("transformer")]
    [InlineData("echo-state")]
    [InlineData("truncated-bptt")]
    public void Remedies_for_recurrent_nets_go_with_any_other(string id)
    {
        Experiment patient = Patient(Latch, "[ rnn: 8, last-step, linear: 2 ]");
        Remedy remedy = RemedyCatalogue.Find(id)!;
        foreach (Remedy other in RemedyCatalogue.All)
        {
            RequireTrainable(remedy.Apply(patient) is { } one ? other.Apply(one) : null, $"{id}, {other.Id}");
            RequireTrainable(other.Apply(patient) is { } two ? remedy.Apply(two) : null, $"{other.Id}, {id}");
        }
    }

    private static Experiment Patient(string data, string model) => Patients.Parse($$"""
        name: sequences
        data: { {{data}} }
        model: {{model}}
        loss: cross-entropy
        optimizer: { sgd: { lr: 0.1 } }
        training: { steps: 20, batch: 8 }
        """);

    private static void RequireTrainable(Experiment? changed, string name)
    {
        if (changed is null) return;
        ExperimentFile.Parse(ExperimentFile.Write(changed), "changed.yaml").ShouldBe(changed, name);
        DataSplits splits = TaskData.Load(changed.Data, "", changed.Seed, changed.Training.Validation);
        Trainer trainer = Should.NotThrow(() => new Trainer(changed, splits), name);
        double.IsFinite(trainer.Advance().Record.Loss).ShouldBeTrue(name);
    }
}
