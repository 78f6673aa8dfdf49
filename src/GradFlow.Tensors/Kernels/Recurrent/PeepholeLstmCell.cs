using System.Numerics;
using System.Runtime.CompilerServices;

namespace GradFlow.Tensors;

/// <summary>
/// The LSTM whose gates see the cell (Gers, Schraudolph &amp; Schmidhuber 2002): p∘c' joins the pre-activations of i
/// and f, and p∘c that of o. Back: what the gates' pre-activations get goes on to c and c' as well, and ∂p sums it
/// times c.
/// </summary>
internal readonly struct PeepholeLstmCell : IRecurrentCell
{
    public static int Columns => 4;

    public static int FromInput => 0;

    public static int ToState => 4;

    /// <summary>p of i, f and o.</summary>
    public static int PerUnit => 3;

    /// <summary>The gates i, f, g, o, then c and tanh c.</summary>
    public static int Kept => 6;

    public static bool Carries => true;

    public static int CellAt => 4;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward<T, V>(in ForwardRow<T> row)
        where T : unmanaged, IFloatingPointIeee754<T>
        where V : struct, IPacked<V, T>
    {
        ForwardRow<T> r = row;
        for (int j = PackedRows<T, V>.LastOf(r.Units); j >= 0; j -= V.Count)
        {
            var pre = new GateVectors<T, V>(r.Local, r.Pre, r.Units, r.Pre, j);
            var peep = new GateVectors<T, V>(r.PerUnit, r.PerUnitAt, r.Units, r.PerUnitAt, j);
            V before = PackedRows<T, V>.Load(r.Local, r.Carried + j);
            V i = PackedFunctions<T, V>.Sigmoid(V.MultiplyAdd(peep[0], before, pre[0]));
            V f = PackedFunctions<T, V>.Sigmoid(V.MultiplyAdd(peep[1], before, pre[1]));
            V g = PackedFunctions<T, V>.Tanh(pre[2]), c = V.MultiplyAdd(f, before, i * g);
            V o = PackedFunctions<T, V>.Sigmoid(V.MultiplyAdd(peep[2], c, pre[3]));
            V squashed = PackedFunctions<T, V>.Tanh(c), h = o * squashed;
            PackedRows<T, V>.Store(r.Local, r.Carried + j, c);
            PackedRows<T, V>.Store(r.Local, r.State + j, h);
            PackedRows<T, V>.Store(r.Output, r.OutputAt + j, h, r.OutputEnd - r.OutputAt - j);
            var kept = new GateVectors<T, V>(r.Kept, r.KeptAt, r.Units, r.KeptEnd, j);
            (kept[0], kept[1], kept[2]) = (i, f, g);
            (kept[3], kept[4], kept[5]) = (o, c, squashed);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward<T, V>(in BackwardRow<T> row)
        where T : unmanaged, IFloatingPointIeee754<T>
        where V : struct, IPacked<V, T>
    {
        BackwardRow<T> r = row;
        V given = V.Fill(r.GivenScale), one = V.Fill(T.One);
        for (int j = PackedRows<T, V>.LastOf(r.Units); j >= 0; j -= V.Count)
        {
            var kept = new GateVectors<T, V>(r.Kept, r.KeptAt, r.Units, r.KeptAt, j);
            var peep = new GateVectors<T, V>(r.PerUnit, r.PerUnitAt, r.Units, r.PerUnitAt, j);
            V i = kept[0], f = kept[1], g = kept[2], o = kept[3], squashed = kept[5];
            V before = r.Before is null ? V.Fill(T.Zero) : PackedRows<T, V>.Load(r.Before, r.BeforeAt + j);
            V total = V.MultiplyAdd(
                given, PackedRows<T, V>.Load(r.Given, r.GivenAt + j), PackedRows<T, V>.Load(r.Local, r.Total + j));
            V intoO = total * squashed * (o * (one - o));
            V c = V.MultiplyAdd(total * o, one - squashed * squashed, PackedRows<T, V>.Load(r.Local, r.Carried + j));
            c = V.MultiplyAdd(intoO, peep[2], c);
            V intoI = c * g * (i * (one - i)), intoF = c * before * (f * (one - f));
            PackedRows<T, V>.Store(r.Local, r.Total + j, total);
            PackedRows<T, V>.Store(
                r.Local, r.Carried + j, V.MultiplyAdd(intoI, peep[0], V.MultiplyAdd(intoF, peep[1], c * f)));
            var into = new CotangentVectors<T, V>(r, Columns + PerUnit, j);
            (into[0], into[1], into[2]) = (intoI, intoF, c * i * (one - g * g));
            (into[3], into[4], into[5]) = (intoO, intoI * before, intoF * before);
            into[6] = intoO * kept[4];
        }
    }
}
