using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>
/// Batch normalisation (Ioffe &amp; Szegedy 2015): in training with the batch's mean and biased variance, else with
/// running averages of mean and unbiased variance, as in PyTorch. Each feature of [n, features] or of sequences
/// [n, T, features] is normalised, over all time steps alike, or each channel of feature maps [n, features, h, w].
/// </summary>
public sealed class BatchNorm : Module
{
    private readonly double _momentum;
    private readonly double _epsilon;
    private readonly bool _channelsFirst;

    // Kept from step to step, as batches mostly have one size.
    private (int Count, Action<Tensor, Tensor> Update) _statistics;

    /// <summary>Makes the layer with gain 1, shift 0, running mean 0 and running variance 1.</summary>
    /// <param name="name">The stable name.</param>
    /// <param name="features">Features of its input, or channels.</param>
    /// <param name="momentum">The newest batch's share in the running averages.</param>
    /// <param name="epsilon">Added to the variance before the root.</param>
    /// <param name="type">The element type.</param>
    /// <param name="channelsFirst">True where inputs of three dimensions are [n, features, l], not sequences.</param>
    public BatchNorm(
        string name, int features, double momentum = 0.1, double epsilon = 1e-5, ElementType type = ElementType.Float32,
        bool channelsFirst = false)
        : base(name, "batch-norm", ModuleKind.Normalization)
    {
        _momentum = momentum;
        _epsilon = epsilon;
        _channelsFirst = channelsFirst;
        var shape = new Shape(features);
        Gain = new Parameter($"{name}.gain", Tensor.Full(shape, 1, type));
        Shift = new Parameter($"{name}.shift", Tensor.Zeros(shape, type));
        RunningMean = Tensor.Zeros(shape, type);
        RunningVariance = Tensor.Full(shape, 1, type);
    }

    /// <summary>γ, [features].</summary>
    public Parameter Gain { get; }

    /// <summary>β, [features].</summary>
    public Parameter Shift { get; }

    /// <summary>The running average of batch means.</summary>
    public Tensor RunningMean { get; }

    /// <summary>The running average of unbiased batch variances.</summary>
    public Tensor RunningVariance { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Module> Children => [];

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> OwnParameters => [Gain, Shift];

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, Tensor Value)> OwnBuffers =>
        [($"{Name}.running-mean", RunningMean), ($"{Name}.running-variance", RunningVariance)];

    /// <inheritdoc/>
    protected override Variable Forward(Variable x, Pass pass) =>
        Rows.MapUnlessChannelsFirst(x, _channelsFirst, rows => Normalize(rows, pass));

    private Variable Normalize(Variable x, Pass pass)
    {
        Tape tape = x.Tape;
        if (!pass.IsTraining) return WithRunningStatistics(x);
        int count = x.Value.Size / Math.Max(1, x.Shape[1]);
        if (_statistics.Count != count) _statistics = (count, UpdateFor(count));
        return Ops.BatchNorm(x, tape.Use(Gain), tape.Use(Shift), _epsilon, _statistics.Update);
    }

    private Action<Tensor, Tensor> UpdateFor(int count) => (mean, inverseStd) => UpdateRunning(mean, inverseStd, count);

    private Variable WithRunningStatistics(Variable x)
    {
        Tape tape = x.Tape;
        Tensor std = tape.Rent(RunningVariance.Shape, RunningVariance.ElementType);
        Tensor epsilon = tape.Rent(std.Shape, std.ElementType);
        Kernels.FillInPlace(epsilon, _epsilon);
        Kernels.Add(RunningVariance, epsilon, std);
        Kernels.Sqrt(std, std);
        Shape along = new([std.Size, .. Enumerable.Repeat(1, x.Shape.Count - 2)]);
        Variable Along(Variable perFeature) => x.Shape.Count == 2 ? perFeature : Ops.Reshape(perFeature, along);
        Variable centred = Ops.Subtract(x, tape.Constant(RunningMean.Reshape(along)));
        Variable normalized = Ops.Divide(centred, tape.Constant(std.Reshape(along)));
        return Ops.Add(Ops.Multiply(normalized, Along(tape.Use(Gain))), Along(tape.Use(Shift)));
    }

    private void UpdateRunning(Tensor mean, Tensor inverseStd, int count)
    {
        double unbias = (double)count / (count - 1);
        for (int i = 0; i < mean.Size; i++)
        {
            double variance = Math.Max(0, 1 / (inverseStd[i] * inverseStd[i]) - _epsilon);
            RunningMean[i] += _momentum * (mean[i] - RunningMean[i]);
            RunningVariance[i] += _momentum * (variance * unbias - RunningVariance[i]);
        }
    }
}
