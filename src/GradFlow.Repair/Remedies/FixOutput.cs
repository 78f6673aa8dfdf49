using GradFlow.Experiments;

namespace GradFlow.Repair;

/// <summary>
/// Logits for the losses that want them: an activation behind the last linear layer is taken off, and probabilities
/// that a linear layer can't give are replaced by cross-entropy on logits.
/// </summary>
public sealed class FixOutput() : Remedy("fix-output", ForkKind.Restart)
{
    private protected override Experiment? Change(Experiment experiment)
    {
        bool wantsLogits = experiment.Loss is CrossEntropySpec or BinaryCrossEntropySpec or NllProbabilitiesSpec;
        if (!wantsLogits) return null;
        ValueList<LayerSpec> model = experiment.Model;
        if (LayerRewriting.IsActivation(model[^1])) model = new ValueList<LayerSpec>(model.Take(model.Count - 1));
        LossSpec loss = experiment.Loss is NllProbabilitiesSpec ? new CrossEntropySpec() : experiment.Loss;
        return model.Count == 0 ? null : experiment with { Model = model, Loss = loss };
    }
}
