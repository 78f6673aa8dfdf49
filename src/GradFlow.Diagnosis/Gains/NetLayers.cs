using GradFlow.Runs;

namespace GradFlow.Diagnosis.Gains;

/// <summary>The part of the net whose gradient matters: from the first layer that is trained at all.</summary>
internal sealed class NetLayers
{
    public NetLayers(RunStructure structure)
    {
        Cuts = structure.Cuts;
        // A gradient that reaches frozen layers helps nobody, so what lies before the first trained one is left out.
        int firstTrained = structure.Parameters
            .Where(parameter => !parameter.IsFrozen).Select(parameter => parameter.Layer).DefaultIfEmpty(0).Min();
        int[] kept = [.. Enumerable.Range(0, Cuts.Count).Where(i => Cuts[i].Layer >= firstTrained)];
        FirstCut = kept.Length > 0 ? kept[0] : 0;
        LayerOutputs = [.. kept.Where(i => Cuts[i].IsLayerOutput)];
    }

    public IReadOnlyList<CutInfo> Cuts { get; }

    /// <summary>The first cut that belongs to a trained layer.</summary>
    public int FirstCut { get; }

    /// <summary>The cuts that decades per layer are counted over.</summary>
    public IReadOnlyList<int> LayerOutputs { get; }

    public CutInfo First => Cuts[LayerOutputs[0]];

    public CutInfo Last => Cuts[LayerOutputs[^1]];

    public LayerSpan Span => new(First.Name, Last.Name);
}
