using System.Numerics;
using System.Runtime.CompilerServices;

namespace GradFlow.Tensors;

/// <summary>h = φ(a); ∂a = ∂h·φ'(a), which follows from h alone.</summary>
/// <typeparam name="TSlope">φ.</typeparam>
internal readonly struct PlainCell<TSlope> : IRecurrentCell
    where TSlope : IPlainNonlinearity
{
    public static int Columns => 1;

    public static int FromInput => 0;

    public static int ToState => 1;

    public static int Kept => 0;

    public static bool Carries => false;

    public static int PerUnit => 0;

    public static int CellAt => -1;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward<T, V>(in ForwardRow<T> row)
        where T : unmanaged, IFloatingPointIeee754<T>
        where V : struct, IPacked<V, T>
    {
        (T[] local, int pre, int state, T[] output, int at, int end) =
            (row.Local, row.Pre, row.State, row.Output, row.OutputAt, row.OutputEnd);
        for (int j = PackedRows<T, V>.LastOf(row.Units); j >= 0; j -= V.Count)
        {
            V h = TSlope.Apply<T, V>(PackedRows<T, V>.Load(local, pre + j));
            PackedRows<T, V>.Store(local, state + j, h);
            PackedRows<T, V>.Store(output, at + j, h, end - at - j);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward<T, V>(in BackwardRow<T> row)
        where T : unmanaged, IFloatingPointIeee754<T>
        where V : struct, IPacked<V, T>
    {
        BackwardRow<T> r = row;
        V given = V.Fill(r.GivenScale);
        for (int j = PackedRows<T, V>.LastOf(r.Units); j >= 0; j -= V.Count)
        {
            V total = V.MultiplyAdd(
                given, PackedRows<T, V>.Load(r.Given, r.GivenAt + j), PackedRows<T, V>.Load(r.Local, r.Total + j));
            PackedRows<T, V>.Store(r.Local, r.Total + j, total);
            var into = new CotangentVectors<T, V>(r, Columns, j);
            into[0] = TSlope.Pull<T, V>(PackedRows<T, V>.Load(r.Output, r.OutputAt + j), total);
        }
    }
}

/// <summary>A non-linearity whose slope follows from what it gives.</summary>
internal interface IPlainNonlinearity
{
    static abstract V Apply<T, V>(V a)
        where T : unmanaged, IFloatingPointIeee754<T>
        where V : struct, IPacked<V, T>;

    /// <summary>A cotangent times φ', from h.</summary>
    static abstract V Pull<T, V>(V h, V cotangent)
        where T : unmanaged, IFloatingPointIeee754<T>
        where V : struct, IPacked<V, T>;
}

/// <summary>φ(a) = a.</summary>
internal readonly struct PlainIdentity : IPlainNonlinearity
{
    public static V Apply<T, V>(V a)
        where T : unmanaged, IFloatingPointIeee754<T>
        where V : struct, IPacked<V, T> => a;

    public static V Pull<T, V>(V h, V cotangent)
        where T : unmanaged, IFloatingPointIeee754<T>
        where V : struct, IPacked<V, T> => cotangent;
}

/// <summary>φ(a) = tanh a, φ' = 1 − h².</summary>
internal readonly struct PlainTanh : IPlainNonlinearity
{
    public static V Apply<T, V>(V a)
        where T : unmanaged, IFloatingPointIeee754<T>
        where V : struct, IPacked<V, T> => PackedFunctions<T, V>.Tanh(a);

    public static V Pull<T, V>(V h, V cotangent)
        where T : unmanaged, IFloatingPointIeee754<T>
        where V : struct, IPacked<V, T> => cotangent * (V.Fill(T.One) - h * h);
}

/// <summary>φ(a) = max(a, 0), φ' = 1 where h is above 0; NaN stays NaN.</summary>
internal readonly struct PlainRelu : IPlainNonlinearity
{
    public static V Apply<T, V>(V a)
        where T : unmanaged, IFloatingPointIeee754<T>
        where V : struct, IPacked<V, T> => Pull<T, V>(a, a);

    public static V Pull<T, V>(V h, V cotangent)
        where T : unmanaged, IFloatingPointIeee754<T>
        where V : struct, IPacked<V, T> => V.WhereAtMost(h, V.Fill(T.Zero), V.Fill(T.Zero), cotangent);
}
