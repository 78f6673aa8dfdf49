using System.Numerics;

namespace GradFlow.Tensors;

/// <summary>
/// Layer normalisation, forward or back, of stretches of rows; each has sums of its own for the cotangents of γ and β,
/// which are then added in order.
/// </summary>
/// <param name="x">[…, f], dense.</param>
/// <param name="gain">γ, [f].</param>
/// <param name="shift">β, [f]; on the way back not asked for.</param>
/// <param name="g">The output's cotangent; null for the way forward.</param>
/// <param name="into">The output, or the input's cotangent.</param>
/// <param name="sums">On the way back, [chunks, 2·f].</param>
/// <param name="epsilon">ε.</param>
internal sealed class RowNormWork<T, V>(
    Tensor x, Tensor gain, Tensor? shift, Tensor? g, Tensor into, Tensor? sums, double epsilon) : IChunkedWork
    where T : unmanaged, IFloatingPointIeee754<T>
    where V : struct, IPacked<V, T>
{
    public void Run(int chunk)
    {
        int f = gain.Size, first = chunk * RowNormChunks.Rows, rows = Math.Min(RowNormChunks.Rows, x.Size / f - first);
        ReadOnlySpan<T> from = x.AsSpan<T>().Slice(first * f, rows * f);
        Span<T> to = into.AsSpan<T>().Slice(first * f, rows * f);
        var norm = new RowNorm<T, V>(gain.AsSpan<T>(), T.CreateChecked(epsilon));
        if (g is null)
        {
            ReadOnlySpan<T> shifts = shift!.AsSpan<T>();
            for (int at = 0; at < from.Length; at += f) norm.Normalize(from.Slice(at, f), shifts, to.Slice(at, f));
            return;
        }
        ReadOnlySpan<T> cotangents = g.AsSpan<T>().Slice(first * f, rows * f);
        Span<T> own = sums!.AsSpan<T>().Slice(chunk * 2 * f, 2 * f);
        own.Clear();
        for (int at = 0; at < from.Length; at += f)
            norm.Pull(from.Slice(at, f), cotangents.Slice(at, f), to.Slice(at, f), own[..f], own[f..]);
    }
}

/// <summary>How rows that are normalised fall into chunks for threads: by their number alone.</summary>
internal static class RowNormChunks
{
    public const int Rows = 64;

    public static int Of(Tensor x, Tensor gain) =>
        gain.Size == 0 ? 0 : (x.Size / gain.Size + Rows - 1) / Rows;
}
