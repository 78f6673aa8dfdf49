using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>
/// Adaptive gradient clipping, unit by unit (Brock et al. 2021, eq. 3): where a unit's gradient is longer than a share
/// λ of its weights, ‖gᵢ‖ &gt; λ·max(‖wᵢ‖, ε), it is scaled down to that length. A unit is a row of a weight of two
/// dimensions or more ([out, in, …]), and the whole of any other parameter, as in the authors' code.
/// </summary>
public sealed class AdaptiveClip : GradientClipping
{
    private readonly HashSet<Parameter> _exempt;

    /// <summary>Says how much of itself a unit may change, before the rate.</summary>
    /// <param name="factor">λ, above 0.</param>
    /// <param name="epsilon">
    /// ε, above 0: what counts as the length of weights that are shorter, such as those at 0.
    /// </param>
    /// <param name="exempt">
    /// Parameters that are left alone; the authors leave out the last layer. None by default.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">A number outside its range.</exception>
    public AdaptiveClip(double factor = 0.01, double epsilon = 1e-3, IEnumerable<Parameter>? exempt = null)
        : base("adaptive")
    {
        Factor = Bounds.RequirePositive(factor);
        Epsilon = Bounds.RequirePositive(epsilon);
        _exempt = [.. exempt ?? []];
    }

    /// <summary>λ.</summary>
    public double Factor { get; }

    /// <summary>ε.</summary>
    public double Epsilon { get; }

    /// <inheritdoc/>
    public override ClipResult ApplyInPlace(IReadOnlyList<Parameter> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        double before = 0, after = 0;
        foreach (Parameter parameter in parameters)
        {
            if (!IsUpdated(parameter)) continue;
            double squares = Kernels.SumOfSquares(parameter.Gradient);
            before += squares;
            double? clipped = _exempt.Contains(parameter)
                ? null
                : Kernels.ClipUnitsInPlace(parameter.Gradient, parameter.Value, Factor, Epsilon);
            after += clipped ?? squares;
        }
        return ClipResult.OfSquares(before, after);
    }
}
