namespace GradFlow.Theory;

/// <summary>
/// A forward signal h[sample, unit] as mean-field theory sees it: three averages. NaN stands for "not covered".
/// </summary>
/// <param name="SecondMoment">q: mean of h² over samples and units.</param>
/// <param name="Covariance">
/// c: mean of h·h' over units and pairs of different samples. q − c is what a unit varies by between samples.
/// </param>
/// <param name="Mean">Mean of h over units; 0 behind zero-mean weights.</param>
public sealed record SignalState(double SecondMoment, double Covariance, double Mean = 0)
{
    internal static SignalState Unknown { get; } = new(double.NaN, double.NaN, double.NaN);

    internal bool HasScale => double.IsFinite(SecondMoment) && double.IsFinite(Mean);

    /// <summary>False behind an activation, until weights mix its units again.</summary>
    internal bool IsGaussian { get; init; } = true;

    internal bool HasSpread => HasScale && double.IsFinite(Covariance);

    /// <summary>The averages of a data set.</summary>
    /// <param name="values">Sample after sample, all of the same length.</param>
    /// <param name="samples">How many samples; one alone is taken to stand for all (c = q).</param>
    public static SignalState FromSamples(ReadOnlySpan<float> values, int samples)
    {
        if (samples < 1 || values.Length == 0 || values.Length % samples != 0)
        {
            throw new ArgumentException($"{values.Length} values can't be {samples} samples of equal length.");
        }

        var width = values.Length / samples;
        var sums = new double[width];
        var squares = 0.0;
        for (var k = 0; k < values.Length; k++)
        {
            sums[k % width] += values[k];
            squares += (double)values[k] * values[k];
        }

        var q = squares / values.Length;
        var pairs = (double)samples * (samples - 1) * width;
        var c = samples == 1 ? q : (sums.Sum(s => s * s) - squares) / pairs;
        return new SignalState(q, c, sums.Sum() / values.Length);
    }
}
