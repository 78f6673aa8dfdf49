using GradFlow.Runs;
using GradFlow.Tensors;

namespace GradFlow.Experiments.Tests.Training;

/// <summary>Small trainings that tests share.</summary>
internal static class Trainings
{
    /// <summary>Everything whose state or draws a resume must get right.</summary>
    public static Experiment Everything { get; } = Parse("""
        name: everything
        seed: 3
        data: { blobs: { samples: 200, noise: 0.4 } }
        model:
          - linear: { out: 8, init: he-normal }
          - batch-norm
          - relu
          - dropout: 0.2
          - residual: [ { linear: 8 }, tanh ]
          - layer-norm
          - linear: 3
        loss: cross-entropy
        optimizer: { adam: { lr: 0.01 } }
        training: { steps: 30, batch: 16, clip: { norm: 0.5 }, warm-up: 5, schedule: cosine }
        """);

    public static Experiment Parse(string yaml) => ExperimentFile.Parse(yaml, "test.yaml");

    /// <summary>A net of the plane's points with classes, and what is said about its training.</summary>
    public static Experiment OfModel(string model, string training = "{ steps: 20, batch: 16 }", int seed = 1) =>
        Parse($"""
            name: small
            seed: {seed}
            data: {"{ blobs: { samples: 200 } }"}
            model: {model}
            loss: cross-entropy
            optimizer: {"{ sgd: { lr: 0.1 } }"}
            training: {training}
            """);

    /// <summary>
    /// A small net with an optimiser, and what else is said about its training, such as <c>, warm-up: 5</c>.
    /// </summary>
    public static Experiment WithRecipe(string optimizer, string training = "") => Parse($$"""
        name: recipe
        data: { blobs: { samples: 200, noise: 0.4 } }
        model: [ linear: 8, batch-norm, tanh, linear: 3 ]
        loss: cross-entropy
        optimizer: {{optimizer}}
        training: { steps: 30, batch: 16{{training}} }
        """);

    public static Trainer Start(Experiment experiment) => new(experiment, DataOf(experiment), "test.yaml");

    public static DataSplits DataOf(Experiment experiment) =>
        TaskData.Load(experiment.Data, "", experiment.Seed, experiment.Training.Validation);

    public static RunRecorder RecorderOf(Trainer trainer, RunWriter? writer = null) =>
        new(trainer.Describe(DateTimeOffset.UnixEpoch, "test"), writer);

    public static List<StepRecord> Take(this Trainer trainer, int steps) =>
        [.. Enumerable.Range(0, steps).Select(_ => trainer.Advance().Record)];

    /// <summary>Every number of a state, as bits.</summary>
    public static Dictionary<string, string> Bits(this TrainingState state)
    {
        var bits = new Dictionary<string, string> { ["step"] = $"{state.Step}" };
        foreach ((string name, Tensor tensor) in state.Tensors) bits[name] = BitsOf(tensor);
        foreach ((string name, Tensor tensor) in state.Optimizer) bits["optimizer/" + name] = BitsOf(tensor);
        foreach ((string name, Tensor tensor) in state.Memory) bits["memory/" + name] = BitsOf(tensor);
        return bits;
    }

    private static string BitsOf(Tensor tensor) => string.Join(
        ' ', tensor.ToDoubles().Select(x => BitConverter.DoubleToInt64Bits(x).ToString("x")));
}

/// <summary>A clock by which no time passes.</summary>
internal sealed class StandingClock : TimeProvider
{
    public override long GetTimestamp() => 0;
}
