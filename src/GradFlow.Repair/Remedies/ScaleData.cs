using GradFlow.Experiments;

namespace GradFlow.Repair;

/// <summary>Inputs with mean 0 and standard deviation 1 (LeCun et al. 1998).</summary>
public sealed class ScaleData() : Remedy("scale-data", ForkKind.Restart)
{
    private protected override Experiment? Change(Experiment experiment) => experiment.Data switch
    {
        StrokesSpec data => experiment with { Data = data with { Scale = ImageScaling.Standard } },
        MnistSpec data => experiment with { Data = data with { Scale = ImageScaling.Standard } },
        CsvSpec data => experiment with { Data = data with { Scale = ColumnScaling.Standard } },
        _ => null,
    };
}
