using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace GradFlow.Tensors;

public static partial class Kernels
{
    /// <summary>
    /// w − rate·(g + decay·w), written to w. Like the other updates one pass over memory, rounded as PyTorch rounds:
    /// each <c>a + s·b</c> once.
    /// </summary>
    /// <param name="weight">w, dense.</param>
    /// <param name="gradient">g, of w's shape.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="decay">L2.</param>
    public static void SgdStepInPlace(Tensor weight, Tensor gradient, double rate, double decay)
    {
        RequireSameShape(weight, gradient);
        if (IsFloat(weight)) Update<float, SgdUpdate<float>>(new(rate, decay), weight, gradient, null, null);
        else Update<double, SgdUpdate<double>>(new(rate, decay), weight, gradient, null, null);
    }

    /// <summary>
    /// d = g + decay·w; v ← keep·v + d; w ← w − rate·v, or with look-ahead a: w ← w − rate·(d + a·v).
    /// </summary>
    /// <param name="weight">w, dense.</param>
    /// <param name="gradient">g, of w's shape.</param>
    /// <param name="velocity">v, of w's shape.</param>
    /// <param name="step">The numbers of this step.</param>
    public static void MomentumStepInPlace(Tensor weight, Tensor gradient, Tensor velocity, in MomentumStep step)
    {
        RequireSameShape(weight, gradient);
        RequireSameShape(weight, velocity);
        if (IsFloat(weight)) Update<float, MomentumUpdate<float>>(new(step), weight, gradient, velocity, null);
        else Update<double, MomentumUpdate<double>>(new(step), weight, gradient, velocity, null);
    }

    /// <summary>
    /// d = g + decay·w; m ← β₁m + (1 − β₁)d; v ← β₂v + (1 − β₂)d²; w ← w − size·m/(√v/correction + ε).
    /// </summary>
    /// <param name="weight">w, dense.</param>
    /// <param name="gradient">g, of w's shape.</param>
    /// <param name="first">m, of w's shape.</param>
    /// <param name="second">v, of w's shape.</param>
    /// <param name="step">The numbers of this step.</param>
    public static void AdamStepInPlace(Tensor weight, Tensor gradient, Tensor first, Tensor second, in AdamStep step)
    {
        RequireSameShape(weight, gradient);
        RequireSameShape(weight, first);
        RequireSameShape(weight, second);
        if (IsFloat(weight)) Update<float, AdamUpdate<float>>(new(step), weight, gradient, first, second);
        else Update<double, AdamUpdate<double>>(new(step), weight, gradient, first, second);
    }

