using GradFlow.Experiments;
using GradFlow.Runs;

namespace GradFlow.Repair;

/// <summary>Half as many repeats; for nets that are written with them.</summary>
internal sealed class HalveDepth() : Intervention(CauseIds.Depth, "halved the depth")
{
    public override Experiment? Apply(Experiment experiment)
    {
        var halved = new ValueList<LayerSpec>(experiment.Model.Select(layer =>
            layer is RepeatSpec { Times: > 1 } repeat ? repeat with { Times = repeat.Times / 2 } : layer));
        return halved.Equals(experiment.Model) ? null : experiment with { Model = halved };
    }
}
