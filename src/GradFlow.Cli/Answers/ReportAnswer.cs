namespace GradFlow.Cli.Answers;

/// <summary>What <c>report --json</c> prints.</summary>
/// <param name="Run">The run's path.</param>
/// <param name="Report">The page's path.</param>
internal sealed record ReportAnswer(string Run, string Report);
