using GradFlow.Nn;
using GradFlow.Tensors;

namespace GradFlow.Bench;

/// <summary>
/// The trainings that are timed, by name; the peer's are the same. A name says the shape, so that others of the same
/// kind can be asked for: <c>mlp-300x73-b17</c>, <c>lstm-t100-h73-b5</c>.
/// </summary>
public static partial class Workloads
{
    private const int Classes = 10;
    private const long Seed = 0;

    /// <summary>Those that are timed where nothing is asked for.</summary>
    public static IReadOnlyList<string> Standard { get; } =
    [
        "mlp-1000x32-b32", "mlp-20x128-b64", "mlp-mnist-b128",
        "rnn-t400-h100-b16", "lstm-t400-h100-b16", "gru-t400-h100-b16",
        "resnet20-c16-28x28-b32", "transformer-d64-l4-t64-b16",
    ];

    /// <summary>Builds a training from its name.</summary>
    /// <exception cref="ArgumentException">No such kind, or a shape that isn't one.</exception>
    public static Workload Create(string name)
    {
        string[] parts = name.Split('-');
        return parts switch
        {
            ["mlp", "mnist", var batch] => Mnist(Number(batch, "b")),
            ["mlp", var size, var batch] when size.Split('x') is [var depth, var width] =>
                Perceptron(Number(depth), Number(width), Number(batch, "b")),
            ["rnn" or "lstm" or "gru", var steps, var units, var batch] =>
                Sequence(parts[0], Number(steps, "t"), Number(units, "h"), Number(batch, "b")),
            ["rnn" or "lstm" or "gru", var steps, var units, var batch, "sqrt"] => Sequence(
                parts[0], Number(steps, "t"), Number(units, "h"), Number(batch, "b"), isCheckpointed: true),
            [var net, var channels, var size, var batch] when size.Split('x') is [var height, var width] =>
                ResNet(Blocks(net), Number(channels, "c"), Number(height), Number(width), Number(batch, "b")),
            ["transformer", var features, var blocks, var steps, var batch] => Transformer(
                Number(features, "d"), Number(blocks, "l"), Number(steps, "t"), Number(batch, "b")),
            _ => throw Unknown(name),
        };

        int Number(string text, string prefix = "") =>
            text.StartsWith(prefix, StringComparison.Ordinal) && int.TryParse(text[prefix.Length..], out int number)
                && number is > 0 and <= 1_000_000
            ? number
            : throw Unknown(name);

        // Two convolutions a block, one before them and a linear layer behind.
        int Blocks(string net) =>
            Number(net, "resnet") is > 2 and var layers && layers % 2 == 0 ? (layers - 2) / 2 : throw Unknown(name);
    }

    private static ArgumentException Unknown(string name) =>
        new($"{name}: no such workload; expected one such as {string.Join(", ", Standard)}, with numbers of one's own");

    private static Workload Perceptron(int depth, int width, int batch)
    {
        var layers = new List<Module>();
        for (int i = 1; i <= depth; i++)
        {
            layers.Add(Linear.Create($"linear-{i}", width, width, Seed));
            layers.Add(new Tanh($"tanh-{i}"));
        }
        layers.Add(Linear.Create($"linear-{depth + 1}", width, Classes, Seed));
        return new Workload(new Sequential("net", layers), Normal("x", batch, width), Labels(batch));
    }

    private static Workload Mnist(int batch) => new(
        new Sequential("net",
        [
            Linear.Create("linear-1", 784, 256, Seed), new Relu("relu-1"),
            Linear.Create("linear-2", 256, 256, Seed), new Relu("relu-2"),
            Linear.Create("linear-3", 256, Classes, Seed),
        ]),
        Normal("x", batch, 784), Labels(batch));

