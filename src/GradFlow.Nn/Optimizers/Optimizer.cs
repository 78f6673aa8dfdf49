using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>
/// Turns gradients into updates of the parameters. Mutable: it keeps state per parameter. Parameters that are frozen or
/// that no gradient has reached are left alone, with their state.
/// </summary>
public abstract class Optimizer
{
    private double _learningRate;

    /// <summary>Takes charge of parameters.</summary>
    /// <param name="parameters">What training changes; each once, names unique.</param>
    /// <param name="learningRate">The rate at the start, at least 0.</param>
    /// <exception cref="ArgumentException">Two parameters share a name.</exception>
    protected Optimizer(IReadOnlyList<Parameter> parameters, double learningRate)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        string? twice = parameters.GroupBy(p => p.Name).FirstOrDefault(group => group.Count() > 1)?.Key;
        if (twice is not null)
            throw new ArgumentException(
                $"there are two parameters '{twice}'; expected unique names", nameof(parameters));
        Parameters = parameters;
        LearningRate = learningRate;
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
    /// What a bit-exact resume needs besides the parameters: live tensors by name, such as
    /// <c>momentum:3.linear.weight</c>; counters are scalars in float64. A parameter that was never updated has none.
    /// </summary>
    public abstract IReadOnlyDictionary<string, Tensor> State { get; }

    /// <summary>
    /// An update is about to be made: gradients are as clipping has left them, weights and rate as the update finds them.
    /// Who listens may read them, not write.
    /// </summary>
    public event EventHandler? Stepping;

    /// <summary>Updates every parameter that is not frozen and has a gradient.</summary>
    public void Step()
    {
        Stepping?.Invoke(this, EventArgs.Empty);
        foreach (Parameter parameter in Parameters)
            if (parameter.HasGradient && !parameter.IsFrozen) Update(parameter);
    }

    /// <summary>Forgets all gradients, before the next backward pass.</summary>
    public void ClearGradients()
    {
        foreach (Parameter parameter in Parameters) parameter.ClearGradient();
    }

    /// <summary>Replaces the state by a copy of what <see cref="State"/> gave, here or elsewhere.</summary>
    /// <exception cref="ArgumentException">A name or a shape doesn't fit this optimiser and net.</exception>
    public abstract void LoadState(IReadOnlyDictionary<string, Tensor> state);

    private protected abstract void Update(Parameter parameter);
}
