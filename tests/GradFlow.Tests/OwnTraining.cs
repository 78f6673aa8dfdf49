using GradFlow.Autograd;
using GradFlow.Nn;
using GradFlow.Tensors;

namespace GradFlow.Tests;

/// <summary>A training loop such as somebody writes for himself, with or without a watch.</summary>
internal sealed class OwnTraining(Sequential net, Optimizer optimizer)
{
    public const int Batch = 16;

    private readonly TensorPool _pool = new();

    public Sequential Net => net;

    public Optimizer Optimizer => optimizer;

    public GradientClipping? Clipping { get; init; }

    /// <summary>What is done to the inputs of a step; null for nothing.</summary>
    public Action<int, Tensor>? Spoil { get; init; }

    /// <summary>A net with all that has a state or draws: batch normalisation, dropout and momentum.</summary>
    public static OwnTraining Varied()
    {
        var net = new Sequential(
            "net",
            [
                Linear.Create("linear-1", 2, 12, seed: 5), new BatchNorm("batch-norm-1", 12), new Relu("relu-1"),
                new Residual("residual-1", [Linear.Create("linear-2", 12, 12, seed: 5), new Tanh("tanh-1")]),
                new Dropout("dropout-1", 0.2), Linear.Create("linear-3", 12, 2, seed: 5),
            ]);
        var optimizer = new Sgd(net.AllParameters(), 0.3, momentum: 0.9);
        return new OwnTraining(net, optimizer) { Clipping = new ClipByNorm(0.2) };
    }

    /// <summary>Two layers, with a learning rate of choice.</summary>
    public static OwnTraining WithRate(double rate, Action<int, Tensor>? spoil = null)
    {
        var net = new Sequential(
            "net",
            [Linear.Create("linear-1", 2, 12, seed: 5), new Relu("relu-1"), Linear.Create("linear-2", 12, 2, seed: 5)]);
        return new OwnTraining(net, new Sgd(net.AllParameters(), rate)) { Spoil = spoil };
    }

    /// <summary>Sigmoid layers in a row, which don't learn.</summary>
    public static OwnTraining DeepSigmoid(int depth = 8)
    {
        var layers = new List<Module>();
        for (int i = 1; i < depth; i++)
            layers.AddRange(Linear.Create($"linear-{i}", i == 1 ? 2 : 12, 12, seed: 5), new Sigmoid($"sigmoid-{i}"));
        layers.Add(Linear.Create($"linear-{depth}", 12, 2, seed: 5));
        var net = new Sequential("net", layers);
        return new OwnTraining(net, new Sgd(net.AllParameters(), 0.1));
    }

    public void Run(int steps, GradientWatch? watch = null)
    {
        for (int step = 0; step < steps; step++) Step(step, watch);
    }

    public void Step(int step, GradientWatch? watch = null)
    {
        using Tape tape = watch?.Tape() ?? new Tape(_pool);
        optimizer.ClearGradients();
        Variable loss = Loss(tape, step);
        tape.Backward(loss);
        Clipping?.ApplyInPlace(net.AllParameters());
        optimizer.Step();
        watch?.Step(loss);
    }

    /// <summary>A ring around a disc.</summary>
    public Variable Loss(Tape tape, int step)
    {
        var key = new RandomKey(9, "points").At(step);
        Tensor points = Tensor.Zeros(new Shape(Batch, 2));
        int[] labels = new int[Batch];
        for (int i = 0; i < Batch; i++)
        {
            labels[i] = i % 2;
            double radius = labels[i] == 0 ? 1 : 0.4, angle = 2 * Math.PI * key.Uniform(i);
            points[i, 0] = radius * Math.Cos(angle);
            points[i, 1] = radius * Math.Sin(angle);
        }
        Spoil?.Invoke(step, points);
        Variable output = net.Apply(tape.Constant(points), new Pass(true, new StepDraws(5, step)));
        return new CrossEntropy().Evaluate(output, Target.Of(labels));
    }

    public float[] Numbers() =>
        [.. net.AllParameters().Select(p => p.Value).Concat(net.AllBuffers().Select(b => b.Value))
            .SelectMany(tensor => tensor.AsSpan<float>().ToArray())];
}
