using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>
/// The two moments of Adam and the update by them (Kingma &amp; Ba 2015, algorithm 1), which Adam and AdamW share.
/// </summary>
internal sealed class AdamMoments(
    IReadOnlyList<Parameter> parameters, double beta1, double beta2, double epsilon)
{
    private const string FirstMoment = "first-moment", SecondMoment = "second-moment", Steps = "steps";
    private readonly double _beta2 = Bounds.RequireShare(beta2);
    private readonly double _epsilon = Bounds.RequireNonNegative(epsilon);

    /// <summary>β₁, the share of the first moment that the next step keeps.</summary>
    public double Beta1
    {
        get;
        set => field = Bounds.RequireShare(value);
    } = Bounds.RequireShare(beta1);

    public ParameterState State { get; } = new(parameters, FirstMoment, SecondMoment, Steps);

    public void Update(Parameter parameter, double rate, double decay)
    {
        double steps = State.CountStep(parameter);
        var step = new AdamStep(
            rate / (1 - Math.Pow(Beta1, steps)), Math.Sqrt(1 - Math.Pow(_beta2, steps)), Beta1, _beta2, _epsilon,
            decay);
        Tensor first = State.Of(parameter, FirstMoment, out _), second = State.Of(parameter, SecondMoment, out _);
        Kernels.AdamStepInPlace(parameter.Value, parameter.Gradient, first, second, step);
    }
}
