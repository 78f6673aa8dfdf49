using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>
/// Turns gradients into updates of the parameters. Mutable: it keeps state per parameter. Parameters that are frozen or
/// that no gradient has reached are left alone, with their state.
/// </summary>
public abstract class Optimizer
{
    private readonly Dictionary<Parameter, ParameterGroup> _groups = [];
    private Shares<Parameter>? _shares;
    private double _learningRate;

    /// <summary>Takes charge of parameters.</summary>
    /// <param name="parameters">What training changes; each once, names unique.</param>
    /// <param name="learningRate">The rate at the start, at least 0.</param>
    /// <param name="weightDecay">L2, at least 0.</param>
    /// <exception cref="ArgumentException">Two parameters share a name.</exception>
    protected Optimizer(IReadOnlyList<Parameter> parameters, double learningRate, double weightDecay = 0)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        string? twice = parameters.GroupBy(p => p.Name).FirstOrDefault(group => group.Count() > 1)?.Key;
        if (twice is not null)
            throw new ArgumentException(
                $"there are two parameters '{twice}'; expected unique names", nameof(parameters));
        Parameters = parameters;
        LearningRate = learningRate;
        WeightDecay = Bounds.RequireNonNegative(weightDecay);
    }

    /// <summary>What training changes.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>The rate of the next step; a schedule sets it. Finite and at least 0.</summary>
    public double LearningRate
    {
        get => _learningRate;
        set => _learningRate = Bounds.RequireNonNegative(value);
    }

    /// <summary>
    /// L2 (λ): coupled, λ·w is added to the gradient of w; decoupled, w shrinks by rate·λ·w before its update. Both are
    /// the same for plain gradient descent alone.
    /// </summary>
    public double WeightDecay { get; }

    /// <summary>
    /// Whether the decay acts on the weights themselves rather than by way of the gradient (Loshchilov &amp; Hutter
    /// 2019, algorithms 1 and 2); off by default.
    /// </summary>
    public bool IsDecoupled { get; init; }

    /// <summary>True where a parameter has a weight decay.</summary>
    public bool HasDecay => Parameters.Any(parameter => DecayOf(parameter) > 0);

    /// <summary>Parameters with a rate or a weight decay of their own; none by default.</summary>
    /// <exception cref="ArgumentException">A parameter is in two groups, or none of the optimiser's.</exception>
    public IReadOnlyList<ParameterGroup> Groups
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            HashSet<Parameter> own = [.. Parameters];
            _groups.Clear();
            foreach (ParameterGroup group in value)
                foreach (Parameter parameter in group.Parameters) Assign(parameter, group, own);
            field = value;
        }
    } = [];

    /// <summary>
    /// What a bit-exact resume needs besides the parameters: live tensors by name, such as
    /// <c>momentum:3.linear.weight</c>; counters are scalars in float64. A parameter that was never updated has none.
    /// </summary>
    public abstract IReadOnlyDictionary<string, Tensor> State { get; }

    /// <summary>
    /// An update is about to be made: gradients are as clipping has left them, weights and rate as the update finds
    /// them. Who listens may read them, not write.
    /// </summary>
    public event EventHandler? Stepping;

    /// <summary>Updates every parameter that is not frozen and has a gradient.</summary>
    public void Step()
    {
        Stepping?.Invoke(this, EventArgs.Empty);
        if (_shares is not null) _shares.Run();
        else foreach (Parameter parameter in Parameters) Step(parameter);
        // At the first step there is state to be made, in the order of the parameters.
        _shares ??= new Shares<Parameter>(Parameters, parameter => parameter.Value.Size, Step);
    }

    /// <summary>Forgets all gradients, before the next backward pass.</summary>
    public void ClearGradients()
    {
        foreach (Parameter parameter in Parameters) parameter.ClearGradient();
    }

    /// <summary>The weight decay of a parameter: its group's, else the optimiser's.</summary>
    /// <param name="parameter">One of <see cref="Parameters"/>.</param>
    public double DecayOf(Parameter parameter) =>
        _groups.TryGetValue(parameter, out ParameterGroup? group) ? group.WeightDecay ?? WeightDecay : WeightDecay;

    /// <summary>Replaces the state by a copy of what <see cref="State"/> gave, here or elsewhere.</summary>
    /// <exception cref="ArgumentException">A name or a shape doesn't fit this optimiser and net.</exception>
    public abstract void LoadState(IReadOnlyDictionary<string, Tensor> state);

    /// <summary>Updates one parameter; called for different ones at the same time.</summary>
    private protected abstract void Update(Parameter parameter);

    private void Step(Parameter parameter)
    {
        if (!parameter.HasGradient || parameter.IsFrozen) return;
        if (IsDecoupled && DecayOf(parameter) is > 0 and var decay)
            Kernels.Scale(parameter.Value, 1 - RateOf(parameter) * decay, parameter.Value);
        Update(parameter);
    }

    /// <summary>The rate of the next step for a parameter.</summary>
    private protected double RateOf(Parameter parameter) =>
        _groups.TryGetValue(parameter, out ParameterGroup? group) ? LearningRate * group.RateFactor : LearningRate;

    /// <summary>What of the weight decay goes by way of a parameter's gradient.</summary>
    private protected double CoupledDecayOf(Parameter parameter) => IsDecoupled ? 0 : DecayOf(parameter);

    private void Assign(Parameter parameter, ParameterGroup group, HashSet<Parameter> own)
    {
        if (!own.Contains(parameter))
            throw new ArgumentException($"a group has '{parameter.Name}'; expected parameters of this optimiser");
        if (!_groups.TryAdd(parameter, group))
            throw new ArgumentException($"'{parameter.Name}' is in two groups; expected one at most");
    }
}
