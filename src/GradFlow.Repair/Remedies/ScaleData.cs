using GradFlow.Experiments;

namespace GradFlow.Repair;

/// <summary>
/// Inputs with mean 0 and standard deviation 1 (LeCun et al. 1998); not where they are the numbers of words.
/// </summary>
public sealed class ScaleData() : Remedy("scale-data", ForkKind.Restart)
{
    private protected override Experiment? Change(Experiment experiment) => experiment.Data switch
    {
        _ when experiment.Model.Any(layer => layer is EmbeddingSpec) => null,
        StrokesSpec data => experiment with { Data = data with { Scale = ImageScaling.Standard } },
        IdxDataSpec data => experiment with { Data = data with { Scale = ImageScaling.Standard } },
        CsvSpec data => experiment with { Data = data with { Scale = ColumnScaling.Standard } },
        _ => null,
    };
}
