namespace GradFlow.Experiments;

/// <summary>What is wrong between the keys of one map, as a sentence, and the key to point at.</summary>
internal sealed record SpecProblem(string? Key, string Message);

/// <summary>A record whose keys must also fit each other.</summary>
internal interface IConstrained
{
    /// <summary>The first thing that doesn't fit; null if all does.</summary>
    SpecProblem? FindProblem();
}
