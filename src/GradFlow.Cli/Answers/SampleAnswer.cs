namespace GradFlow.Cli.Answers;

/// <summary>What <c>sample --json</c> prints.</summary>
/// <param name="Run">The run's path.</param>
/// <param name="Step">Training steps that the net has taken.</param>
/// <param name="Seed">What it was drawn from.</param>
/// <param name="Prompt">What the text begins with.</param>
/// <param name="Text">What the net wrote after it; bytes that are no UTF-8 are replacement characters.</param>
/// <param name="Bytes">The same as bytes, in base64, of a net that writes bytes; null of others.</param>
internal sealed record SampleAnswer(
    string Run, int Step, int Seed, string Prompt, string Text, byte[]? Bytes = null);
