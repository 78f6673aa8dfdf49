using GradFlow.Experiments;
using GradFlow.Runs;

namespace GradFlow.Repair;

/// <summary>Gates that keep all of the state.</summary>
internal sealed class OpenGates()
    : Intervention(CauseIds.Recurrence, "set the gates to keep the state, weights unchanged")
{
    /// <summary>σ(10) = 0.99995, which takes less than half a percent over 100 steps.</summary>
    private const double WideOpen = 10;

    public override Experiment? Apply(Experiment experiment) => RecurrentRewriting.Map(experiment, layer => layer switch
    {
        LstmSpec { Bias: not null } lstm => lstm with { ForgetBias = WideOpen },
        GruSpec { Bias: not null } gru => gru with { UpdateBias = WideOpen },
        _ => layer,
    });
}
