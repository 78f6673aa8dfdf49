using System.Numerics;
using System.Runtime.CompilerServices;

namespace GradFlow.Tensors;

/// <summary>
/// i, f, o = σ(·), g = tanh(·); c = f∘c' + i∘g; h = o∘tanh c, c' being that of the step before. Back:
/// ∂c += ∂h∘o∘(1 − tanh²c); ∂i = ∂c∘g, ∂f = ∂c∘c', ∂g = ∂c∘i, ∂o = ∂h∘tanh c, each times its slope; ∂c' = ∂c∘f.
/// </summary>
internal readonly struct LstmCell : IRecurrentCell
{
    public static int Columns => 4;

    public static int FromInput => 0;

    public static int ToState => 4;

    /// <summary>The gates i, f, g, o, then c and tanh c.</summary>
    public static int Kept => 6;

    public static bool Carries => true;

    public static int PerUnit => 0;

    public static int CellAt => 4;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward<T, V>(in ForwardRow<T> row)
        where T : unmanaged, IFloatingPointIeee754<T>
        where V : struct, IPacked<V, T>
    {
        ForwardRow<T> r = row;
        int units = r.Units, end = r.KeptEnd;
        // Gates in passes of their own: a loop over all of them is too much for one method to be compiled well.
        ApplySigmoid<T, V>(r.Local, r.Pre, 2 * units, r.Kept, r.KeptAt, end);
        ApplyTanh<T, V>(r.Local, r.Pre + 2 * units, units, r.Kept, r.KeptAt + 2 * units, end);
        ApplySigmoid<T, V>(r.Local, r.Pre + 3 * units, units, r.Kept, r.KeptAt + 3 * units, end);
        for (int j = PackedRows<T, V>.LastOf(units); j >= 0; j -= V.Count)
        {
            var kept = new GateVectors<T, V>(r.Kept, r.KeptAt, units, end, j);
            V c = V.MultiplyAdd(kept[1], PackedRows<T, V>.Load(r.Local, r.Carried + j), kept[0] * kept[2]);
            V squashed = PackedFunctions<T, V>.Tanh(c), h = kept[3] * squashed;
            PackedRows<T, V>.Store(r.Local, r.Carried + j, c);
            PackedRows<T, V>.Store(r.Local, r.State + j, h);
            PackedRows<T, V>.Store(r.Output, r.OutputAt + j, h, r.OutputEnd - r.OutputAt - j);
            (kept[4], kept[5]) = (c, squashed);
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
            V i = kept[0], f = kept[1], g = kept[2], o = kept[3], squashed = kept[5];
            V before = r.Before is null ? V.Fill(T.Zero) : PackedRows<T, V>.Load(r.Before, r.BeforeAt + j);
            V total = V.MultiplyAdd(
                given, PackedRows<T, V>.Load(r.Given, r.GivenAt + j), PackedRows<T, V>.Load(r.Local, r.Total + j));
            V c = V.MultiplyAdd(
                total * o, one - squashed * squashed, PackedRows<T, V>.Load(r.Local, r.Carried + j));
            PackedRows<T, V>.Store(r.Local, r.Total + j, total);
            PackedRows<T, V>.Store(r.Local, r.Carried + j, c * f);
            var into = new CotangentVectors<T, V>(r, Columns, j);
            into[0] = c * g * (i * (one - i));
            into[1] = c * before * (f * (one - f));
            into[2] = c * i * (one - g * g);
            into[3] = total * squashed * (o * (one - o));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ApplySigmoid<T, V>(T[] from, int at, int count, T[] into, int start, int end)
        where T : unmanaged, IFloatingPointIeee754<T>
        where V : struct, IPacked<V, T>
    {
        for (int j = 0; j < count; j += V.Count)
            PackedRows<T, V>.Store(
                into, start + j, PackedFunctions<T, V>.Sigmoid(PackedRows<T, V>.Load(from, at + j)), end - start - j);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ApplyTanh<T, V>(T[] from, int at, int count, T[] into, int start, int end)
        where T : unmanaged, IFloatingPointIeee754<T>
        where V : struct, IPacked<V, T>
    {
        for (int j = 0; j < count; j += V.Count)
            PackedRows<T, V>.Store(
                into, start + j, PackedFunctions<T, V>.Tanh(PackedRows<T, V>.Load(from, at + j)), end - start - j);
    }
}
