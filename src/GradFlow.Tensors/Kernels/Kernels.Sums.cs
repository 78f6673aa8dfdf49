using System.Runtime.Intrinsics;

namespace GradFlow.Tensors;

// What is told of tensors for people to read. Where seven digits do, float32 is added up in blocks (BlockSums), which
// is several times as fast as float64 all along.
public static partial class Kernels
{
    /// <summary>
    /// Σ g², Σ |g|, max |g| and what is 0 or not finite in one pass, and likewise the inner product with an earlier
    /// gradient, which this one may replace on the way. Sums of float32 are right to about seven digits at any size.
    /// </summary>
    /// <param name="gradient">g, dense.</param>
    /// <param name="earlier">Another of its shape, dense; null for none.</param>
    /// <param name="keeps">Whether g is copied over the earlier one, once that has been read.</param>
    /// <exception cref="ArgumentException">Shapes or element types differ.</exception>
    public static GradientSums MeasureGradient(Tensor gradient, Tensor? earlier = null, bool keeps = false)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        if (earlier is not null) RequireSameShape(gradient, earlier);
        if (IsFloat(gradient))
            return IsShared(gradient)
                ? InStretches(gradient, earlier, keeps)
                : OfGradient(gradient, earlier, keeps, ..gradient.Size);
        var sums = new GradientSums(
            SumOfSquares(gradient), SumOfMagnitudes(gradient), MaxAbs(gradient), CountZeros(gradient),
            CountNonFinite(gradient),
            earlier is null ? 0 : Dot(gradient, earlier), earlier is null ? 0 : SumOfSquares(earlier));
        if (keeps && earlier is not null) Copy(gradient, earlier);
        return sums;
    }

    /// <summary>
    /// Σ w² and Σ (w − w₀)² in one pass, which may keep a copy of w on the way. Sums of float32 are right to about
    /// seven digits at any size.
    /// </summary>
    /// <param name="weight">w, dense.</param>
    /// <param name="initial">w₀, of its shape, dense.</param>
    /// <param name="kept">Where w is copied to, of its shape, dense; null for nowhere.</param>
    /// <exception cref="ArgumentException">Shapes or element types differ.</exception>
    public static WeightSums MeasureWeight(Tensor weight, Tensor initial, Tensor? kept = null)
    {
        RequireSameShape(weight, initial);
        if (kept is not null) RequireSameShape(weight, kept);
        if (IsFloat(weight))
            return IsShared(weight)
                ? InStretches(weight, initial, kept)
                : OfWeight(weight, initial, kept, ..weight.Size);
        if (kept is not null) Copy(weight, kept);
        return new WeightSums(SumOfSquares(weight), SumOfSquaredDifferences(weight, initial));
    }

    /// <summary>
    /// Σ x, Σ x² and how many x ≤ low or x ≥ high, in one pass, added up in float64.
    /// </summary>
    /// <param name="x">A layer's output, dense.</param>
    /// <param name="low">The lower end of the range; −∞ for none.</param>
    /// <param name="high">The upper end; ∞ for none.</param>
    public static SignalSums MeasureSignal(
        Tensor x, double low = double.NegativeInfinity, double high = double.PositiveInfinity)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (IsFloat(x)) return IsShared(x) ? InStretches(x, low, high) : OfSignal(x, low, high, ..x.Size);
        int outside = 0;
        foreach (double value in x.AsSpan<double>()) outside += value <= low | value >= high ? 1 : 0;
        return new SignalSums(Sum(x), SumOfSquares(x), outside);
    }

    private static bool IsShared(Tensor tensor) => tensor.Size >= Stretches.FewestShared;

    private static GradientSums InStretches(Tensor gradient, Tensor? earlier, bool keeps) =>
        new StretchSums<GradientSums>(gradient.Size, range => OfGradient(gradient, earlier, keeps, range)).Total();

    private static WeightSums InStretches(Tensor weight, Tensor initial, Tensor? kept) =>
        new StretchSums<WeightSums>(weight.Size, range => OfWeight(weight, initial, kept, range)).Total();

    private static SignalSums InStretches(Tensor x, double low, double high) =>
        new StretchSums<SignalSums>(x.Size, range => OfSignal(x, low, high, range)).Total();

    private static GradientSums OfGradient(Tensor gradient, Tensor? earlier, bool keeps, Range range)
    {
        ReadOnlySpan<float> g = gradient.AsSpan<float>()[range];
        Span<float> before = SpanOf<float>(earlier);
        if (earlier is not null) before = before[range];
        return Vector512.IsHardwareAccelerated
            ? BlockSums<WidePacked<float>, WidePacked<double>>.Gradient(g, before, keeps && earlier is not null)
            : BlockSums<NativePacked<float>, NativePacked<double>>.Gradient(g, before, keeps && earlier is not null);
    }

    private static WeightSums OfWeight(Tensor weight, Tensor initial, Tensor? kept, Range range)
    {
        ReadOnlySpan<float> w = weight.AsSpan<float>()[range], start = initial.AsSpan<float>()[range];
        Span<float> copy = SpanOf<float>(kept);
        if (kept is not null) copy = copy[range];
        return Vector512.IsHardwareAccelerated
            ? BlockSums<WidePacked<float>, WidePacked<double>>.Weights(w, start, copy)
            : BlockSums<NativePacked<float>, NativePacked<double>>.Weights(w, start, copy);
    }

    private static SignalSums OfSignal(Tensor x, double low, double high, Range range)
    {
        ReadOnlySpan<float> numbers = x.AsSpan<float>()[range];
        return Vector512.IsHardwareAccelerated
            ? BlockSums<WidePacked<float>, WidePacked<double>>.Signal(numbers, low, high)
            : BlockSums<NativePacked<float>, NativePacked<double>>.Signal(numbers, low, high);
    }

    private static double SquaresInBlocks(ReadOnlySpan<float> x) => Vector512.IsHardwareAccelerated
        ? BlockSums<WidePacked<float>, WidePacked<double>>.Squares(x)
        : BlockSums<NativePacked<float>, NativePacked<double>>.Squares(x);
}
