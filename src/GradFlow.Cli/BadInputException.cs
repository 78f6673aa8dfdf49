namespace GradFlow.Cli;

/// <summary>What a person typed can't be used. The message is one line: what, where, what was expected.</summary>
/// <param name="message">The line.</param>
internal sealed class BadInputException(string message) : Exception(message);
