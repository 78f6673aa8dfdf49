using GradFlow.Experiments;

namespace GradFlow.Repair;

/// <summary>
/// Other initial weights in every linear layer and convolution, and in recurrent ones where it suits them, with biases
/// at 0.
/// </summary>
public abstract class InitRemedy : Remedy
{
    private readonly Func<LayerSpec, LayerSpec> _recurrent;

    private protected InitRemedy(string id, Func<LayerSpec, LayerSpec>? recurrent = null)
        : base(id, ForkKind.Restart) => _recurrent = recurrent ?? (layer => layer);

    private protected sealed override Experiment? Change(Experiment experiment) =>
        InitFor(LayerRewriting.MainActivation(experiment)) is { } init
            ? LayerRewriting.WithInit(experiment, init, _recurrent)
            : null;

    /// <summary>The weights for a net's main activation; null where there are none that would help it.</summary>
    private protected abstract InitSpec? InitFor(LayerSpec? activation);
}
