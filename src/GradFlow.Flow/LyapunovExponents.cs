using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Flow;

/// <summary>
/// Lyapunov exponents of a recurrent layer along the way that a pass took: the rates, in natural logs per time step, at
/// which small differences of the state grow.
/// </summary>
public static class LyapunovExponents
{
    /// <summary>
    /// Carries a frame of directions along with the states' own Jacobians, makes it orthonormal after every time step
    /// and averages the logs of what that took off (the diagonal of R of a QR decomposition; Benettin et al. 1980).
    /// </summary>
    /// <param name="map">The layer's map from one state to the next.</param>
    /// <param name="sample">The sequence, from 0.</param>
    /// <param name="count">How many exponents, 1 to <see cref="StateMap.Size"/>.</param>
    /// <param name="settle">
    /// Time steps at the start that aren't averaged over, in which state and frame forget where they began.
    /// </param>
    /// <returns>The exponents, as they come: largest first, up to fluctuations; −∞ for what is lost for good.</returns>
    /// <exception cref="ArgumentOutOfRangeException">
    /// No such sequence, too many exponents, or no time step after those at the start.
    /// </exception>
    public static double[] Of(StateMap map, int sample, int count, int settle = 0)
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, map.Size);
        ArgumentOutOfRangeException.ThrowIfNegative(settle);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(settle, map.Steps - 1);
        double[][] frame = Start(count, map.Size), next = [.. frame.Select(direction => new double[direction.Length])];
        var sums = new double[count];
        for (int step = 1; step < map.Steps; step++)
        {
            for (int k = 0; k < count; k++) map.Push(sample, step, frame[k], next[k]);
            (frame, next) = (next, frame);
            for (int k = 0; k < count; k++)
            {
                double growth = Math.Log(TakeOff(frame, k));
                if (step > settle || double.IsNegativeInfinity(growth)) sums[k] += growth;
            }
        }
        return Array.ConvertAll(sums, sum => sum / (map.Steps - 1 - settle));
    }

    /// <summary>
    /// Makes a direction orthogonal to those before it and of length 1; returns the length that was left. What is of
    /// length 0 stays so.
    /// </summary>
    private static double TakeOff(double[][] frame, int k)
    {
        double[] own = frame[k];
        for (int j = 0; j < k; j++)
        {
            double share = Dot(frame[j], own);
            for (int i = 0; i < own.Length; i++) own[i] -= share * frame[j][i];
        }
        double length = Math.Sqrt(Dot(own, own));
        if (length > 0)
            for (int i = 0; i < own.Length; i++) own[i] /= length;
        return length;
    }

    private static double[][] Start(int count, int size)
    {
        Tensor draws = Tensor.Zeros(new Shape(count, size), ElementType.Float64);
        Kernels.FillNormalInPlace(draws, new RandomKey(0, "lyapunov"), 0, 1);
        double[][] frame = [.. draws.ToDoubles().Chunk(size)];
        for (int k = 0; k < count; k++) TakeOff(frame, k);
        return frame;
    }

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }
}
