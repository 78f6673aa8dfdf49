using GradFlow.Tensors;

namespace GradFlow.Autograd;

public static partial class Ops
{
    /// <summary>
    /// y = γ·x̂ + β with x̂ = (x − μ)/√(variance + ε), per column over the rows of the batch, biased variance
    /// (Ioffe &amp; Szegedy 2015); ∂x = γ/σ·(∂y − mean ∂y − x̂·mean(∂y·x̂)), ∂γ = Σ ∂y·x̂, ∂β = Σ ∂y. Of feature maps
    /// [n, c, …] per channel, over samples and places alike.
    /// </summary>
    /// <param name="x">[n, f] or [n, f, …] with at least 2 numbers per feature.</param>
    /// <param name="gain">γ, [f].</param>
    /// <param name="shift">β, [f].</param>
    /// <param name="epsilon">ε; 1e-5 by default, as in PyTorch.</param>
    /// <param name="statistics">Told μ and σ⁻¹ of this batch, once, for running averages.</param>
    /// <exception cref="ArgumentException">The shapes don't fit.</exception>
    public static Variable BatchNorm(
        Variable x, Variable gain, Variable shift, double epsilon = 1e-5, Action<Tensor, Tensor>? statistics = null)
    {
        RequireNormShapes(x, gain, shift, featureDimension: 1);
        if (x.Value.Size / Math.Max(1, x.Shape[1]) < 2)
            throw new ArgumentException("batch normalisation of one sample is 0/0; expected a batch of at least 2");
        if (x.Shape.Count > 2) return ChannelNormOf(x, gain, shift, epsilon, statistics);
        Tape tape = x.Tape;
        Tensor inverseStd = tape.RentLike(gain.Value), mean = tape.RentLike(gain.Value);
        Tensor normalized = tape.RentLike(x.Value);
        Kernels.NormalizeColumns(x.Value, epsilon, normalized, mean, inverseStd);
        if (!tape.IsRecomputing) statistics?.Invoke(mean, inverseStd);
        return RecordNorm("batch-norm", x, gain, shift, normalized,
            (g, into) => Kernels.NormalizeColumnsBackward(normalized, inverseStd, g, into));
    }

    private static Variable ChannelNormOf(
        Variable x, Variable gain, Variable shift, double epsilon, Action<Tensor, Tensor>? statistics)
    {
        Tape tape = x.Tape;
        ChannelNormOperation? again = tape.Recall<ChannelNormOperation>(x, gain, shift);
        if (again?.Epsilon != epsilon) again = null;
        ChannelNormOperation operation =
            again ?? new ChannelNormOperation(x, gain, shift, epsilon) { IsDeferred = true };
        operation.Measure(statistics);
        return again is null ? tape.Record(operation) : tape.Repeat(again);
    }

    /// <summary>
    /// The normalisation that made a variable, where what is behind that may compute from its images.
    /// </summary>
    private static ChannelNormOperation? NormBehind(Variable x) =>
        x.Node is ChannelNormOperation norm && norm.IsBeside(x) ? norm : null;

    /// <summary>
    /// Batch normalisation per channel, computed only where what is behind it can't do so in one walk.
    /// </summary>
    private sealed class ChannelNormOperation(Variable x, Variable gain, Variable shift, double epsilon)
        : Operation("batch-norm", [x, gain, shift], x.Shape)
    {
        private readonly Tensor _gainSums = Tensor.Zeros(gain.Shape, gain.Unforced.ElementType);
        private readonly Tensor _shiftSums = Tensor.Zeros(gain.Shape, gain.Unforced.ElementType);
        private (CotangentSink? Sink, Tensor? Cotangent, int Exponent) _summed;

        public double Epsilon => epsilon;

        /// <summary>
        /// Whether its images are there as long as its result: not where that alone leaves a segment.
        /// </summary>
        public bool IsBeside(Variable output) => x.Segment == output.Segment;

        /// <summary>The images.</summary>
        public Tensor Images => x.Unforced;

        /// <summary>
        /// What it does to each channel; a copy, as it may be asked for after the parameters have moved.
        /// </summary>
        public ChannelNorm Norm { get; } = new(
            Tensor.Zeros(gain.Shape, gain.Unforced.ElementType), Tensor.Zeros(gain.Shape, gain.Unforced.ElementType),
            Tensor.Zeros(gain.Shape, gain.Unforced.ElementType), Tensor.Zeros(gain.Shape, gain.Unforced.ElementType));

        /// <summary>Takes the statistics of this batch.</summary>
        public void Measure(Action<Tensor, Tensor>? statistics)
        {
            Kernels.MeasureChannels(x.Value, epsilon, Norm.Mean, Norm.InverseStd);
            Kernels.Copy(gain.Value, Norm.Gain);
            Kernels.Copy(shift.Value, Norm.Shift);
            if (!x.Tape.IsRecomputing) statistics?.Invoke(Norm.Mean, Norm.InverseStd);
        }

        public override void Compute(Tensor x, Tensor y) => Kernels.NormalizeChannels(x, Norm, y);

        /// <summary>
        /// Takes the cotangent of a rectified sum that ends with this normalisation through the rectifier, in place,
        /// and its sums along with it; they are those of this op's own cotangent if nothing else contributes to that.
        /// </summary>
        public void RectifyCotangent(Tensor? rectified, Tensor cotangent, CotangentSink sink, bool isOwn)
        {
            Kernels.SumRectifiedChannels(Images, Norm, rectified, cotangent, _gainSums, _shiftSums);
            _summed = isOwn ? (sink, cotangent, sink.Exponent) : default;
        }

        public override void Derive(Tensor cotangent, CotangentSink sink)
        {
            if (_summed != (sink, cotangent, sink.Exponent))
                Kernels.SumChannels(Images, Norm, cotangent, _gainSums, _shiftSums);
            _summed = default;
            GiveCopy(1, _gainSums, sink);
            GiveCopy(2, _shiftSums, sink);
            if (!sink.Wants(0)) return;
            Kernels.NormalizeChannelsBackwardInPlace(Images, Norm, _gainSums, _shiftSums, cotangent);
            sink.Pass(0);
        }

        private void GiveCopy(int input, Tensor sums, CotangentSink sink)
        {
            if (!sink.Wants(input)) return;
            Tensor copy = Output.Tape.Borrow(sums);
            Kernels.Copy(sums, copy);
            sink.Give(input, copy);
        }
    }
}
