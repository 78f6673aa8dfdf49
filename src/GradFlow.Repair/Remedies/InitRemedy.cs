using GradFlow.Experiments;

namespace GradFlow.Repair;

/// <summary>Other initial weights in every linear layer, with biases at 0.</summary>
public abstract class InitRemedy : Remedy
{
    private protected InitRemedy(string id)
        : base(id, ForkKind.Restart)
    {
    }

    private protected sealed override Experiment Change(Experiment experiment)
    {
        InitSpec init = InitFor(LayerRewriting.MainActivation(experiment));
        return experiment with
        {
            Model = LayerRewriting.Map(experiment.Model, layer => layer is LinearSpec linear
                ? linear with { Init = init, Bias = linear.Bias is null ? null : new ZerosInitSpec() }
                : layer),
        };
    }

    private protected abstract InitSpec InitFor(LayerSpec? activation);
}
