using GradFlow.Tensors;

namespace GradFlow.Experiments;

/// <summary>Data by use.</summary>
/// <param name="Train">What the optimiser sees.</param>
/// <param name="Validation">Held out of the training data, to judge and choose by.</param>
/// <param name="Test">Never used to choose anything; null if there is none.</param>
public sealed record DataSplits(Dataset Train, Dataset Validation, Dataset? Test)
{
    /// <summary>
    /// SHA-256 hashes of all parts as the net sees them, in hexadecimal digits: other data have others.
    /// </summary>
    public string Fingerprint => string.Join(
        '-', new[] { Train, Validation, Test }.OfType<Dataset>().Select(part => part.Fingerprint));

    /// <summary>Holds a random share of the training data out.</summary>
    internal static DataSplits HoldOut(Dataset train, Dataset? test, long seed, double validationShare)
    {
        int[] order = new RandomKey(seed, "validation split").Permutation(train.Count);
        int held = Math.Clamp((int)Math.Round(train.Count * validationShare), 1, train.Count - 1);
        return new DataSplits(train.Select(order.AsSpan(held)), train.Select(order.AsSpan(0, held)), test);
    }

    /// <summary>Moves and scales all inputs alike.</summary>
    internal DataSplits Rescale(InputScaling scaling) => new(
        scaling.Apply(Train), scaling.Apply(Validation), Test is null ? null : scaling.Apply(Test));
}
