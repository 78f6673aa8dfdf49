using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace GradFlow.Tensors;

public static partial class Kernels
{
    /// <summary>1/(1+e⁻ˣ).</summary>
    public static void Sigmoid(Tensor x, Tensor into) =>
        Map(x, into, TensorPrimitives.Sigmoid, TensorPrimitives.Sigmoid);

    /// <summary>tanh x.</summary>
    /// <remarks>
    /// Not TensorPrimitives', which near 0 is right to an absolute 10⁻⁸ only: a signal that dies out over many layers
    /// would end in noise and then in exact zeros, where tanh x ≈ x loses nothing.
    /// </remarks>
    public static void Tanh(Tensor x, Tensor into) => Unary<TanhF<float>, TanhF<double>>(x, into);

    /// <summary>eˣ.</summary>
    public static void Exp(Tensor x, Tensor into) => Map(x, into, TensorPrimitives.Exp, TensorPrimitives.Exp);

    /// <summary>ln x; NaN below 0, −∞ at 0.</summary>
    public static void Log(Tensor x, Tensor into) => Map(x, into, TensorPrimitives.Log, TensorPrimitives.Log);

    /// <summary>√x; NaN below 0.</summary>
    public static void Sqrt(Tensor x, Tensor into) => Map(x, into, TensorPrimitives.Sqrt, TensorPrimitives.Sqrt);

    /// <summary>sin x.</summary>
    /// <remarks>
    /// Not TensorPrimitives': it branches on all numbers of a vector together, so an element's last bit depends on its
    /// neighbours, and on where the array happens to lie.
    /// </remarks>
    public static void Sin(Tensor x, Tensor into) => MapScalar(x, into, Math.Sin);

    /// <summary>cos x.</summary>
    /// <remarks>As <see cref="Sin"/>.</remarks>
    public static void Cos(Tensor x, Tensor into) => MapScalar(x, into, Math.Cos);

    /// <summary>max(x, 0); NaN stays NaN.</summary>
    public static void Relu(Tensor x, Tensor into) => Unary<ReluF<float>, ReluF<double>>(x, into);

    /// <summary>x where x &gt; 0, else slope·x.</summary>
    public static void LeakyRelu(Tensor x, double slope, Tensor into) => LeakyReluBackward(x, slope, x, into);

    /// <summary>x·Φ(x) with the exact normal distribution function (Hendrycks &amp; Gimpel 2016).</summary>
    public static void Gelu(Tensor x, Tensor into) => MapScalar(x, into, Erf.Gelu);

    /// <summary>g·y(1−y): the sigmoid's cotangent from its output y.</summary>
    public static void SigmoidBackward(Tensor y, Tensor g, Tensor into) =>
        Binary<SigmoidB<float>, SigmoidB<double>>(y, g, into);

    /// <summary>g·(1−y²): tanh's cotangent from its output y.</summary>
    public static void TanhBackward(Tensor y, Tensor g, Tensor into) => Binary<TanhB<float>, TanhB<double>>(y, g, into);

    /// <summary>g·cos x.</summary>
    public static void SinBackward(Tensor x, Tensor g, Tensor into)
    {
        RequireSameShape(x, g);
        RequireSameShape(x, into);
        if (IsFloat(x)) SinBackward<float>(x.AsSpan<float>(), g.AsSpan<float>(), into.AsSpan<float>());
        else SinBackward<double>(x.AsSpan<double>(), g.AsSpan<double>(), into.AsSpan<double>());
    }

    /// <summary>g where x &gt; 0, else 0; where x is NaN, g.</summary>
    public static void ReluBackward(Tensor x, Tensor g, Tensor into) => Binary<ReluB<float>, ReluB<double>>(x, g, into);

