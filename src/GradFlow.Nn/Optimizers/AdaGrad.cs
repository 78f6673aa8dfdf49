using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>
/// AdaGrad (Duchi, Hazan &amp; Singer 2011, with diagonal matrices) in the form and with the roundings of PyTorch's
/// <c>torch.optim.Adagrad</c>: g ← g + weightDecay·w; s ← s + g²; w ← w − η·g/(√s + ε) with
/// η = rate/(1 + (t − 1)·rateDecay) at the weight's update t, from 1. As s only grows, the steps of a weight only
/// shrink.
/// </summary>
public sealed class AdaGrad : Optimizer
{
    private const string Sum = "sum-of-squares", Steps = "steps";
    private readonly ParameterState _state;
    private readonly double _epsilon;
    private readonly double _start;
    private readonly double _rateDecay;

    /// <summary>Takes charge of parameters.</summary>
    /// <param name="parameters">What training changes.</param>
    /// <param name="learningRate">The rate.</param>
    /// <param name="epsilon">ε, at least 0: added to the root of the sum.</param>
    /// <param name="start">What s is before the first update, at least 0; larger tames the first steps.</param>
    /// <param name="weightDecay">L2: this times the weight is added to its gradient.</param>
    /// <param name="rateDecay">How fast the rate falls beside that, at least 0; PyTorch's <c>lr_decay</c>.</param>
    /// <exception cref="ArgumentException">Names that are not unique.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number outside its range.</exception>
    public AdaGrad(
        IReadOnlyList<Parameter> parameters,
        double learningRate = 1e-2, double epsilon = 1e-10, double start = 0, double weightDecay = 0,
        double rateDecay = 0)
        : base(parameters, learningRate, weightDecay)
    {
        _epsilon = Bounds.RequireNonNegative(epsilon);
        _start = Bounds.RequireNonNegative(start);
        _rateDecay = Bounds.RequireNonNegative(rateDecay);
        _state = new ParameterState(parameters, Sum, Steps);
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, Tensor> State => _state.Tensors;

    /// <inheritdoc/>
    public override void LoadState(IReadOnlyDictionary<string, Tensor> state) => _state.Load(state);

    private protected override void Update(Parameter parameter)
    {
        Tensor sum = _state.Of(parameter, Sum, out bool isNew);
        if (isNew && _start > 0) Kernels.FillInPlace(sum, _start);
        double rate = RateOf(parameter);
        if (_rateDecay > 0) rate /= 1 + (_state.CountStep(parameter) - 1) * _rateDecay;
        var step = new AdaGradStep(rate, _epsilon, CoupledDecayOf(parameter));
        Kernels.AdaGradStepInPlace(parameter.Value, parameter.Gradient, sum, step);
    }
}
