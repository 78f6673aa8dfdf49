namespace GradFlow.Cli.Answers;

/// <summary>What <c>sample --json</c> prints.</summary>
/// <param name="Run">The run's path.</param>
/// <param name="Step">Training steps that the net has taken.</param>
/// <param name="Seed">What it was drawn from.</param>
/// <param name="Prompt">What the text begins with.</param>
/// <param name="Text">What the net wrote after it.</param>
internal sealed record SampleAnswer(string Run, int Step, int Seed, string Prompt, string Text);
