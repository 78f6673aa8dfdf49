using GradFlow.Experiments;
using GradFlow.Runs;

namespace GradFlow.Repair;

/// <summary>The net without its normalisation layers.</summary>
internal sealed class TakeOffNormalization() : Intervention(CauseIds.Normalization, "took the normalisation layers off")
{
    public override Experiment Apply(Experiment experiment) => experiment with
    {
        Model = LayerRewriting.MapLists(
            experiment.Model, layers => layers.Where(layer => !LayerRewriting.IsNormalization(layer))),
    };
}
