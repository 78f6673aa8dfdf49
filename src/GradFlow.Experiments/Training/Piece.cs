namespace GradFlow.Experiments;

/// <summary>Time steps in a row of several sequences.</summary>
/// <param name="Starts">
/// Where each begins, in time steps of all samples one after the other; −1 for a sequence that has ended, of which
/// nothing counts.
/// </param>
/// <param name="Steps">How many time steps.</param>
/// <param name="Counted">Of how many at the end the loss counts.</param>
internal sealed record Piece(int[] Starts, int Steps, int Counted);
