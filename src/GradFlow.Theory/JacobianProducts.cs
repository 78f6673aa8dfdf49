using MathNet.Numerics;
using MathNet.Numerics.LinearAlgebra;

namespace GradFlow.Theory;

/// <summary>
/// Products of random square matrices, which is what gradients of deep and recurrent nets are multiplied by.
/// Lyapunov exponents are rates of the norm per factor, in natural logarithms.
/// </summary>
public static class JacobianProducts
{
    /// <summary>
    /// The exponents of products of independent Gaussian n×n matrices with entries of variance gain²/n, largest first:
    /// ln g + ½·(ln 2 + ψ((n−i+1)/2) − ln n) for the i-th (Newman 1986).
    /// </summary>
    /// <param name="size">n.</param>
    /// <param name="gain">g, above 0.</param>
    public static IReadOnlyList<double> GaussianExponents(int size, double gain = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        if (!(gain > 0))
        {
            throw new ArgumentOutOfRangeException(nameof(gain), gain, "A gain has to be above 0.");
        }

        return [.. Enumerable.Range(1, size).Select(Exponent)];

        double Exponent(int i) => Math.Log(gain)
            + (Math.Log(2) + SpecialFunctions.DiGamma((size - i + 1) / 2.0) - Math.Log(size)) / 2;
    }

    /// <summary>
    /// The gain at which the top exponent of <see cref="GaussianExponents"/> is 0: e^−λ, a little above 1, since
    /// typical norms shrink while mean squared norms stay.
    /// </summary>
    /// <param name="size">n.</param>
    public static double CriticalGaussianGain(int size) => Math.Exp(-GaussianExponents(size)[0]);

    /// <summary>
    /// The exponents of a product, measured: a frame is carried along and made orthonormal after every factor, and the
    /// logs of the diagonal of R are averaged (Benettin et al. 1980).
    /// </summary>
    /// <param name="factors">Square matrices of one size, in the order in which they are applied.</param>
    /// <returns>One exponent per dimension, as they come: largest first, up to fluctuations.</returns>
    public static IReadOnlyList<double> MeasureExponents(IEnumerable<double[,]> factors)
    {
        ArgumentNullException.ThrowIfNull(factors);
        Matrix<double>? frame = null;
        double[] sums = [];
        var steps = 0;
        foreach (var factor in factors)
        {
            Spectra.CheckSquare(factor);
            var matrix = Matrix<double>.Build.DenseOfArray(factor);
            var split = (frame is null ? matrix : matrix * frame).QR();
            sums = frame is null ? new double[matrix.RowCount] : sums;
            frame = split.Q;
            for (var k = 0; k < sums.Length; k++)
            {
                sums[k] += Math.Log(Math.Abs(split.R[k, k]));
            }

            steps++;
        }

        return steps == 0
            ? throw new ArgumentException("Exponents need at least one factor.", nameof(factors))
            : [.. sums.Select(sum => sum / steps)];
    }

    /// <summary>
    /// (1/n)tr((JJᵀ)²) over the square of (1/n)tr(JJᵀ), for the Jacobian J of a wide net of this depth: 1 where all
    /// singular values are alike (dynamical isometry). 1 + L·(κ − s) with κ = E[φ'⁴]/E[φ'²]², s = 0 for Gaussian and 1
    /// for orthogonal weights (Pennington et al. 2017, 2018).
    /// </summary>
    /// <param name="nonlinearity">φ.</param>
    /// <param name="q">Pre-activation variance of every layer.</param>
    /// <param name="depth">L, layers.</param>
    /// <param name="orthogonal">Orthogonal weights rather than Gaussian ones.</param>
    public static double NormalizedSecondMoment(Nonlinearity nonlinearity, double q, int depth, bool orthogonal)
    {
        ArgumentNullException.ThrowIfNull(nonlinearity);
        ArgumentOutOfRangeException.ThrowIfNegative(depth);
        var slopes = nonlinearity.SlopeSecondMoment(q);
        var spread = nonlinearity.SlopeFourthMoment(q) / (slopes * slopes);
        return 1 + depth * (spread - (orthogonal ? 1 : 0));
    }

    /// <summary>
    /// The largest squared singular value of a product of wide square Gaussian matrices of variance 1/n:
    /// (L+1)^(L+1)/L^L (free probability: Banica et al. 2011).
    /// </summary>
    /// <param name="depth">L, factors; at least 1.</param>
    public static double LargestSquaredSingularValue(int depth)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(depth);
        return (depth + 1) * Math.Pow((depth + 1.0) / depth, depth);
    }
}
