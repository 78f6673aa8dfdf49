using GradFlow.Tensors;

namespace GradFlow.Autograd;

/// <summary>Takes the cotangents that an op's derivative makes and adds them up per variable.</summary>
/// <param name="tape">The tape that is walked back.</param>
/// <param name="cotangents">The sums so far, by variable.</param>
/// <param name="observer">Who is told of each share; null for nobody.</param>
/// <param name="isWanted">Which variables' cotangents are wanted, by index; null for all.</param>
internal sealed class CotangentSink(Tape tape, Cotangent?[] cotangents, ITapeObserver? observer, bool[]? isWanted)
{
    /// <summary>The exponent of a sum to which nothing but zeros has been added: below that of any number.</summary>
    private const int ZeroExponent = -(1 << 28);

    private Variable _consumer = null!;
    private int _exponent;

    /// <summary>Whose inputs the next cotangents belong to, and the power of two that they share.</summary>
    public void Begin(Variable consumer, int exponent)
    {
        _consumer = consumer;
        _exponent = exponent;
    }

    /// <summary>True where the input's cotangent is wanted; otherwise it need not be computed.</summary>
    public bool Wants(int input)
    {
        Variable variable = _consumer.Inputs[input];
        return variable.RequiresGradient && isWanted?[variable.Index] != false;
    }

    /// <summary>Hands over a cotangent that was rented for this; the sink owns it from now on.</summary>
    public void Give(int input, Tensor cotangent)
    {
        if (isWanted is not null && !Wants(input))
        {
            tape.Pool.Return(cotangent);
            return;
        }
        Variable variable = _consumer.Inputs[input];
        var share = new Cotangent(cotangent, _exponent);
        observer?.Contributed(_consumer, input, share);
        cotangents[variable.Index] = cotangents[variable.Index] is { } sum ? Add(sum, share) : share;
    }

    /// <summary>Shows a cotangent that belongs to somebody else (the consumer's own, say): it is copied.</summary>
    public void Lend(int input, Tensor cotangent)
    {
        if (isWanted is not null && !Wants(input)) return;
        Tensor copy = tape.Rent(cotangent.Shape, cotangent.ElementType);
        Kernels.Copy(cotangent, copy);
        Give(input, copy);
    }

    /// <summary>
    /// Shows the cotangent of a stretch of an input, all else of which gets nothing. Added where it belongs, so that
    /// walking back over all time steps of a sequence costs as much as over the sequence once.
    /// </summary>
    public void LendSlice(int input, int dimension, int start, Tensor cotangent)
    {
        if (!Wants(input)) return;
        Variable variable = _consumer.Inputs[input];
        observer?.Contributed(_consumer, input, new Cotangent(cotangent, _exponent));
        Cotangent sum = cotangents[variable.Index] ?? Zeros(variable);
        Tensor stretch = sum.Mantissa.Slice(dimension, start, cotangent.Shape[dimension]);
        if (_exponent > sum.Exponent)
        {
            // Zeros must not lift the exponent, or they would flush what has vanished.
            if (Kernels.MaxAbs(cotangent) == 0) return;
            Kernels.ScaleByPowerOfTwoInPlace(sum.Mantissa, sum.Exponent - _exponent);
            cotangents[variable.Index] = sum with { Exponent = _exponent };
        }
        Tensor share = tape.Rent(stretch.Shape, cotangent.ElementType);
        Kernels.Copy(cotangent, share);
        Kernels.ScaleByPowerOfTwoInPlace(share, Math.Min(0, _exponent - sum.Exponent));
        Kernels.Add(stretch, share, share);
        Kernels.Copy(share, stretch);
        tape.Pool.Return(share);
    }

    private Cotangent Zeros(Variable variable)
    {
        Tensor zeros = tape.RentLike(variable.Value);
        Kernels.FillInPlace(zeros, 0);
        var sum = new Cotangent(zeros, tape.IsRenormalized ? ZeroExponent : 0);
        cotangents[variable.Index] = sum;
        return sum;
    }

    /// <summary>Paths add at the larger exponent, so that the larger path keeps its bits.</summary>
    private Cotangent Add(Cotangent sum, Cotangent share)
    {
        if (sum.Exponent != share.Exponent) (sum, share) = Comparable(sum.Renormalize(), share.Renormalize());
        (Cotangent large, Cotangent small) = sum.Exponent >= share.Exponent ? (sum, share) : (share, sum);
        Kernels.ScaleByPowerOfTwoInPlace(small.Mantissa, small.Exponent - large.Exponent);
        Kernels.AddInPlace(large.Mantissa, small.Mantissa);
        tape.Pool.Return(small.Mantissa);
        return large;
    }

    /// <summary>
    /// Zeros are zeros at any exponent and take the other's; else a dead path would flush a vanished one beside it.
    /// </summary>
    private static (Cotangent Sum, Cotangent Share) Comparable(Cotangent sum, Cotangent share)
    {
        if (Kernels.MaxAbs(sum.Mantissa) == 0) return (sum with { Exponent = share.Exponent }, share);
        if (Kernels.MaxAbs(share.Mantissa) == 0) return (sum, share with { Exponent = sum.Exponent });
        return (sum, share);
    }
}
