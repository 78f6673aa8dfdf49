using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>
/// Batch normalisation (Ioffe &amp; Szegedy 2015): in training with the batch's mean and biased variance, else with
/// running averages of mean and unbiased variance, as in PyTorch.
/// </summary>
public sealed class BatchNorm : Module
{
    private readonly double _momentum;
    private readonly double _epsilon;

    /// <summary>Makes the layer with gain 1, shift 0, running mean 0 and running variance 1.</summary>
    /// <param name="name">The stable name.</param>
    /// <param name="features">Columns of its input [n, features].</param>
    /// <param name="momentum">The newest batch's share in the running averages.</param>
    /// <param name="epsilon">Added to the variance before the root.</param>
    /// <param name="type">The element type.</param>
    public BatchNorm(
        string name, int features, double momentum = 0.1, double epsilon = 1e-5, ElementType type = ElementType.Float32)
        : base(name, "batch-norm", ModuleKind.Normalization)
    {
        _momentum = momentum;
        _epsilon = epsilon;
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
    protected override Variable Forward(Variable x, Pass pass) => Rows.Map(x, rows => Normalize(rows, pass));

    private Variable Normalize(Variable x, Pass pass)
    {
        Tape tape = x.Tape;
        if (!pass.IsTraining) return WithRunningStatistics(x);
        int rows = x.Shape[0];
        return Ops.BatchNorm(
            x, tape.Use(Gain), tape.Use(Shift), _epsilon, (mean, inverseStd) => UpdateRunning(mean, inverseStd, rows));
    }

    private Variable WithRunningStatistics(Variable x)
    {
        Tape tape = x.Tape;
        Tensor std = tape.Rent(RunningVariance.Shape, RunningVariance.ElementType);
        Tensor epsilon = tape.Rent(std.Shape, std.ElementType);
        Kernels.FillInPlace(epsilon, _epsilon);
        Kernels.Add(RunningVariance, epsilon, std);
        Kernels.Sqrt(std, std);
        Variable normalized = Ops.Divide(Ops.Subtract(x, tape.Constant(RunningMean)), tape.Constant(std));
        return Ops.Add(Ops.Multiply(normalized, tape.Use(Gain)), tape.Use(Shift));
    }

    private void UpdateRunning(Tensor mean, Tensor inverseStd, int rows)
    {
        double unbias = (double)rows / (rows - 1);
        for (int i = 0; i < mean.Size; i++)
        {
            double variance = Math.Max(0, 1 / (inverseStd[i] * inverseStd[i]) - _epsilon);
            RunningMean[i] += _momentum * (mean[i] - RunningMean[i]);
            RunningVariance[i] += _momentum * (variance * unbias - RunningVariance[i]);
        }
    }
}
