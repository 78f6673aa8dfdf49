using System.Numerics;
using System.Runtime.CompilerServices;

namespace GradFlow.Tensors;

public static partial class Kernels
{
    /// <summary>
    /// d = g + decay·w; s ← α·s + (1 − α)·d²; with a mean: m ← α·m + (1 − α)·d, and s − m² in place of s below; with a
    /// velocity: v ← momentum·v + d/(√s + ε) and w ← w − rate·v; without: w ← w − rate·d/(√s + ε).
    /// </summary>
    /// <param name="weight">w, dense.</param>
    /// <param name="gradient">g, of w's shape.</param>
    /// <param name="square">s, of w's shape.</param>
    /// <param name="mean">m, of w's shape; null without.</param>
    /// <param name="velocity">v, of w's shape; null without.</param>
    /// <param name="step">The numbers of this step.</param>
    public static void RmsPropStepInPlace(
        Tensor weight, Tensor gradient, Tensor square, Tensor? mean, Tensor? velocity, in RmsPropStep step)
    {
        RequireSameShape(weight, gradient);
        RequireSameShape(weight, square);
        if (mean is not null) RequireSameShape(weight, mean);
        if (velocity is not null) RequireSameShape(weight, velocity);
        if (IsFloat(weight)) UpdateRmsProp<float>(step, weight, gradient, square, mean, velocity);
        else UpdateRmsProp<double>(step, weight, gradient, square, mean, velocity);
    }

    /// <summary>
    /// Whole vectors, then what is left, padded to one, so that an element's bits don't depend on its place.
    /// </summary>
    private static void UpdateRmsProp<T>(
        in RmsPropStep step, Tensor weight, Tensor gradient, Tensor square, Tensor? mean, Tensor? velocity)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var update = new RmsPropUpdate<T>(step);
        Span<T> w = weight.AsSpan<T>(), g = gradient.AsSpan<T>(), s = square.AsSpan<T>();
        Span<T> m = SpanOf<T>(mean), v = SpanOf<T>(velocity);
        int width = Vector<T>.Count, whole = w.Length - w.Length % width;
        for (int i = 0; i < whole; i += width) update.Apply(w[i..], g[i..], s[i..], From(m, i), From(v, i));
        if (whole == w.Length) return;
        Span<T> edge = stackalloc T[5 * width];
        edge.Clear();
        Span<T> edgeW = Padded(edge, 0, w[whole..]), edgeG = Padded(edge, 1, g[whole..]),
            edgeS = Padded(edge, 2, s[whole..]);
        Span<T> edgeM = Padded(edge, 3, From(m, whole)), edgeV = Padded(edge, 4, From(v, whole));
        update.Apply(edgeW, edgeG, edgeS, m.IsEmpty ? m : edgeM, v.IsEmpty ? v : edgeV);
        edgeW[..(w.Length - whole)].CopyTo(w[whole..]);
        edgeS[..(w.Length - whole)].CopyTo(s[whole..]);
        if (!m.IsEmpty) edgeM[..(w.Length - whole)].CopyTo(m[whole..]);
        if (!v.IsEmpty) edgeV[..(w.Length - whole)].CopyTo(v[whole..]);
    }

    private static Span<T> From<T>(Span<T> state, int start) => state.IsEmpty ? state : state[start..];

    private static Span<T> Padded<T>(Span<T> edge, int row, ReadOnlySpan<T> left)
        where T : unmanaged
    {
        Span<T> padded = edge.Slice(row * Vector<T>.Count, Vector<T>.Count);
        left.CopyTo(padded);
        return padded;
    }

    private readonly struct RmsPropUpdate<T>(in RmsPropStep step)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        private readonly Decay<T> _decay = new(step.Decay);
        private readonly Vector<T> _alpha = new(T.CreateTruncating(step.Alpha));
        private readonly Vector<T> _new = new(T.CreateTruncating(1 - step.Alpha));
        private readonly Vector<T> _epsilon = new(T.CreateTruncating(step.Epsilon));
        private readonly Vector<T> _momentum = new(T.CreateTruncating(step.Momentum));
        private readonly Vector<T> _minusRate = new(T.CreateTruncating(-step.Rate));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply(Span<T> w, ReadOnlySpan<T> g, Span<T> s, Span<T> m, Span<T> v)
        {
            var weight = new Vector<T>(w);
            Vector<T> direction = _decay.Add(new Vector<T>(g), weight);
            Vector<T> square = MultiplyAdd(_new * direction, direction, new Vector<T>(s) * _alpha);
            square.CopyTo(s);
            if (!m.IsEmpty)
            {
                Vector<T> mean = MultiplyAdd(direction, _new, new Vector<T>(m) * _alpha);
                mean.CopyTo(m);
                // A variance of 0 may come out below 0 by rounding.
                square = Vector.Max(MultiplyAdd(-mean, mean, square), Vector<T>.Zero);
            }
            Vector<T> divisor = Vector.SquareRoot(square) + _epsilon;
            if (v.IsEmpty) weight += _minusRate * direction / divisor;
            else
            {
                Vector<T> velocity = new Vector<T>(v) * _momentum + direction / divisor;
                velocity.CopyTo(v);
                weight = MultiplyAdd(velocity, _minusRate, weight);
            }
            weight.CopyTo(w);
        }
    }
}

/// <summary>The numbers of a step of RMSProp.</summary>
/// <param name="Rate">The learning rate.</param>
/// <param name="Alpha">α.</param>
/// <param name="Epsilon">ε.</param>
/// <param name="Momentum">The share of the last direction that is kept.</param>
/// <param name="Decay">L2.</param>
public readonly record struct RmsPropStep(double Rate, double Alpha, double Epsilon, double Momentum, double Decay);