    /// <summary>Each element cut to [low, high]; NaN stays.</summary>
    public static void ClampInPlace(Tensor x, double low, double high)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (IsFloat(x)) TensorPrimitives.Clamp(x.AsSpan<float>(), (float)low, (float)high, x.AsSpan<float>());
        else TensorPrimitives.Clamp(x.AsSpan<double>(), low, high, x.AsSpan<double>());
    }

    private interface IUpdate<T>
        where T : unmanaged
    {
        void Apply(ref Vector<T> weight, Vector<T> gradient, ref Vector<T> first, ref Vector<T> second);
    }

    /// <summary>
    /// Runs an update over whole vectors; what is left is padded to one, so that an element's bits don't depend on
    /// where it lies. State that an update doesn't keep is null.
    /// </summary>
    private static void Update<T, TUpdate>(
        TUpdate update, Tensor weight, Tensor gradient, Tensor? first, Tensor? second)
        where T : unmanaged
        where TUpdate : struct, IUpdate<T>
    {
        Span<T> w = weight.AsSpan<T>(), g = gradient.AsSpan<T>(), m = SpanOf<T>(first), v = SpanOf<T>(second);
        int width = Vector<T>.Count, i = 0;
        for (; i <= w.Length - width; i += width) UpdateVector(ref update, w, g, m, v, i);
        int left = w.Length - i;
        if (left == 0) return;
        Span<T> edge = stackalloc T[4 * width];
        Span<T> edgeW = edge[..width], edgeG = edge.Slice(width, width);
        Span<T> edgeM = edge.Slice(2 * width, width), edgeV = edge.Slice(3 * width, width);
        edge.Clear();
        w[i..].CopyTo(edgeW);
        g[i..].CopyTo(edgeG);
        if (!m.IsEmpty) m[i..].CopyTo(edgeM);
        if (!v.IsEmpty) v[i..].CopyTo(edgeV);
        UpdateVector(ref update, edgeW, edgeG, edgeM, edgeV, 0);
        edgeW[..left].CopyTo(w[i..]);
        if (!m.IsEmpty) edgeM[..left].CopyTo(m[i..]);
        if (!v.IsEmpty) edgeV[..left].CopyTo(v[i..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void UpdateVector<T, TUpdate>(
        ref TUpdate update, Span<T> w, ReadOnlySpan<T> g, Span<T> m, Span<T> v, int i)
        where T : unmanaged
        where TUpdate : struct, IUpdate<T>
    {
        var weight = new Vector<T>(w[i..]);
        Vector<T> first = m.IsEmpty ? default : new(m[i..]), second = v.IsEmpty ? default : new(v[i..]);
        update.Apply(ref weight, new Vector<T>(g[i..]), ref first, ref second);
        weight.CopyTo(w[i..]);
        if (!m.IsEmpty) first.CopyTo(m[i..]);
        if (!v.IsEmpty) second.CopyTo(v[i..]);
    }

    private static Span<T> SpanOf<T>(Tensor? tensor)
        where T : unmanaged => tensor is null ? default : tensor.AsSpan<T>();

    /// <summary>g + decay·w; without decay g itself, also where w is not finite.</summary>
    private readonly struct Decay<T>(double decay)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        private readonly bool _isOn = decay != 0;
        private readonly Vector<T> _decay = new(T.CreateTruncating(decay));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Add(Vector<T> gradient, Vector<T> weight) =>
            _isOn ? MultiplyAdd(weight, _decay, gradient) : gradient;
    }

    private readonly struct SgdUpdate<T>(double rate, double decay) : IUpdate<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        private readonly Decay<T> _decay = new(decay);
        private readonly Vector<T> _minusRate = new(T.CreateTruncating(-rate));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply(ref Vector<T> weight, Vector<T> gradient, ref Vector<T> first, ref Vector<T> second) =>
            weight = MultiplyAdd(_decay.Add(gradient, weight), _minusRate, weight);
    }

    private readonly struct MomentumUpdate<T>(in MomentumStep step) : IUpdate<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        private readonly Decay<T> _decay = new(step.Decay);
        private readonly Vector<T> _minusRate = new(T.CreateTruncating(-step.Rate));
        private readonly Vector<T> _keep = new(T.CreateTruncating(step.Keep));
        private readonly bool _looksAhead = step.LookAhead is not null;
        private readonly Vector<T> _lookAhead = new(T.CreateTruncating(step.LookAhead ?? 0));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply(ref Vector<T> weight, Vector<T> gradient, ref Vector<T> velocity, ref Vector<T> second)
        {
            Vector<T> direction = _decay.Add(gradient, weight);
            velocity = velocity * _keep + direction;
            direction = _looksAhead ? MultiplyAdd(velocity, _lookAhead, direction) : velocity;
            weight = MultiplyAdd(direction, _minusRate, weight);
        }
    }

    private readonly struct AdamUpdate<T>(in AdamStep step) : IUpdate<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        private readonly Decay<T> _decay = new(step.Decay);
        private readonly Vector<T> _beta1 = new(T.CreateTruncating(step.Beta1));
        private readonly Vector<T> _beta2 = new(T.CreateTruncating(step.Beta2));
        private readonly Vector<T> _new1 = new(T.CreateTruncating(1 - step.Beta1));
        private readonly Vector<T> _new2 = new(T.CreateTruncating(1 - step.Beta2));
        private readonly Vector<T> _correction = new(T.CreateTruncating(step.Correction));
        private readonly Vector<T> _epsilon = new(T.CreateTruncating(step.Epsilon));
        private readonly Vector<T> _minusSize = new(T.CreateTruncating(-step.Size));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply(ref Vector<T> weight, Vector<T> gradient, ref Vector<T> first, ref Vector<T> second)
        {
            Vector<T> direction = _decay.Add(gradient, weight);
            first = MultiplyAdd(direction, _new1, first * _beta1);
            second = MultiplyAdd(_new2 * direction, direction, second * _beta2);
            Vector<T> divisor = Vector.SquareRoot(second) / _correction + _epsilon;
            weight += _minusSize * first / divisor;
        }
    }
}

/// <summary>The numbers of a step of gradient descent with momentum.</summary>
/// <param name="Rate">The learning rate.</param>
/// <param name="Keep">The share of the last direction that is kept; 0 at the first step.</param>
/// <param name="LookAhead">Nesterov's momentum; null without.</param>
/// <param name="Decay">L2.</param>
public readonly record struct MomentumStep(double Rate, double Keep, double? LookAhead, double Decay);

/// <summary>The numbers of a step of Adam.</summary>
/// <param name="Size">The learning rate over 1 − β₁ᵗ.</param>
/// <param name="Correction">√(1 − β₂ᵗ).</param>
/// <param name="Beta1">β₁.</param>
/// <param name="Beta2">β₂.</param>
/// <param name="Epsilon">ε.</param>
/// <param name="Decay">L2.</param>
public readonly record struct AdamStep(
    double Size, double Correction, double Beta1, double Beta2, double Epsilon, double Decay);
