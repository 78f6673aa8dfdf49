using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>
/// What bounds the gradients before the update. Those that look back, such as <see cref="ClipByPercentile"/>, remember
/// norms, which <see cref="State"/> holds; all others remember nothing.
/// </summary>
/// <remarks>
/// Gradients whose norm is not finite are left as they are, so that what went wrong stays to be seen.
/// </remarks>
public abstract class GradientClipping : IKeepsState
{
    private const string History = "history";
    private readonly NormHistory? _history;

    private protected GradientClipping(string name, NormHistory? history = null) => (Name, _history) = (name, history);

    /// <summary>The name as the experiment file writes it, such as <c>norm</c>.</summary>
    public string Name { get; }

    /// <summary>
    /// The norms that it looks back on, oldest first; empty for those that look at the present step alone.
    /// </summary>
    public IReadOnlyDictionary<string, Tensor> State => _history is null
        ? new Dictionary<string, Tensor>()
        : new Dictionary<string, Tensor> { [History] = _history.ToTensor() };

    /// <summary>
    /// The Frobenius norm of all gradients together, added up in float64, so that no square under- or overflows; frozen
    /// parameters and those without a gradient don't count. NaN or ∞ where a gradient is.
    /// </summary>
    public static double GlobalNorm(IReadOnlyList<Parameter> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        double sum = 0;
        foreach (Parameter parameter in parameters)
            if (IsUpdated(parameter)) sum += Kernels.SumOfSquares(parameter.Gradient);
        return Math.Sqrt(sum);
    }

    /// <summary>Bounds the gradients of the parameters that the next update will change.</summary>
    public abstract ClipResult ApplyInPlace(IReadOnlyList<Parameter> parameters);

    /// <inheritdoc/>
    public void LoadState(IReadOnlyDictionary<string, Tensor> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (_history is null) return;
        if (!state.TryGetValue(History, out Tensor? norms) || norms.Shape.Count != 1)
            throw new ArgumentException($"the state has no list '{History}'; expected that of '{Name}'", nameof(state));
        _history.Load(norms.ToDoubles());
    }

    private protected static bool IsUpdated(Parameter parameter) => parameter.HasGradient && !parameter.IsFrozen;

    /// <summary>
    /// What a norm is multiplied by to be at most a bound, as in PyTorch's <c>clip_grad_norm_</c>:
    /// min(1, bound/(norm + 10⁻⁶)); 1 where the norm is not finite.
    /// </summary>
    private protected static double CoefficientOf(double norm, double bound) =>
        double.IsFinite(norm) ? Math.Min(1, bound / (norm + 1e-6)) : 1;

    /// <summary>Scales all gradients by one factor so that their norm is at most a bound.</summary>
    private protected static ClipResult ScaleTo(double bound, double norm, IReadOnlyList<Parameter> parameters)
    {
        double coefficient = CoefficientOf(norm, bound);
        if (coefficient == 1) return new ClipResult(norm, norm, 1);
        foreach (Parameter parameter in parameters)
            if (IsUpdated(parameter)) Kernels.Scale(parameter.Gradient, coefficient, parameter.Gradient);
        return new ClipResult(norm, coefficient * norm, coefficient);
    }
}
