namespace GradFlow.Theory;

/// <summary>
/// The linear recurrent unit at its ring initialisation (Orvieto et al. 2023): what the gradient keeps over k steps is
/// the ring's alone, whatever comes in.
/// </summary>
/// <param name="Weights">Its input's weights; none of the state's.</param>
/// <param name="Ring">What its eigenvalues are drawn from.</param>
public sealed record LinearRecurrentUnitStage(RecurrentEnsemble Weights, EigenvalueRing Ring) : RecurrentStage(Weights)
{
    private protected override double Decades(double drive, int steps) => Ring.Decades(steps);

    private protected override (double SecondMoment, double Mean) State(double drive) => (double.NaN, double.NaN);
}
