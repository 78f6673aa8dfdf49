namespace GradFlow.Experiments;

/// <summary>How a net writes.</summary>
public sealed record SamplingOptions
{
    /// <summary>Characters, bytes or words to write.</summary>
    public int Length { get; init; } = 500;

    /// <summary>
    /// What outputs are divided by before they become probabilities (Ackley, Hinton and Sejnowski 1985): 1 draws as the
    /// net predicts, less takes the likely ones more often, 0 the likeliest alone.
    /// </summary>
    public double Temperature { get; init; } = 1;

    /// <summary>Draws among so many of the likeliest alone; null for all.</summary>
    public int? Top { get; init; }

    /// <summary>What is drawn is drawn from it.</summary>
    public int Seed { get; init; }
}
