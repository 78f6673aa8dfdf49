using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace GradFlow.Experiments;

/// <summary>
/// Samples with what is to be predicted of them, as packed arrays that nobody changes. A sample that is a sequence has
/// the shape [time steps, features]; what is to be predicted of it is one thing at its end, or something at every step.
/// Sequences that are shorter than others are padded behind their ends: with inputs of 0, and nothing to predict.
/// </summary>
public sealed class Dataset
{
    private readonly Lazy<(double MeanSquare, double MaxAbs, double MeanProduct)> _inputMoments;
    private readonly Lazy<string> _fingerprint;

    private Dataset(
        float[] inputs, int[] inputShape, int[]? labels, float[]? targets, int targetSize, int classes,
        SequenceTraits? traits, int[]? tokens = null)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(inputShape);
        Features = inputShape.Aggregate(1, (size, n) => checked(size * n));
        (int length, int size) = tokens is null ? (inputs.Length, Features) : (tokens.Length, inputShape[0]);
        if (Features < 1 || length % size != 0)
            throw new ArgumentException("must hold whole samples of the given shape", nameof(inputs));
        Count = length / size;
        Inputs = inputs;
        Tokens = tokens;
        InputShape = inputShape;
        Labels = labels;
        Targets = targets;
        TargetSize = targetSize;
        Classes = classes;
        bool isPerStep = labels?.Length > Count || targets?.Length > (long)Count * targetSize;
        LabelsPerSample = isPerStep ? inputShape[0] : 1;
        Traits = traits ?? new SequenceTraits();
        if (Traits.FindProblem(this) is { } problem) throw new ArgumentException(problem, nameof(traits));
        _inputMoments = new(MeasureInputs);
        _fingerprint = new(TakeFingerprint);
    }

    /// <summary>
    /// The samples one after the other, each in row-major order; empty where they are <see cref="Tokens"/>.
    /// </summary>
    public float[] Inputs { get; }

    /// <summary>
    /// Of samples [time steps, words] that are rows with a 1 at a word's number: these numbers, one sample after the
    /// other, in place of the rows, which are made as batches need them. Null where <see cref="Inputs"/> holds all.
    /// </summary>
    public int[]? Tokens { get; }

    /// <summary>One sample's shape.</summary>
    public int[] InputShape { get; }

    /// <summary>Numbers per sample: the product of <see cref="InputShape"/>.</summary>
    public int Features { get; }

    /// <summary>
    /// Each sample's class, from 0, or its class at every time step, one sample after the other; −1 where none is asked
    /// for. Null for regression.
    /// </summary>
    public int[]? Labels { get; }

    /// <summary>1, or a sequence's time steps where each has a label, or numbers to predict.</summary>
    public int LabelsPerSample { get; }

    /// <summary>
    /// Each sample's numbers to predict, or those of every time step, one sample after the other; NaN where none is
    /// asked for. Null for classification.
    /// </summary>
    public float[]? Targets { get; }

    /// <summary>
    /// Numbers to predict per sample, or per time step where each has some; 0 for classification.
    /// </summary>
    public int TargetSize { get; }

    /// <summary>The number of classes; 0 for regression.</summary>
    public int Classes { get; }

    /// <summary>The number of samples.</summary>
    public int Count { get; }

    /// <summary>
    /// Of sequences: time steps between what decides and the last output, which it decides; null if unknown.
    /// </summary>
    public int? LongestDependency { get; private init; }

    /// <summary>The words that the classes, and one-hot inputs, stand for; null if they are none.</summary>
    public IReadOnlyList<string>? Vocabulary { get; private init; }

    /// <summary>What is known of sequences beside their inputs and what is to be predicted of them.</summary>
    public SequenceTraits Traits { get; }

    /// <summary>What stands between words of the vocabulary in a text.</summary>
    internal string Separator { get; private init; } = " ";

    /// <summary>
    /// The mean of x², the largest |x| and the mean of x·y/n over pairs of samples, padding left out; measured once,
    /// since many trainings share their data.
    /// </summary>
    internal (double MeanSquare, double MaxAbs, double MeanProduct) InputMoments => _inputMoments.Value;

    /// <summary>
    /// The SHA-256 of the inputs' bits and those of what is to be predicted, in hexadecimal digits; taken once. Samples
    /// in another order have another.
    /// </summary>
    internal string Fingerprint => _fingerprint.Value;

    /// <summary>Samples with classes.</summary>
    /// <param name="inputs">The samples one after the other.</param>
    /// <param name="inputShape">One sample's shape.</param>
    /// <param name="labels">
    /// Each sample's class, from 0; of samples [time steps, features] also one at every step. −1 isn't compared with.
    /// </param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="longestDependency">Time steps between what decides and the last output; null if unknown.</param>
    /// <param name="vocabulary">
    /// The words that the classes stand for, and one-hot inputs; null if they are none.
    /// </param>
    /// <param name="traits">Lengths and the like; null for sequences that are all whole.</param>
    public static Dataset ForClasses(
        float[] inputs, int[] inputShape, int[] labels, int classes,
        int? longestDependency = null, IReadOnlyList<string>? vocabulary = null, SequenceTraits? traits = null)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        if (Array.Exists(labels, label => label < -1 || label >= classes))
            throw new ArgumentException($"must lie from 0 to {classes - 1}, or be -1 for none", nameof(labels));
        Dataset data = new(inputs, inputShape, labels, null, 0, classes, traits)
        {
            LongestDependency = longestDependency,
            Vocabulary = vocabulary,
        };
        bool isPerStep = inputShape.Length == 2 && labels.Length == (long)data.Count * inputShape[0];
        return labels.Length == data.Count || isPerStep
            ? data
            : throw new ArgumentException("must be one per sample, or one per time step", nameof(labels));
    }

    /// <summary>Samples with numbers to predict.</summary>
    /// <param name="inputs">The samples one after the other.</param>
    /// <param name="inputShape">One sample's shape.</param>
    /// <param name="targets">
    /// Each sample's numbers to predict, one after the other; of samples [time steps, features] also those of every
    /// step. NaN isn't compared with.
    /// </param>
    /// <param name="targetSize">Numbers to predict per sample, or per step.</param>
    /// <param name="longestDependency">Time steps between what decides and the last output; null if unknown.</param>
    /// <param name="traits">Lengths and the like; null for sequences that are all whole.</param>
    public static Dataset ForRegression(
        float[] inputs, int[] inputShape, float[] targets, int targetSize, int? longestDependency = null,
        SequenceTraits? traits = null)
    {
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentOutOfRangeException.ThrowIfLessThan(targetSize, 1);
        Dataset data = new(inputs, inputShape, null, targets, targetSize, 0, traits)
        {
            LongestDependency = longestDependency,
        };
        long whole = (long)data.Count * targetSize;
        return targets.Length == whole || (inputShape.Length == 2 && targets.Length == whole * inputShape[0])
            ? data
            : throw new ArgumentException(
                "must be as many per sample, or per time step, as the target's size", nameof(targets));
    }

    /// <summary>
    /// Sequences of words, as their numbers, and the word to predict at every step; all of them count.
    /// </summary>
    /// <param name="tokens">The words' numbers, one sample after the other.</param>
    /// <param name="labels">The numbers of the words to predict, as many.</param>
    /// <param name="steps">Time steps of a sample.</param>
    /// <param name="vocabulary">The words that the numbers stand for.</param>
    /// <param name="separator">What stands between them in a text.</param>
    internal static Dataset ForTokens(
        int[] tokens, int[] labels, int steps, IReadOnlyList<string> vocabulary, string separator) =>
        new(
            [], [steps, vocabulary.Count], labels, null, 0, vocabulary.Count,
            new() { Judged = steps, TargetsAreLaterInputs = true }, tokens)
        {
            Vocabulary = vocabulary,
            Separator = separator,
        };

    /// <summary>Some of the samples, in the order asked for.</summary>
    /// <param name="rows">Their numbers, from 0.</param>
    public Dataset Select(ReadOnlySpan<int> rows)
    {
        if (Tokens is not null)
            return ForTokens(
                SelectRows(Tokens, InputShape[0], rows), SelectRows(Labels!, LabelsPerSample, rows), InputShape[0],
                Vocabulary!, Separator);
        float[] inputs = SelectRows(Inputs, Features, rows);
        SequenceTraits traits = Traits.Lengths is { } lengths
            ? Traits with { Lengths = SelectRows(lengths, 1, rows) }
            : Traits;
        return Targets is null
            ? ForClasses(
                inputs, InputShape, SelectRows(Labels!, LabelsPerSample, rows), Classes, LongestDependency, Vocabulary,
                traits)
            : ForRegression(
                inputs, InputShape, SelectRows(Targets, TargetSize * LabelsPerSample, rows), TargetSize,
                LongestDependency, traits);
    }

    /// <summary>
    /// A sequence of words as text: the inputs and, at the end, the last label, such as <c>i grew up in peru . … i
    /// speak spanish</c>.
    /// </summary>
    /// <param name="row">The sample's number, from 0.</param>
    /// <exception cref="InvalidOperationException">The classes are no words.</exception>
    public string Sentence(int row)
    {
        if (Vocabulary is null)
            throw new InvalidOperationException("the data has no vocabulary; expected classes that are words");
        int[] words = Tokens is null
            ? [.. Inputs.AsSpan(row * Features, Features).ToArray().Chunk(InputShape[^1])
                .Take(Traits.Lengths?[row] ?? InputShape[0])
                .Select(oneHot => Array.IndexOf(oneHot, 1f))]
            : Tokens.AsSpan(row * InputShape[0], InputShape[0]).ToArray();
        int last = Labels![(row * LabelsPerSample) + EndOf(row) - 1];
        return string.Join(Separator, words.Append(last).Select(word => Vocabulary[word]));
    }

    /// <summary>The labels of each sample's last time steps, or its label where it has one.</summary>
    /// <param name="steps">How many of the steps that hold data.</param>
    internal IEnumerable<int> LastLabels(int steps) => Enumerable.Range(0, Count).SelectMany(row =>
    {
        int start = row * LabelsPerSample, end = EndOf(row);
        return Labels!.Take((start + Math.Max(0, end - steps))..(start + end));
    });

    /// <summary>The k-th of the numbers to predict: those of all time steps that have some, or of the last.</summary>
    internal IEnumerable<double> TargetsOf(int k, bool isEveryStep) => Enumerable.Range(0, Count).SelectMany(row =>
        Enumerable.Range(isEveryStep ? 0 : EndOf(row) - 1, isEveryStep ? LabelsPerSample : 1)
            .Select(step => (double)Targets![((((row * LabelsPerSample) + step) * TargetSize) + k)]));

    /// <summary>The time steps of a sample that something may be predicted at.</summary>
    internal int EndOf(int row) => LabelsPerSample == 1 ? 1 : Traits.Lengths?[row] ?? LabelsPerSample;

    /// <summary>The same samples with other inputs of the same shape.</summary>
    internal Dataset WithInputs(float[] inputs) => new(
        inputs, InputShape, Labels, Targets, TargetSize, Classes, Traits)
    {
        LongestDependency = LongestDependency,
        Vocabulary = Vocabulary,
    };

    private (double MeanSquare, double MaxAbs, double MeanProduct) MeasureInputs()
    {
        double[] sums = new double[Features];
        double squares = 0, maxAbs = 0;
        for (int i = 0; i < Tokens?.Length; i++) sums[(i % InputShape[0] * InputShape[1]) + Tokens[i]]++;
        if (Tokens is not null) (squares, maxAbs) = (Tokens.Length, 1);
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
        double padded = Traits.Lengths is { } lengths ? (double)Count * InputShape[0] / lengths.Sum(n => (long)n) : 1;
        return (squares / ((double)Count * Features) * padded, maxAbs, product * padded);
    }

    private string TakeFingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append<float>(hash, Inputs);
        Append<int>(hash, Tokens);
        Append<int>(hash, Labels);
        Append<float>(hash, Targets);
        Append<int>(hash, Traits.Lengths);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>A piece at a time: the bytes of all may be more than a span holds.</summary>
    private static void Append<T>(IncrementalHash hash, ReadOnlySpan<T> values)
        where T : struct
    {
        const int piece = 1 << 20;
        for (; !values.IsEmpty; values = values[Math.Min(piece, values.Length)..])
            hash.AppendData(MemoryMarshal.AsBytes(values[..Math.Min(piece, values.Length)]));
    }

    private static T[] SelectRows<T>(T[] values, int size, ReadOnlySpan<int> rows)
    {
        T[] selected = new T[rows.Length * size];
        for (int i = 0; i < rows.Length; i++)
            values.AsSpan(rows[i] * size, size).CopyTo(selected.AsSpan(i * size));
        return selected;
    }
}
