namespace GradFlow.Experiments;

/// <summary>
/// The words by which the experiment file means all parameters of a kind, where it doesn't name them.
/// </summary>
public static class ParameterKinds
{
    /// <summary>Those of two dimensions or more.</summary>
    public const string Weights = "weights";

    /// <summary>Those of normalisation layers.</summary>
    public const string Norms = "norms";

    /// <summary>All others, learned slopes and scales too.</summary>
    public const string Biases = "biases";

    /// <summary>Whether a text is one of these words, rather than a name.</summary>
    public static bool Contains(string text) => text is Weights or Norms or Biases;
}
