namespace GradFlow.Diagnosis;

/// <summary>A stretch of numbers, one per step: their mean, and the mean's variance as batches scatter.</summary>
internal readonly record struct Window(double Mean, double Variance)
{
    private const double StandardErrors = 3;

    public static Window Of(IReadOnlyList<double> values, int from, int count)
    {
        double sum = 0, squares = 0;
        for (int i = from; i < from + count; i++) sum += values[i];
        double mean = sum / count;
        for (int i = from; i < from + count; i++) squares += (values[i] - mean) * (values[i] - mean);
        return new Window(mean, count > 1 ? squares / (count - 1) / count : 0);
    }

    /// <summary>What the mean is at least, beyond what the scatter of batches explains.</summary>
    public double Least => Mean - StandardErrors * Math.Sqrt(Variance);

    /// <summary>True where this lies above another beyond what the scatter of batches explains.</summary>
    public bool IsAbove(Window other) =>
        Mean - other.Mean > StandardErrors * Math.Sqrt(Variance + other.Variance);
}