    /// <summary>g where x &gt; 0, else slope·g.</summary>
    public static void LeakyReluBackward(Tensor x, double slope, Tensor g, Tensor into)
    {
        RequireSameShape(x, g);
        RequireSameShape(x, into);
        if (IsFloat(x)) LeakyReluBackward(x.AsSpan<float>(), (float)slope, g.AsSpan<float>(), into.AsSpan<float>());
        else LeakyReluBackward(x.AsSpan<double>(), slope, g.AsSpan<double>(), into.AsSpan<double>());
    }

    /// <summary>g·(Φ(x) + x·φ(x)).</summary>
    public static void GeluBackward(Tensor x, Tensor g, Tensor into)
    {
        RequireSameShape(x, g);
        RequireSameShape(x, into);
        if (IsFloat(x)) GeluBackward(x.AsSpan<float>(), g.AsSpan<float>(), into.AsSpan<float>());
        else GeluBackward(x.AsSpan<double>(), g.AsSpan<double>(), into.AsSpan<double>());
    }

    private delegate void SpanMap<T>(ReadOnlySpan<T> x, Span<T> into);

    private static void Map(Tensor x, Tensor into, SpanMap<float> single, SpanMap<double> twofold)
    {
        RequireSameShape(x, into);
        if (x.Size == 0) return;
        if (IsFloat(x)) single(x.AsSpan<float>(), into.AsSpan<float>());
        else twofold(x.AsSpan<double>(), into.AsSpan<double>());
    }

    private static void MapScalar(Tensor x, Tensor into, Func<double, double> function)
    {
        RequireSameShape(x, into);
        if (IsFloat(x))
        {
            Span<float> from = x.AsSpan<float>(), to = into.AsSpan<float>();
            for (int i = 0; i < from.Length; i++) to[i] = (float)function(from[i]);
        }
        else
        {
            Span<double> from = x.AsSpan<double>(), to = into.AsSpan<double>();
            for (int i = 0; i < from.Length; i++) to[i] = function(from[i]);
        }
    }

    private static void LeakyReluBackward<T>(ReadOnlySpan<T> x, T slope, ReadOnlySpan<T> g, Span<T> into)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int i = 0, width = Vector<T>.Count;
        var slopes = new Vector<T>(slope);
        for (; i <= x.Length - width; i += width)
        {
            var v = new Vector<T>(g[i..]);
            Vector<T> isPositive = Vector.GreaterThan(new Vector<T>(x[i..]), Vector<T>.Zero);
            Vector.ConditionalSelect(isPositive, v, slopes * v).CopyTo(into[i..]);
        }
        for (; i < x.Length; i++) into[i] = x[i] > T.Zero ? g[i] : slope * g[i];
    }

    private static void SinBackward<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> g, Span<T> into)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (int i = 0; i < x.Length; i++)
            into[i] = g[i] * T.CreateTruncating(Math.Cos(double.CreateTruncating(x[i])));
    }

    private static void GeluBackward<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> g, Span<T> into)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (int i = 0; i < x.Length; i++)
        {
            double slope = Erf.GeluSlope(double.CreateTruncating(x[i]));
            into[i] = T.CreateTruncating(double.CreateTruncating(g[i]) * slope);
        }
    }

    private readonly struct ReluF<T> : IUnary<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<V>(V x)
            where V : struct, IPacked<V, T> => V.WhereAtMost(x, V.Fill(T.Zero), V.Fill(T.Zero), x);
    }

    private readonly struct ReluB<T> : IBinary<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<V>(V x, V g)
            where V : struct, IPacked<V, T> => V.WhereAtMost(x, V.Fill(T.Zero), V.Fill(T.Zero), g);
    }

    private readonly struct SigmoidB<T> : IBinary<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<V>(V y, V g)
            where V : struct, IPacked<V, T> => g * (y * (V.Fill(T.One) - y));
    }

    private readonly struct TanhF<T> : IUnary<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<V>(V x)
            where V : struct, IPacked<V, T> => PackedFunctions<T, V>.Tanh(x);
    }

    private readonly struct TanhB<T> : IBinary<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<V>(V y, V g)
            where V : struct, IPacked<V, T> => g * (V.Fill(T.One) - y * y);
    }
}
