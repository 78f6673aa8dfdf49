namespace GradFlow.Experiments.Tests;

/// <summary>What the reader says of a text that it refuses.</summary>
internal static class Refusal
{
    public static string Of(string text) =>
        Should.Throw<InvalidExperimentException>(() => ExperimentFile.Parse(text, "bad.yaml")).Message;
}
