namespace GradFlow.Experiments;

/// <summary>Samples with what is to be predicted of them, as packed arrays that nobody changes.</summary>
public sealed class Dataset
{
    private readonly Lazy<(double MeanSquare, double MaxAbs, double MeanProduct)> _inputMoments;

    private Dataset(float[] inputs, int[] inputShape, int[]? labels, float[]? targets, int targetSize, int classes)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(inputShape);
        Features = inputShape.Aggregate(1, (size, n) => checked(size * n));
        if (Features < 1 || inputs.Length % Features != 0)
            throw new ArgumentException("must hold whole samples of the given shape", nameof(inputs));
        Count = inputs.Length / Features;
        Inputs = inputs;
        InputShape = inputShape;
        Labels = labels;
        Targets = targets;
        TargetSize = targetSize;
        Classes = classes;
        _inputMoments = new(MeasureInputs);
    }

    /// <summary>The samples one after the other, each in row-major order.</summary>
    public float[] Inputs { get; }

    /// <summary>One sample's shape.</summary>
    public int[] InputShape { get; }

    /// <summary>Numbers per sample: the product of <see cref="InputShape"/>.</summary>
    public int Features { get; }

    /// <summary>Each sample's class, from 0; null for regression.</summary>
    public int[]? Labels { get; }

    /// <summary>Each sample's numbers to predict, one after the other; null for classification.</summary>
    public float[]? Targets { get; }

    /// <summary>Numbers to predict per sample; 0 for classification.</summary>
    public int TargetSize { get; }

    /// <summary>The number of classes; 0 for regression.</summary>
    public int Classes { get; }

    /// <summary>The number of samples.</summary>
    public int Count { get; }

    /// <summary>
    /// The mean of x², the largest |x| and the mean of x·y/n over pairs of samples; measured once, since many trainings
    /// share their data.
    /// </summary>
    internal (double MeanSquare, double MaxAbs, double MeanProduct) InputMoments => _inputMoments.Value;

    /// <summary>Samples with classes.</summary>
    /// <param name="inputs">The samples one after the other.</param>
    /// <param name="inputShape">One sample's shape.</param>
    /// <param name="labels">Each sample's class, from 0.</param>
    /// <param name="classes">The number of classes.</param>
    public static Dataset ForClasses(float[] inputs, int[] inputShape, int[] labels, int classes)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        if (Array.Exists(labels, label => label < 0 || label >= classes))
            throw new ArgumentException($"must lie from 0 to {classes - 1}", nameof(labels));
        Dataset data = new(inputs, inputShape, labels, null, 0, classes);
        return labels.Length == data.Count
            ? data
            : throw new ArgumentException("must be one per sample", nameof(labels));
    }

    /// <summary>Samples with numbers to predict.</summary>
    /// <param name="inputs">The samples one after the other.</param>
    /// <param name="inputShape">One sample's shape.</param>
    /// <param name="targets">Each sample's numbers to predict, one after the other.</param>
    /// <param name="targetSize">Numbers to predict per sample.</param>
    public static Dataset ForRegression(float[] inputs, int[] inputShape, float[] targets, int targetSize)
    {
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentOutOfRangeException.ThrowIfLessThan(targetSize, 1);
        Dataset data = new(inputs, inputShape, null, targets, targetSize, 0);
        return targets.Length == (long)data.Count * targetSize
            ? data
            : throw new ArgumentException("must be as many per sample as the target's size", nameof(targets));
    }

    /// <summary>Some of the samples, in the order asked for.</summary>
    /// <param name="rows">Their numbers, from 0.</param>
    public Dataset Select(ReadOnlySpan<int> rows)
    {
        float[] inputs = SelectRows(Inputs, Features, rows);
        return Targets is null
            ? ForClasses(inputs, InputShape, SelectRows(Labels!, 1, rows), Classes)
            : ForRegression(inputs, InputShape, SelectRows(Targets, TargetSize, rows), TargetSize);
    }

    /// <summary>The same samples with other inputs of the same shape.</summary>
    internal Dataset WithInputs(float[] inputs) => new(inputs, InputShape, Labels, Targets, TargetSize, Classes);

    private (double MeanSquare, double MaxAbs, double MeanProduct) MeasureInputs()
    {
        double[] sums = new double[Features];
        double squares = 0, maxAbs = 0;
        for (int i = 0, k = 0; i < Inputs.Length; i++, k = k + 1 == sums.Length ? 0 : k + 1)
        {
            double x = Inputs[i];
            sums[k] += x;
            squares += x * x;
            maxAbs = Math.Max(maxAbs, Math.Abs(x));
        }

        // Σ over i≠j of xᵢ·xⱼ is |Σxᵢ|² − Σ|xᵢ|².
        double pairs = (double)Count * (Count - 1) * Features;
        double product = pairs == 0 ? 0 : (sums.Sum(s => s * s) - squares) / pairs;
        return (squares / Inputs.Length, maxAbs, product);
    }

    private static T[] SelectRows<T>(T[] values, int size, ReadOnlySpan<int> rows)
    {
        T[] selected = new T[rows.Length * size];
        for (int i = 0; i < rows.Length; i++)
            values.AsSpan(rows[i] * size, size).CopyTo(selected.AsSpan(i * size));
        return selected;
    }
}
