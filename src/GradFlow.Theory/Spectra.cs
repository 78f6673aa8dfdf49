using System.Numerics;
using MathNet.Numerics.LinearAlgebra;

namespace GradFlow.Theory;

/// <summary>
/// Eigenvalues and singular values of a recurrent matrix. The spectral radius says what happens in the long run, the
/// largest singular value what can happen in one step; non-normal matrices may grow first and decay later.
/// </summary>
public static class Spectra
{
    /// <summary>All eigenvalues.</summary>
    /// <param name="matrix">Square.</param>
    public static IReadOnlyList<Complex> Eigenvalues(double[,] matrix)
    {
        CheckSquare(matrix);
        return [.. Matrix<double>.Build.DenseOfArray(matrix).Evd().EigenValues];
    }

    /// <summary>ρ(A), the largest |eigenvalue|.</summary>
    /// <param name="matrix">Square.</param>
    public static double SpectralRadius(double[,] matrix) => Eigenvalues(matrix).Max(value => value.Magnitude);

    /// <summary>All singular values, largest first.</summary>
    /// <param name="matrix">Of any shape but empty.</param>
    public static IReadOnlyList<double> SingularValues(double[,] matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        if (matrix.Length == 0)
        {
            throw new ArgumentException("An empty matrix has no singular values.", nameof(matrix));
        }

        return [.. Matrix<double>.Build.DenseOfArray(matrix).Svd(computeVectors: false).S];
    }

    /// <summary>‖A‖₂, the largest singular value.</summary>
    /// <param name="matrix">Of any shape but empty.</param>
    public static double SpectralNorm(double[,] matrix) => SingularValues(matrix)[0];

    /// <summary>
    /// ρ of a large matrix with independent entries: √(n·variance) (circular law: Girko 1984). The outermost
    /// eigenvalue of a finite one lies a little further out, 3 % at n = 500 (Rider 2003).
    /// </summary>
    /// <param name="size">n.</param>
    /// <param name="variance">Of one entry.</param>
    public static double WideSpectralRadius(int size, double variance) => Math.Sqrt(size * variance);

    /// <summary>‖W‖₂ of a large square matrix with independent entries: 2·√(n·variance), twice its radius.</summary>
    /// <param name="size">n.</param>
    /// <param name="variance">Of one entry.</param>
    public static double WideSpectralNorm(int size, double variance) => 2 * WideSpectralRadius(size, variance);

    /// <summary>A^t.</summary>
    /// <param name="matrix">Square.</param>
    /// <param name="exponent">t, at least 0.</param>
    public static double[,] Power(double[,] matrix, int exponent)
    {
        CheckSquare(matrix);
        ArgumentOutOfRangeException.ThrowIfNegative(exponent);
        return Matrix<double>.Build.DenseOfArray(matrix).Power(exponent).ToArray();
    }

    internal static void CheckSquare(double[,] matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        if (matrix.Length == 0 || matrix.GetLength(0) != matrix.GetLength(1))
        {
            throw new ArgumentException(
                $"A square matrix is needed, not {matrix.GetLength(0)} × {matrix.GetLength(1)}.", nameof(matrix));
        }
    }
}
