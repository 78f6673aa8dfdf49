namespace GradFlow.Nn;

/// <summary>The catalogue of losses.</summary>
public static class Losses
{
    /// <summary>Every loss.</summary>
    public static IReadOnlyList<Loss> All { get; } =
        [new CrossEntropy(), new BinaryCrossEntropy(), new NllProbabilities(), new MeanSquaredError()];

    /// <summary>
    /// The loss of a name: <c>cross-entropy</c>, <c>binary-cross-entropy</c>, <c>nll-probabilities</c> or <c>mse</c>.
    /// </summary>
    /// <exception cref="ArgumentException">There is no such loss.</exception>
    public static Loss Find(string name) => All.FirstOrDefault(loss => loss.Name == name)
        ?? throw new ArgumentException(
            $"there is no loss '{name}'; expected one of {string.Join(", ", All.Select(loss => loss.Name))}");
}
