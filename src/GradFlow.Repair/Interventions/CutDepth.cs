using GradFlow.Experiments;
using GradFlow.Runs;

namespace GradFlow.Repair;

/// <summary>A quarter of the repeats; for nets that are written with them.</summary>
internal sealed class CutDepth() : Intervention(CauseIds.Depth, "kept a quarter of the repeated layers")
{
    public override Experiment Apply(Experiment experiment) => experiment with
    {
        Model = new ValueList<LayerSpec>(experiment.Model.Select(layer =>
            layer is RepeatSpec { Times: > 1 } repeat ? repeat with { Times = Math.Max(1, repeat.Times / 4) } : layer)),
    };
}
