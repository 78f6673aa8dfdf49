namespace GradFlow.Experiments;

/// <summary>The same layers several times in a row, each time with weights of their own.</summary>
[Entry("repeat")]
public sealed record RepeatSpec : LayerSpec
{
    /// <summary>How many times.</summary>
    [Limits(AtLeast = 1, AtMost = 1e4)]
    public required int Times { get; init; }

    /// <summary>The layers of one time.</summary>
    [NotEmpty]
    public required ValueList<LayerSpec> Layers { get; init; }
}
