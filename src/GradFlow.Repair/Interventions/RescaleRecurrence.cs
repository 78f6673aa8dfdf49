using GradFlow.Experiments;
using GradFlow.Runs;

namespace GradFlow.Repair;

/// <summary>
/// Recurrent weights that keep the size of what passes them: orthogonal, and √2 times that before rectifiers.
/// </summary>
internal sealed class RescaleRecurrence()
    : Intervention(CauseIds.Recurrence, "drew the recurrent weights orthogonal, as large as the non-linearity needs")
{
    public override Experiment? Apply(Experiment experiment) =>
        RecurrentRewriting.Map(experiment, RecurrentRewriting.WithOrthogonalRecurrence);
}
