using System.Numerics;
using System.Runtime.CompilerServices;

namespace GradFlow.Tensors;

/// <summary>
/// h = sign(a)∘max(|a| + β, 0), 0 at a = 0 (Arjovsky, Shah &amp; Bengio 2016, of real numbers). Back: ∂a = ∂h where h
/// is not 0, and ∂β = ∂a∘sign(h).
/// </summary>
internal readonly struct ModReluCell : IRecurrentCell
{
    public static int Columns => 1;

    public static int FromInput => 0;

    public static int ToState => 1;

    /// <summary>β.</summary>
    public static int PerUnit => 1;

    public static int Kept => 0;

    public static bool Carries => false;

    public static int CellAt => -1;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward<T, V>(in ForwardRow<T> row)
        where T : unmanaged, IFloatingPointIeee754<T>
        where V : struct, IPacked<V, T>
    {
        ForwardRow<T> r = row;
        V zero = V.Fill(T.Zero);
        for (int j = PackedRows<T, V>.LastOf(r.Units); j >= 0; j -= V.Count)
        {
            V a = PackedRows<T, V>.Load(r.Local, r.Pre + j);
            V size = V.Abs(a) + PackedRows<T, V>.Load(r.PerUnit, r.PerUnitAt + j);
            V h = Signed<T, V>(a, V.WhereAtMost(size, zero, zero, size));
            PackedRows<T, V>.Store(r.Local, r.State + j, h);
            PackedRows<T, V>.Store(r.Output, r.OutputAt + j, h, r.OutputEnd - r.OutputAt - j);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward<T, V>(in BackwardRow<T> row)
        where T : unmanaged, IFloatingPointIeee754<T>
        where V : struct, IPacked<V, T>
    {
        BackwardRow<T> r = row;
        V given = V.Fill(r.GivenScale), zero = V.Fill(T.Zero);
        for (int j = PackedRows<T, V>.LastOf(r.Units); j >= 0; j -= V.Count)
        {
            V h = PackedRows<T, V>.Load(r.Output, r.OutputAt + j);
            V total = V.MultiplyAdd(
                given, PackedRows<T, V>.Load(r.Given, r.GivenAt + j), PackedRows<T, V>.Load(r.Local, r.Total + j));
            PackedRows<T, V>.Store(r.Local, r.Total + j, total);
            var into = new CotangentVectors<T, V>(r, Columns + PerUnit, j);
            into[0] = V.WhereAtMost(V.Abs(h), zero, zero, total);
            into[1] = Signed<T, V>(h, total);
        }
    }

    /// <summary>y with the sign of x, 0 where x is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Signed<T, V>(V x, V y)
        where T : unmanaged, IFloatingPointIeee754<T>
        where V : struct, IPacked<V, T>
    {
        V zero = V.Fill(T.Zero);
        return V.WhereAtMost(x, zero, V.WhereAtMost(zero, x, zero, zero - y), y);
    }
}
