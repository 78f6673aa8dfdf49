using GradFlow.Tensors;

namespace GradFlow.Autograd;

/// <summary>Takes the cotangents that an op's derivative makes and adds them up per variable.</summary>
internal sealed class CotangentSink(Tape tape, Cotangent?[] cotangents, ITapeObserver? observer)
{
    private Variable _consumer = null!;
    private int _exponent;

    /// <summary>Whose inputs the next cotangents belong to, and the power of two that they share.</summary>
    public void Begin(Variable consumer, int exponent)
    {
        _consumer = consumer;
        _exponent = exponent;
    }

    /// <summary>True where the input's cotangent is wanted; otherwise it need not be computed.</summary>
    public bool Wants(int input) => _consumer.Inputs[input].RequiresGradient;

    /// <summary>Hands over a cotangent that was rented for this; the sink owns it from now on.</summary>
    public void Give(int input, Tensor cotangent)
    {
        Variable variable = _consumer.Inputs[input];
        var share = new Cotangent(cotangent, _exponent);
        observer?.Contributed(_consumer, input, share);
        cotangents[variable.Index] = cotangents[variable.Index] is { } sum ? Add(sum, share) : share;
    }

    /// <summary>Shows a cotangent that belongs to somebody else (the consumer's own, say): it is copied.</summary>
    public void Lend(int input, Tensor cotangent)
    {
        Tensor copy = tape.Rent(cotangent.Shape, cotangent.ElementType);
        Kernels.Copy(cotangent, copy);
        Give(input, copy);
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
