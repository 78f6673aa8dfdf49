using System.Numerics;
using System.Runtime.CompilerServices;

namespace GradFlow.Tensors;

/// <summary>
/// h = h' + α∘(f − h'), f = φ(a), h' being that of the step before. Back: ∂a = ∂h∘α∘φ'(a), ∂α = ∂h∘(f − h'), and past
/// the weights ∂h' = ∂h∘(1 − α).
/// </summary>
/// <typeparam name="TSlope">φ.</typeparam>
internal readonly struct LeakyCell<TSlope> : IRecurrentCell
    where TSlope : IPlainNonlinearity
{
    public static int Columns => 1;

    public static int FromInput => 0;

    public static int ToState => 1;

    /// <summary>α.</summary>
    public static int PerUnit => 1;

    /// <summary>f.</summary>
    public static int Kept => 1;

    public static bool Carries => true;

    public static int CellAt => -1;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward<T, V>(in ForwardRow<T> row)
        where T : unmanaged, IFloatingPointIeee754<T>
        where V : struct, IPacked<V, T>
    {
        ForwardRow<T> r = row;
        for (int j = PackedRows<T, V>.LastOf(r.Units); j >= 0; j -= V.Count)
        {
            V f = TSlope.Apply<T, V>(PackedRows<T, V>.Load(r.Local, r.Pre + j));
            V before = PackedRows<T, V>.Load(r.Local, r.State + j);
            V h = V.MultiplyAdd(PackedRows<T, V>.Load(r.PerUnit, r.PerUnitAt + j), f - before, before);
            PackedRows<T, V>.Store(r.Local, r.State + j, h);
            PackedRows<T, V>.Store(r.Output, r.OutputAt + j, h, r.OutputEnd - r.OutputAt - j);
            PackedRows<T, V>.Store(r.Kept, r.KeptAt + j, f, r.KeptEnd - r.KeptAt - j);
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
            V f = PackedRows<T, V>.Load(r.Kept, r.KeptAt + j), leak = PackedRows<T, V>.Load(r.PerUnit, r.PerUnitAt + j);
            V before = r.Before is null ? V.Fill(T.Zero) : PackedRows<T, V>.Load(r.Before, r.BeforeAt + j);
            V total = PackedRows<T, V>.Load(r.Local, r.Total + j) + PackedRows<T, V>.Load(r.Local, r.Carried + j);
            total = V.MultiplyAdd(given, PackedRows<T, V>.Load(r.Given, r.GivenAt + j), total);
            PackedRows<T, V>.Store(r.Local, r.Total + j, total);
            PackedRows<T, V>.Store(r.Local, r.Carried + j, total - total * leak);
            var into = new CotangentVectors<T, V>(r, Columns + PerUnit, j);
            into[0] = TSlope.Pull<T, V>(f, total * leak);
            into[1] = total * (f - before);
        }
    }
}
