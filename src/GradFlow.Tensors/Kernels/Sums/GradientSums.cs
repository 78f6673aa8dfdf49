using System.Numerics;

namespace GradFlow.Tensors;

/// <summary>What one pass over a gradient tells of it.</summary>
/// <param name="Squares">Σ g².</param>
/// <param name="Magnitudes">Σ |g|.</param>
/// <param name="MaxAbs">max |g|; NaN if an element is NaN.</param>
/// <param name="Zeros">Elements that are exactly 0.</param>
/// <param name="NonFinite">Elements that are NaN or infinite.</param>
/// <param name="Dot">The inner product with the earlier gradient; 0 without one.</param>
/// <param name="EarlierSquares">Σ of the earlier gradient's squares; 0 without one.</param>
public readonly record struct GradientSums(
    double Squares, double Magnitudes, double MaxAbs, int Zeros, int NonFinite, double Dot, double EarlierSquares)
    : IAdditionOperators<GradientSums, GradientSums, GradientSums>
{
    /// <summary>Those of both.</summary>
    public static GradientSums operator +(GradientSums a, GradientSums b) => new(
        a.Squares + b.Squares, a.Magnitudes + b.Magnitudes, Math.Max(a.MaxAbs, b.MaxAbs), a.Zeros + b.Zeros,
        a.NonFinite + b.NonFinite, a.Dot + b.Dot, a.EarlierSquares + b.EarlierSquares);
}

/// <summary>What one pass over weights tells of them.</summary>
/// <param name="Squares">Σ w².</param>
/// <param name="Distance">Σ (w − w₀)².</param>
public readonly record struct WeightSums(double Squares, double Distance) : IAdditionOperators<WeightSums, WeightSums,
WeightSums>
{
    /// <summary>Those of both.</summary>
    public static WeightSums operator +(WeightSums a, WeightSums b) =>
        new(a.Squares + b.Squares, a.Distance + b.Distance);
}

/// <summary>What one pass over a layer's output tells of it.</summary>
/// <param name="Sum">Σ x.</param>
/// <param name="Squares">Σ x².</param>
/// <param name="Outside">Elements at or beyond the ends of a range; NaN is none of them.</param>
public readonly record struct SignalSums(
    double Sum, double Squares, int Outside) : IAdditionOperators<SignalSums, SignalSums, SignalSums>
{
    /// <summary>Those of both.</summary>
    public static SignalSums operator +(SignalSums a, SignalSums b) =>
        new(a.Sum + b.Sum, a.Squares + b.Squares, a.Outside + b.Outside);
}
