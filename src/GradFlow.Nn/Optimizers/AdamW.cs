using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>
/// Adam with decoupled weight decay (Loshchilov &amp; Hutter 2019, algorithm 2) in the form and with the roundings of
/// PyTorch's <c>torch.optim.AdamW</c>: w ← (1 − rate·weightDecay)·w, then the update of <see cref="Adam"/> without
/// decay. Weights so decay at the same pace however large their gradients are.
/// </summary>
public sealed class AdamW : Optimizer, IHasMomentum
{
    private readonly AdamMoments _moments;

    /// <summary>Takes charge of parameters.</summary>
    /// <param name="parameters">What training changes.</param>
    /// <param name="learningRate">The rate.</param>
    /// <param name="beta1">β₁ in [0, 1): how slowly the mean of the gradient follows.</param>
    /// <param name="beta2">β₂ in [0, 1): how slowly the mean of the squared gradient follows.</param>
    /// <param name="epsilon">ε, at least 0: added to the root of the mean square.</param>
    /// <param name="weightDecay">The share of a weight, times the rate, that goes at each update; at least 0.</param>
    /// <exception cref="ArgumentException">Names that are not unique.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number outside its range.</exception>
    public AdamW(
        IReadOnlyList<Parameter> parameters,
        double learningRate = 1e-3,
        double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double weightDecay = 1e-2)
        : base(parameters, learningRate, weightDecay)
    {
        _moments = new AdamMoments(parameters, beta1, beta2, epsilon);
        IsDecoupled = true;
    }

    /// <summary>
    /// β₁ of the next step, in [0, 1); a schedule may set it. As in PyTorch, the correction of the first moment's bias
    /// takes the one of its own step. It is no part of the optimiser's state.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is set outside of [0, 1).</exception>
    public double Momentum
    {
        get => _moments.Beta1;
        set => _moments.Beta1 = value;
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, Tensor> State => _moments.State.Tensors;

    /// <inheritdoc/>
    public override void LoadState(IReadOnlyDictionary<string, Tensor> state) => _moments.State.Load(state);

    private protected override void Update(Parameter parameter) =>
        _moments.Update(parameter, RateOf(parameter), CoupledDecayOf(parameter));
}
