namespace GradFlow.Experiments;

/// <summary>A block with an identity path beside a branch of layers.</summary>
public abstract record BlockSpec : LayerSpec
{
    /// <summary>The branch's layers; its output has the shape of its input, but for features that are concatenated, and
    /// beside a shortcut.</summary>
    [Shorthand]
    [NotEmpty]
    public required ValueList<LayerSpec> Layers { get; init; }
}
