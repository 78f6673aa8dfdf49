namespace GradFlow.Experiments;

/// <summary>x ↦ (x − shift)·factor, with a shift and a factor for each feature or the same for all.</summary>
internal sealed class InputScaling
{
    private readonly double[] _shift;
    private readonly double[] _factor;

    private InputScaling(double[] shift, double[] factor)
    {
        _shift = shift;
        _factor = factor;
    }

    /// <summary>Mean 0 and standard deviation 1 over all of the inputs together.</summary>
    public static InputScaling StandardOverAll(Dataset data) => Standard(data, 1);

    /// <summary>Mean 0 and standard deviation 1 of each feature; one that never varies is only shifted.</summary>
    public static InputScaling StandardPerFeature(Dataset data) => Standard(data, data.Features);

    public Dataset Apply(Dataset data)
    {
        float[] scaled = new float[data.Inputs.Length];
        for (int i = 0, k = 0; i < scaled.Length; i++, k = k + 1 == _shift.Length ? 0 : k + 1)
            scaled[i] = (float)((data.Inputs[i] - _shift[k]) * _factor[k]);
        return data.WithInputs(scaled);
    }

    private static InputScaling Standard(Dataset data, int groups)
    {
        double[] mean = Means(data.Inputs, groups, (x, _) => x);
        double[] variance = Means(data.Inputs, groups, (x, k) => (x - mean[k]) * (x - mean[k]));
        return new InputScaling(mean, [.. variance.Select(v => v > 0 ? 1 / Math.Sqrt(v) : 1)]);
    }

    private static double[] Means(float[] values, int groups, Func<double, int, double> value)
    {
        double[] sums = new double[groups];
        for (int i = 0, k = 0; i < values.Length; i++, k = k + 1 == groups ? 0 : k + 1)
            sums[k] += value(values[i], k);
        return [.. sums.Select(sum => sum / (values.Length / groups))];
    }
}
