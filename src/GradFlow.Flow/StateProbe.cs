using GradFlow.Autograd;
using GradFlow.Runs;
using MathNet.Numerics.LinearAlgebra;

namespace GradFlow.Flow;

/// <summary>What one time step of a recurrent layer does to its state, at the states of a pass.</summary>
internal static class StateProbe
{
    /// <summary>Time steps whose Jacobian's singular values are taken: at a quarter, at half and at the end.</summary>
    public const int JacobianSteps = 3;

    /// <summary>One sequence of more time steps than that says enough of the Lyapunov exponent.</summary>
    private const int LyapunovSteps = 200;

    /// <summary>Sequences of the batch that the Lyapunov exponent is averaged over at most.</summary>
    private const int Sequences = 2;

    /// <summary>
    /// Numbers in a state beyond which no spectrum is taken: an eigenvalue problem of that size costs seconds.
    /// </summary>
    public const int MostNumbers = 1024;

    /// <summary>A gate below counts as closed, as in Karpathy, Johnson and Fei-Fei (2016).</summary>
    private const double Closed = 0.1;

    /// <summary>A gate above counts as open, likewise.</summary>
    private const double Open = 0.9;

    /// <summary>Share of the sequence in which state and direction forget where they began.</summary>
    private const int SettlesIn = 4;

    /// <summary>
    /// Sequences of so many time steps that the Lyapunov exponent is averaged over, if the batch has them.
    /// </summary>
    public static int SequencesOf(int steps) => steps > LyapunovSteps ? 1 : Sequences;

    /// <summary>Adds to a layer's profile what its map from one state to the next shows.</summary>
    /// <param name="profile">The profile.</param>
    /// <param name="map">The layer's map; null where it shows none.</param>
    /// <param name="samples">Those of the batch that hold data at every time step.</param>
    /// <param name="lengths">The time steps of each sample that hold data; empty where all do.</param>
    /// <param name="withSpectra">Whether eigenvalues and singular values are due.</param>
    public static TimeProfile With(
        TimeProfile profile, StateMap? map, int[] samples, ReadOnlyMemory<int> lengths, bool withSpectra)
    {
        if (map is null) return profile;
        samples = [.. samples.Where(sample => sample < map.Samples).Take(SequencesOf(map.Steps))];
        if (samples.Length == 0) return profile;
        TimeProfile dynamics = profile with
        {
            Lyapunov = Lyapunov(map, samples),
            Gates = map.Gates.Count > 0 ? Gates(map, lengths) : null,
        };
        return withSpectra && map.Size <= MostNumbers
            ? dynamics with { Spectrum = Spectrum(map.RecurrentMatrix()), Jacobians = Jacobians(map, samples[0]) }
            : dynamics;
    }

    private static double? Lyapunov(StateMap map, int[] samples) => map.Steps < 2
        ? null
        : samples.Average(sample => LyapunovExponents.Of(map, sample, 1, (map.Steps - 1) / SettlesIn)[0]);

    private static GateStatistics[] Gates(StateMap map, ReadOnlyMemory<int> lengths)
    {
        // Where layers before have changed the number of time steps, nobody knows which of these hold data.
        bool isOfPass = lengths.Length == map.Samples && lengths.Span.IndexOfAnyExceptInRange(0, map.Steps) < 0;
        return [.. map.Gates.Zip(map.GateShares(Closed, Open, isOfPass ? lengths : default), (gate, shares) =>
            new GateStatistics(gate, shares.Mean, shares.Below, shares.Above))];
    }

    private static RecurrentSpectrum? Spectrum(double[,] matrix)
    {
        if (!IsFinite(matrix)) return null;
        if (matrix.Cast<double>().All(x => x == 0))
        {
            // The iteration for eigenvalues has nothing to begin with there, and doesn't end.
            double[] zeros = new double[matrix.GetLength(0)];
            return new RecurrentSpectrum(zeros, zeros, 0, 0);
        }
        Matrix<double> recurrent = Matrix<double>.Build.DenseOfArray(matrix);
        var values = recurrent.Evd(Symmetricity.Asymmetric).EigenValues;
        return new RecurrentSpectrum(
            [.. values.Select(value => value.Real)], [.. values.Select(value => value.Imaginary)],
            values.Max(value => value.Magnitude), recurrent.Svd(computeVectors: false).S[0]);
    }

    private static JacobianSpectrum[] Jacobians(StateMap map, int sample) =>
        [.. new[] { (map.Steps - 1) / 4, (map.Steps - 1) / 2, map.Steps - 1 }.Where(step => step > 0).Distinct()
            .Select(step => (Step: step, Jacobian: map.Jacobian(sample, step))).Where(at => IsFinite(at.Jacobian))
            .Select(at => new JacobianSpectrum(at.Step, Quantiles(at.Jacobian)))];

    private static double[] Quantiles(double[,] jacobian)
    {
        double[] values = [.. Matrix<double>.Build.DenseOfArray(jacobian).Svd(computeVectors: false).S];
        return [.. new[] { 0, 0.1, 0.5, 0.9, 1 }.Select(share => values[(int)Math.Round(share * (values.Length - 1))])];
    }

    private static bool IsFinite(double[,] matrix) => matrix.Cast<double>().All(double.IsFinite);
}