    /// <summary>
    /// Residual blocks of two convolutions on images of one channel (He et al. 2016, without its strides).
    /// </summary>
    private static Workload ResNet(int blocks, int channels, int height, int width, int batch)
    {
        var window = new Window(3, Padding: 1);
        int convolutions = 0, norms = 0, rectifiers = 0;
        var layers = new List<Module> { Convolution(1, hasBias: true) };
        for (int block = 1; block <= blocks; block++)
        {
            layers.Add(new Residual(
                $"residual-{block}", [Convolution(channels), Norm(), Rectifier(), Convolution(channels), Norm()]));
            layers.Add(Rectifier());
        }
        layers.AddRange(
            [new GlobalPool("global-avg-pool-1", PoolingKind.Average),
             Linear.Create("linear-1", channels, Classes, Seed)]);
        return new Workload(new Sequential("net", layers), Normal("x", batch, 1, height, width), Labels(batch));

        Conv2d Convolution(int inputs, bool hasBias = false) => Conv2d.Create(
            $"conv2d-{++convolutions}", inputs, channels, new Convolution(window, window), Seed, hasBias: hasBias);
        BatchNorm Norm() => new($"batch-norm-{++norms}", channels);
        Relu Rectifier() => new($"relu-{++rectifiers}");
    }

    /// <summary>A recurrent layer; checkpointed as by <c>activation-checkpointing: sqrt</c>.</summary>
    private static Workload Sequence(string kind, int steps, int units, int batch, bool isCheckpointed = false)
    {
        const int Inputs = 2;
        int gates = kind switch { "lstm" => Lstm.Gates, "gru" => Gru.Gates, _ => 1 };
        var parameters = new RecurrentParameters(
            Uniform("weight", gates * units, Inputs), Uniform("recurrent-weight", gates * units, units),
            Uniform("bias", gates * units), Uniform("recurrent-bias", gates * units));
        Recurrent cell = kind switch
        {
            "lstm" => new Lstm("lstm-1", parameters),
            "gru" => new Gru("gru-1", parameters),
            _ => new Rnn("rnn-1", parameters, new Tanh("tanh")),
        };
        return new Workload(
            new Sequential("net", [cell, new LastStep("last-step"), Linear.Create("linear-1", units, 1, Seed)])
            {
                SegmentLength = isCheckpointed ? 2 : null,
                CheckpointsTimeSteps = isCheckpointed,
            },
            Normal("x", batch, steps, Inputs), Target.Of(Normal("y", batch, 1)));

        Autograd.Parameter Uniform(string role, params int[] extents)
        {
            // PyTorch draws all of a recurrent layer's tensors from ±1/√units.
            var parameter = new Autograd.Parameter($"{kind}-1.{role}", Tensor.Zeros(new Shape(extents)));
            Initializers.Uniform(1 / Math.Sqrt(units))
                .FillInPlace(parameter.Value, new RandomKey(Seed, "init", parameter.Name));
            return parameter;
        }
    }

    /// <summary>Post-norm encoder blocks of four heads, with four times as many hidden units as features.</summary>
    private static Workload Transformer(int features, int blocks, int steps, int batch)
    {
        const int Heads = 4;
        if (features % Heads != 0)
            throw new ArgumentException($"{features} features in {Heads} heads; expected a multiple of {Heads}");
        TransformerBlock block = new(features, new AttentionSettings(Heads), Heads * features);
        return new Workload(
            new Sequential("net", [.. Enumerable.Range(1, blocks).Select(i => block.Encoder($"block-{i}", Seed))]),
            Normal("x", batch, steps, features), Target.Of(Normal("y", batch, steps, features)));
    }

    private static Tensor Normal(string purpose, params int[] extents)
    {
        Tensor tensor = Tensor.Zeros(new Shape(extents));
        Initializers.Normal(1).FillInPlace(tensor, new RandomKey(Seed, purpose));
        return tensor;
    }

    private static Target Labels(int batch)
    {
        var key = new RandomKey(Seed, "labels");
        return Target.Of(Enumerable.Range(0, batch).Select(i => key.Integer(i, Classes)).ToArray());
    }
}
