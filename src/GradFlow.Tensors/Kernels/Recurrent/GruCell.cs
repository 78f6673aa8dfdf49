using System.Numerics;
using System.Runtime.CompilerServices;

namespace GradFlow.Tensors;

/// <summary>
/// The columns are m, r, z, n with m the state's share of the candidate, U·h' + b', which no input goes into, and n the
/// input's share, which no state goes into. r, z = σ(·), n = tanh(n + r∘m), h = (1 − z)∘n + z∘h', h' being that of the
/// step before. Back: ∂n = ∂h∘(1 − z)∘(1 − n²), ∂m = ∂n∘r, ∂r = ∂n∘m∘r(1 − r), ∂z = ∂h∘(h' − n)∘z(1 − z), and past the
/// weights ∂h' = ∂h∘z.
/// </summary>
internal readonly struct GruCell : IRecurrentCell
{
    public static int Columns => 4;

    public static int FromInput => 1;

    public static int ToState => 3;

    /// <summary>m, r, z and the candidate n.</summary>
    public static int Kept => 4;

    public static bool Carries => true;

    public static int PerUnit => 0;

    public static int CellAt => -1;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward<T, V>(in ForwardRow<T> row)
        where T : unmanaged, IFloatingPointIeee754<T>
        where V : struct, IPacked<V, T>
    {
        ForwardRow<T> at = row;
        for (int j = PackedRows<T, V>.LastOf(at.Units); j >= 0; j -= V.Count)
        {
            var pre = new GateVectors<T, V>(at.Local, at.Pre, at.Units, at.Pre, j);
            V m = pre[0], r = PackedFunctions<T, V>.Sigmoid(pre[1]), z = PackedFunctions<T, V>.Sigmoid(pre[2]);
            V n = PackedFunctions<T, V>.Tanh(V.MultiplyAdd(r, m, pre[3]));
            V h = V.MultiplyAdd(z, PackedRows<T, V>.Load(at.Local, at.State + j), n - z * n);
            PackedRows<T, V>.Store(at.Local, at.State + j, h);
            PackedRows<T, V>.Store(at.Output, at.OutputAt + j, h, at.OutputEnd - at.OutputAt - j);
            var kept = new GateVectors<T, V>(at.Kept, at.KeptAt, at.Units, at.KeptEnd, j);
            (kept[0], kept[1], kept[2], kept[3]) = (m, r, z, n);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward<T, V>(in BackwardRow<T> row)
        where T : unmanaged, IFloatingPointIeee754<T>
        where V : struct, IPacked<V, T>
    {
        BackwardRow<T> at = row;
        V given = V.Fill(at.GivenScale), one = V.Fill(T.One);
        for (int j = PackedRows<T, V>.LastOf(at.Units); j >= 0; j -= V.Count)
        {
            var kept = new GateVectors<T, V>(at.Kept, at.KeptAt, at.Units, at.KeptAt, j);
            V m = kept[0], r = kept[1], z = kept[2], n = kept[3];
            V before = at.Before is null ? V.Fill(T.Zero) : PackedRows<T, V>.Load(at.Before, at.BeforeAt + j);
            V total = PackedRows<T, V>.Load(at.Local, at.Total + j) + PackedRows<T, V>.Load(at.Local, at.Carried + j);
            total = V.MultiplyAdd(given, PackedRows<T, V>.Load(at.Given, at.GivenAt + j), total);
            PackedRows<T, V>.Store(at.Local, at.Total + j, total);
            PackedRows<T, V>.Store(at.Local, at.Carried + j, total * z);
            V candidate = total * (one - z) * (one - n * n);
            var into = new CotangentVectors<T, V>(at, Columns, j);
            into[0] = candidate * r;
            into[1] = candidate * m * (r * (one - r));
            into[2] = total * (before - n) * (z * (one - z));
            into[3] = candidate;
        }
    }
}
