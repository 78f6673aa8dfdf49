using GradFlow.Experiments;
using GradFlow.Runs;

namespace GradFlow.Repair;

/// <summary>A reservoir whose spectral radius leaves a tenth of what comes in over what the task needs.</summary>
internal sealed class LengthenReservoir()
    : Intervention(CauseIds.Recurrence, "scaled the reservoir to a spectral radius that keeps what the task needs")
{
    public override Experiment? Apply(Experiment experiment) => RecurrentRewriting.Map(
        experiment, layer => layer is EchoStateSpec reservoir
            ? reservoir with
            {
                SpectralRadius = Math.Max(reservoir.SpectralRadius, RecurrentRewriting.ReservoirRadius(experiment)),
            }
            : layer);
}
