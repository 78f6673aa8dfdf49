namespace GradFlow.Experiments;

/// <summary>How the layers are parted into segments whose inputs alone stay in memory.</summary>
[Catalogue("way of activation checkpointing")]
public abstract record CheckpointingSpec : CatalogueEntry
{
    /// <summary>Layers per segment in a net of so many.</summary>
    internal abstract int SegmentLength(int layers);

    /// <summary>Whether recurrent layers part their time steps too.</summary>
    internal abstract bool PartsTimeSteps { get; }
}
