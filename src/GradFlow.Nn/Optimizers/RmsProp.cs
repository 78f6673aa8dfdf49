using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>
/// RMSProp (Tieleman &amp; Hinton 2012, lecture 6.5; centred: Graves 2013, eq. 38 to 45) in the form and with the
/// roundings of PyTorch's <c>torch.optim.RMSprop</c>: g ← g + weightDecay·w; s ← α·s + (1 − α)·g²; d = g/(√s + ε);
/// v ← momentum·v + d; w ← w − rate·v, or w − rate·d without momentum. Centred, m ← α·m + (1 − α)·g and s − m² stands
/// in place of s: the variance of the gradient rather than its mean square.
/// </summary>
public sealed class RmsProp : Optimizer, IHasMomentum
{
    private const string Square = "mean-square", Mean = "mean", Velocity = "momentum";
    private readonly ParameterState _state;
    private readonly double _alpha;
    private readonly double _epsilon;
    private readonly bool _isCentered;

    /// <summary>Takes charge of parameters.</summary>
    /// <param name="parameters">What training changes.</param>
    /// <param name="learningRate">The rate.</param>
    /// <param name="alpha">α in [0, 1): how slowly the mean square follows.</param>
    /// <param name="epsilon">ε, at least 0: added to the root.</param>
    /// <param name="momentum">The share of the last direction that is kept, in [0, 1).</param>
    /// <param name="centered">Whether the squared mean is taken off the mean square.</param>
    /// <param name="weightDecay">L2: this times the weight is added to its gradient.</param>
    /// <exception cref="ArgumentException">Names that are not unique.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number outside its range.</exception>
    public RmsProp(
        IReadOnlyList<Parameter> parameters,
        double learningRate = 1e-2, double alpha = 0.99, double epsilon = 1e-8,
        double momentum = 0, bool centered = false, double weightDecay = 0)
        : base(parameters, learningRate, weightDecay)
    {
        _alpha = Bounds.RequireShare(alpha);
        _epsilon = Bounds.RequireNonNegative(epsilon);
        Momentum = momentum;
        _isCentered = centered;
        _state = new ParameterState(parameters, Square, Mean, Velocity);
    }

    /// <inheritdoc/>
    public double Momentum
    {
        get;
        set => field = Bounds.RequireShare(value);
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, Tensor> State => _state.Tensors;

    /// <inheritdoc/>
    public override void LoadState(IReadOnlyDictionary<string, Tensor> state) => _state.Load(state);

    private protected override void Update(Parameter parameter)
    {
        Tensor square = _state.Of(parameter, Square, out _);
        Tensor? mean = _isCentered ? _state.Of(parameter, Mean, out _) : null;
        Tensor? velocity = Momentum > 0 ? _state.Of(parameter, Velocity, out _) : null;
        var step = new RmsPropStep(RateOf(parameter), _alpha, _epsilon, Momentum, CoupledDecayOf(parameter));
        Kernels.RmsPropStepInPlace(parameter.Value, parameter.Gradient, square, mean, velocity, step);
    }
}
