using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>
/// Stochastic gradient descent, plain, with momentum (Polyak 1964) or Nesterov's (Sutskever et al. 2013), in the form
/// and with the roundings of PyTorch's <c>torch.optim.SGD</c>: g ← g + weightDecay·w; v ← momentum·v + g (v = g at the
/// first update); g ← g + momentum·v (Nesterov) or v; w ← w − rate·g.
/// </summary>
public sealed class Sgd : Optimizer, IHasMomentum
{
    private const string Velocity = "momentum";
    private readonly ParameterState _state;
    private readonly bool _nesterov;

    /// <summary>Takes charge of parameters.</summary>
    /// <param name="parameters">What training changes.</param>
    /// <param name="learningRate">The rate.</param>
    /// <param name="momentum">The share of the last direction that is kept, in [0, 1).</param>
    /// <param name="nesterov">Looks ahead by the momentum; needs a momentum above 0.</param>
    /// <param name="weightDecay">L2: this times the weight is added to its gradient; 0 by default.</param>
    /// <exception cref="ArgumentException">Nesterov without momentum, or names that are not unique.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number outside its range.</exception>
    public Sgd(
        IReadOnlyList<Parameter> parameters,
        double learningRate, double momentum = 0, bool nesterov = false, double weightDecay = 0)
        : base(parameters, learningRate, weightDecay)
    {
        Momentum = momentum;
        if (nesterov && momentum == 0)
            throw new ArgumentException("nesterov needs a momentum above 0", nameof(nesterov));
        _nesterov = nesterov;
        _state = new ParameterState(parameters, Velocity);
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
        double rate = RateOf(parameter), decay = CoupledDecayOf(parameter);
        if (Momentum == 0)
        {
            Kernels.SgdStepInPlace(parameter.Value, parameter.Gradient, rate, decay);
            return;
        }
        Tensor velocity = _state.Of(parameter, Velocity, out bool isNew);
        // PyTorch's first velocity is the gradient itself.
        var step = new MomentumStep(rate, isNew ? 0 : Momentum, _nesterov ? Momentum : null, decay);
        Kernels.MomentumStepInPlace(parameter.Value, parameter.Gradient, velocity, step);
    }
}
