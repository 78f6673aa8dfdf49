using GradFlow.Experiments;

namespace GradFlow.Repair.Tests;

/// <summary>Small trainings with a known disease, or none.</summary>
internal static class Patients
{
    public static Experiment DeepSigmoid { get; } = OfBlobs(
        "[ repeat: { times: 10, layers: [ linear: 16, sigmoid ] }, linear: 3 ]",
        "{ sgd: { lr: 0.05, momentum: 0.9 } }");

    public static Experiment LargeWeights { get; } = OfBlobs(
        "[ repeat: { times: 20, layers: [ linear: { out: 16, init: { normal: 1 } }, relu ] }, linear: 3 ]",
        "{ sgd: { lr: 0.01 } }");

    public static Experiment Healthy { get; } = OfBlobs(
        "[ linear: { out: 16, init: he-normal }, relu, linear: { out: 16, init: he-normal }, relu, linear: 3 ]",
        "{ adam: { lr: 0.01 } }");

    public static Experiment TooFast { get; } = Healthy with { Optimizer = new SgdSpec { LearningRate = 300 } };

    public static Experiment Unscaled { get; } = Parse("""
        name: unscaled
        seed: 1
        data: { strokes: { train: 400, test: 100, size: 8, scale: none } }
        model: [ flatten, linear: 16, tanh, linear: 16, tanh, linear: 10 ]
        loss: cross-entropy
        optimizer: { sgd: { lr: 0.1 } }
        training: { steps: 300, batch: 32 }
        """);

    /// <summary>Pixels up to 255 into rectifiers: the first steps are too large by the square of that.</summary>
    public static Experiment UnscaledBreaking { get; } = Unscaled with
    {
        Model = OfBlobs("[ flatten, linear: 16, relu, linear: 16, relu, linear: 10 ]").Model,
        Optimizer = new SgdSpec { LearningRate = 0.3 },
    };

    public static Experiment Parse(string yaml) => ExperimentFile.Parse(yaml, "patient.yaml");

    public static Experiment OfBlobs(string model, string optimizer = "{ sgd: { lr: 0.1 } }") => Parse($"""
        name: patient
        seed: 1
        data: {"{ blobs: { samples: 600 } }"}
        model: {model}
        loss: cross-entropy
        optimizer: {optimizer}
        training: {"{ steps: 300, batch: 32 }"}
        """);

    /// <summary>Points whose classes have nothing to do with where they lie.</summary>
    public static Experiment Hopeless(string folder)
    {
        var rows = Enumerable.Range(0, 500).Select(i =>
        {
            (double x, double y, int label) =
                (Math.Sin(17.0 * i * i), Math.Cos(29.0 * i * i + i), (i * i * 31 + i * 7) % 97 % 2);
            return FormattableString.Invariant($"{x:0.####},{y:0.####},{label}");
        });
        File.WriteAllLines(Path.Combine(folder, "noise.csv"), rows.Prepend("x,y,label"));
        return Parse("""
            name: hopeless
            seed: 1
            data: { csv: { path: noise.csv, target: label, classes: 2 } }
            model: [ linear: 8, tanh, linear: 8, tanh, linear: 2 ]
            loss: cross-entropy
            optimizer: { sgd: { lr: 0.05 } }
            training: { steps: 300, batch: 32 }
            """);
    }
}
