using GradFlow.Tensors;

namespace GradFlow.Autograd;

public sealed partial class Tape
{
    /// <summary>
    /// Walks the tape back from a result and adds to the gradient of every parameter that it depends on.
    /// </summary>
    /// <param name="result">The loss, or any result together with a seed.</param>
    /// <param name="seed">∂L/∂result; null stands for 1, and then the result must be a single number.</param>
    /// <exception cref="ArgumentException">The result is not a single number and no seed is given, or shapes differ.</exception>
    public void Backward(Variable result, Tensor? seed = null)
    {
        foreach ((Variable variable, Cotangent cotangent) in Sweep(result, seed))
            variable.Parameter?.Accumulate(cotangent);
    }

    /// <summary>
    /// Walks the tape back from a result and returns ∂L/∂input for chosen variables, with exponents applied, as tensors
    /// that the caller keeps. Parameters' gradients are left alone. Null where nothing flows.
    /// </summary>
    public Tensor?[] Gradients(Variable result, IReadOnlyList<Variable> inputs, Tensor? seed = null)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var found = new Dictionary<Variable, Tensor>();
        foreach ((Variable variable, Cotangent cotangent) in Sweep(result, seed))
        {
            Tensor plain = cotangent.Mantissa.Clone();
            Kernels.ScaleByPowerOfTwoInPlace(plain, cotangent.Exponent);
            found[variable] = plain;
        }
        return inputs.Select(found.GetValueOrDefault).ToArray();
    }

    /// <summary>The backward pass; yields the leaves (inputs and parameters) as their cotangents are complete.</summary>
    private IEnumerable<(Variable Leaf, Cotangent Cotangent)> Sweep(Variable result, Tensor? seed)
    {
        ArgumentNullException.ThrowIfNull(result);
        if (result.Tape != this) throw new ArgumentException("the result lies on another tape", nameof(result));
        var cotangents = new Cotangent?[_variables.Count];
        cotangents[result.Index] = new Cotangent(Seed(result, seed), 0);
        var sink = new CotangentSink(this, cotangents);
        for (int i = result.Index; i >= 0; i--)
        {
            if (cotangents[i] is not { } sum || !_variables[i].RequiresGradient) continue;
            Variable variable = _variables[i];
            Cotangent cotangent = IsRenormalized ? Renormalize(sum) : sum;
            Observer?.Completed(variable, cotangent);
            if (variable.Derivative is { } derivative)
            {
                sink.Begin(variable, cotangent.Exponent);
                derivative(cotangent.Mantissa, sink);
            }
            else yield return (variable, cotangent);
            Pool.Return(cotangent.Mantissa);
        }
    }

    private Tensor Seed(Variable result, Tensor? seed)
    {
        if (seed is null && result.Value.Size != 1)
            throw new ArgumentException($"a result of shape {result.Shape} needs a seed; only a single number has seed 1");
        if (seed is not null && seed.Shape != result.Shape)
            throw new ArgumentException($"the seed has shape {seed.Shape}, the result {result.Shape}");
        Tensor cotangent = RentLike(result.Value);
        if (seed is null) Kernels.FillInPlace(cotangent, 1);
        else Kernels.Copy(seed, cotangent);
        return cotangent;
    }

    /// <summary>Brings a cotangent whose largest magnitude has left the safe range back to [1, 2), exactly.</summary>
    /// <remarks>
    /// The range leaves room on both sides: an op may shrink by 10⁻²⁸ (float32) before an entry near the largest one
    /// loses a bit, or grow by 10²⁸ before one overflows.
    /// </remarks>
    private static Cotangent Renormalize(Cotangent cotangent)
    {
        double largest = Kernels.MaxAbs(cotangent.Mantissa);
        int limit = cotangent.Mantissa.ElementType == ElementType.Float32 ? 32 : 256;
        if (largest == 0 || !double.IsFinite(largest)) return cotangent;
        int exponent = Math.ILogB(largest);
        if (Math.Abs(exponent) <= limit) return cotangent;
        Kernels.ScaleByPowerOfTwoInPlace(cotangent.Mantissa, -exponent);
        return cotangent with { Exponent = cotangent.Exponent + exponent };
    }
}
