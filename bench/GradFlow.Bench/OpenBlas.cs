using System.Runtime.InteropServices;

namespace GradFlow.Bench;

/// <summary>
/// The peer's matrix product, on one thread; called without a layer between, so that its calls cost little.
/// </summary>
internal static class OpenBlas
{
    private const string Library = "libopenblas.so.0";
    private const int RowMajor = 101, NoTranspose = 111, Transpose = 112;

    /// <summary>Whether it is installed; then it is bound to one thread.</summary>
    public static bool IsThere()
    {
        if (!NativeLibrary.TryLoad(Library, out _)) return false;
        SetThreads(1);
        return true;
    }

    /// <summary>c [m, n] = a [m, k] · b [k, n], or b [n, k] transposed.</summary>
    public static void Multiply(int m, int k, int n, float[] a, float[] b, bool transposeB, float[] c) => Multiply(
        RowMajor, NoTranspose, transposeB ? Transpose : NoTranspose, m, n, k, 1, a, k, b, transposeB ? k : n, 0, c, n);

    [DllImport(Library, EntryPoint = "openblas_set_num_threads")]
    private static extern void SetThreads(int threads);

    [DllImport(Library, EntryPoint = "cblas_sgemm")]
    private static extern void Multiply(
        int order, int transposeA, int transposeB, int m, int n, int k, float alpha, float[] a, int aRow, float[] b,
        int bRow, float beta, float[] c, int cRow);
}
