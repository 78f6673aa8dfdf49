using System.Numerics;
using System.Runtime.CompilerServices;

namespace GradFlow.Tensors;

/// <summary>
/// h = φ(γ∘â + β), â = (a − mean)/σ over the units (Ba, Kiros &amp; Hinton 2016, eq. 4). Back: with ∂y = ∂h∘φ', ∂γ =
/// ∂y∘â, ∂β = ∂y, and ∂a is what layer normalisation makes of ∂y∘γ.
/// </summary>
/// <typeparam name="TSlope">φ.</typeparam>
internal readonly struct NormalizedCell<TSlope> : IRecurrentCell
    where TSlope : IPlainNonlinearity
{
    public static int Columns => 1;

    public static int FromInput => 0;

    public static int ToState => 1;

    /// <summary>γ and β.</summary>
    public static int PerUnit => 2;

    /// <summary>a.</summary>
    public static int Kept => 1;

    public static bool Carries => false;

    public static int CellAt => -1;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward<T, V>(in ForwardRow<T> row)
        where T : unmanaged, IFloatingPointIeee754<T>
        where V : struct, IPacked<V, T>
    {
        ForwardRow<T> r = row;
        Span<T> a = r.Local.AsSpan(r.Pre, r.Units), y = r.Local.AsSpan(r.State, r.Units);
        a.CopyTo(r.Kept.AsSpan(r.KeptAt));
        NormOf<T, V>(r.PerUnit, r.PerUnitAt, r.Units)
            .Normalize(a, r.PerUnit.AsSpan(r.PerUnitAt + r.Units, r.Units), y);
        for (int j = PackedRows<T, V>.LastOf(r.Units); j >= 0; j -= V.Count)
        {
            V h = TSlope.Apply<T, V>(PackedRows<T, V>.Load(r.Local, r.State + j));
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
        V given = V.Fill(r.GivenScale);
        for (int j = PackedRows<T, V>.LastOf(r.Units); j >= 0; j -= V.Count)
        {
            V total = V.MultiplyAdd(
                given, PackedRows<T, V>.Load(r.Given, r.GivenAt + j), PackedRows<T, V>.Load(r.Local, r.Total + j));
            PackedRows<T, V>.Store(r.Local, r.Total + j, total);
            PackedRows<T, V>.Store(
                r.Local, r.Operand + j, TSlope.Pull<T, V>(PackedRows<T, V>.Load(r.Output, r.OutputAt + j), total));
        }
        Span<T> all = r.Local.AsSpan(r.Operand, 3 * r.Units), cotangent = all[..r.Units];
        all[r.Units..].Clear();
        NormOf<T, V>(r.PerUnit, r.PerUnitAt, r.Units).Pull(
            r.Kept.AsSpan(r.KeptAt, r.Units), cotangent, cotangent, all.Slice(r.Units, r.Units), all[(2 * r.Units)..]);
        Span<T> into = r.Cotangents.AsSpan(r.CotangentsAt, all.Length);
        for (int j = 0; j < all.Length; j++) into[j] = all[j] * r.CotangentScale;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static RowNorm<T, V> NormOf<T, V>(T[] perUnit, int at, int units)
        where T : unmanaged, IFloatingPointIeee754<T>
        where V : struct, IPacked<V, T> =>
        new(perUnit.AsSpan(at, units), T.CreateChecked(Kernels.RecurrentNormEpsilon));
}
