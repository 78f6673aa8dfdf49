namespace GradFlow.Experiments;

/// <summary>A training to run: data, net, loss, optimiser and how long; the experiment file is its text.</summary>
public sealed record Experiment : IConstrained
{
    /// <summary>What runs of it are called: letters, digits, dots, hyphens and underscores.</summary>
    [FileName]
    public required string Name { get; init; }

    /// <summary>The number that everything random is drawn from.</summary>
    [Written]
    [Limits(AtLeast = 0)]
    public int Seed { get; init; }

    /// <summary>What it learns from.</summary>
    public required DataSpec Data { get; init; }

    /// <summary>The layers, from input to output.</summary>
    [NotEmpty]
    public required ValueList<LayerSpec> Model { get; init; }

    /// <summary>What the optimiser minimises.</summary>
    public required LossSpec Loss { get; init; }

    /// <summary>How gradients become updates.</summary>
    public required OptimizerSpec Optimizer { get; init; }

    /// <summary>How long it trains, and on how much at once.</summary>
    public required TrainingSpec Training { get; init; }

    SpecProblem? IConstrained.FindProblem() => ModelSize.FindProblem(Model);
}
