using GradFlow.Experiments;

namespace GradFlow.Repair;

/// <summary>
/// A decoupled weight decay of 0.01 on weights alone (Krogh &amp; Hertz 1992; Loshchilov &amp; Hutter 2019): weights
/// that training has driven into saturation come back.
/// </summary>
public sealed class WeightDecay() : Remedy("weight-decay", ForkKind.Continue)
{
    private const double Decay = 0.01;

    private protected override Experiment? Change(Experiment experiment) => experiment.Optimizer.WeightDecay >= Decay
        ? null
        : experiment with
        {
            Optimizer = experiment.Optimizer with
            {
                WeightDecay = Decay,
                Decoupled = true,
                Groups =
                [
                    .. experiment.Optimizer.Groups,
                    new ParameterGroupSpec { Parameters = [ParameterKinds.Biases, ParameterKinds.Norms],
                        WeightDecay = 0 },
                ],
            },
        };
}
