using System.Numerics;
using System.Runtime.CompilerServices;

namespace GradFlow.Tensors;

/// <summary>
/// h = λ∘h' + a in complex numbers, with no weights from h' to a: the linear recurrent unit (Orvieto et al. 2023). Real
/// parts are the first half of the units, imaginary ones the other. Back: ∂a = ∂h, ∂h' = ∂h∘λ̄ past the weights, and
/// ∂λ = ∂h∘h̄'.
/// </summary>
internal readonly struct ComplexDiagonalCell : IRecurrentCell
{
    public static int Columns => 1;

    public static int FromInput => 0;

    public static int ToState => 0;

    /// <summary>λ.</summary>
    public static int PerUnit => 1;

    public static int Kept => 0;

    public static bool Carries => true;

    public static int CellAt => -1;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward<T, V>(in ForwardRow<T> row)
        where T : unmanaged, IFloatingPointIeee754<T>
        where V : struct, IPacked<V, T>
    {
        ForwardRow<T> r = row;
        int half = r.Units / 2;
        for (int j = 0; j < half; j += V.Count)
        {
            V lambda = PackedRows<T, V>.Load(r.PerUnit, r.PerUnitAt + j);
            V turn = PackedRows<T, V>.Load(r.PerUnit, r.PerUnitAt + half + j);
            V real = PackedRows<T, V>.Load(r.Local, r.State + j);
            V imaginary = PackedRows<T, V>.Load(r.Local, r.State + half + j);
            V h = V.MultiplyAdd(lambda, real, PackedRows<T, V>.Load(r.Local, r.Pre + j)) - turn * imaginary;
            V i = V.MultiplyAdd(lambda, imaginary, PackedRows<T, V>.Load(r.Local, r.Pre + half + j));
            i = V.MultiplyAdd(turn, real, i);
            // What lies behind a half's end is still to be read.
            PackedRows<T, V>.Store(r.Local, r.State + j, h, half - j);
            PackedRows<T, V>.Store(r.Local, r.State + half + j, i, half - j);
            PackedRows<T, V>.Store(r.Output, r.OutputAt + j, h, half - j);
            PackedRows<T, V>.Store(r.Output, r.OutputAt + half + j, i, half - j);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward<T, V>(in BackwardRow<T> row)
        where T : unmanaged, IFloatingPointIeee754<T>
        where V : struct, IPacked<V, T>
    {
        BackwardRow<T> r = row;
        int half = r.Units / 2, units = r.Units;
        V plain = V.Fill(r.CotangentScale);
        for (int j = 0; j < half; j += V.Count)
        {
            int left = half - j;
            V lambda = PackedRows<T, V>.Load(r.PerUnit, r.PerUnitAt + j);
            V turn = PackedRows<T, V>.Load(r.PerUnit, r.PerUnitAt + half + j);
            V real = Total<T, V>(r, j), imaginary = Total<T, V>(r, half + j);
            PackedRows<T, V>.Store(r.Local, r.Total + j, real, left);
            PackedRows<T, V>.Store(r.Local, r.Total + half + j, imaginary, left);
            PackedRows<T, V>.Store(r.Local, r.Carried + j, V.MultiplyAdd(lambda, real, turn * imaginary), left);
            PackedRows<T, V>.Store(
                r.Local, r.Carried + half + j, V.MultiplyAdd(lambda, imaginary, V.Fill(T.Zero) - turn * real), left);
            V h = Before<T, V>(r, j), i = Before<T, V>(r, half + j);
            PackedRows<T, V>.Store(r.Local, r.Operand + j, real, left);
            PackedRows<T, V>.Store(r.Local, r.Operand + half + j, imaginary, left);
            PackedRows<T, V>.Store(r.Cotangents, r.CotangentsAt + j, plain * real, left);
            PackedRows<T, V>.Store(r.Cotangents, r.CotangentsAt + half + j, plain * imaginary, left);
            PackedRows<T, V>.Store(
                r.Cotangents, r.CotangentsAt + units + j, plain * V.MultiplyAdd(real, h, imaginary * i), left);
            PackedRows<T, V>.Store(
                r.Cotangents, r.CotangentsAt + units + half + j, plain * (imaginary * h - real * i), left);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Before<T, V>(in BackwardRow<T> r, int j)
        where T : unmanaged, IFloatingPointIeee754<T>
        where V : struct, IPacked<V, T> =>
        r.Before is null ? V.Fill(T.Zero) : PackedRows<T, V>.Load(r.Before, r.BeforeAt + j);

    /// <summary>∂L/∂h: what comes from above and what was carried back.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Total<T, V>(in BackwardRow<T> r, int j)
        where T : unmanaged, IFloatingPointIeee754<T>
        where V : struct, IPacked<V, T> =>
        V.MultiplyAdd(
            V.Fill(r.GivenScale), PackedRows<T, V>.Load(r.Given, r.GivenAt + j),
            PackedRows<T, V>.Load(r.Local, r.Carried + j));
}
