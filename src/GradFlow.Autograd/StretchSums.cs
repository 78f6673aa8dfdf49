using GradFlow.Tensors;

namespace GradFlow.Autograd;

/// <summary>
/// Adds up what the stretches of a recurrent op's way back give its inputs, and hands each input one cotangent.
/// </summary>
/// <param name="tape">The tape.</param>
/// <param name="sink">Where they go in the end.</param>
/// <param name="sequences">The shape of the op's first input, of which each stretch gives its own time steps.</param>
/// <param name="length">Time steps per stretch; where that is all, nothing is to be added up.</param>
internal sealed class StretchSums(Tape tape, CotangentSink sink, Shape sequences, int length)
{
    private readonly List<(int Input, Cotangent Sum)> _sums = [];

    /// <summary>The first time step of the stretch that gives.</summary>
    public int First { get; set; }

    /// <summary>True where the input's cotangent is wanted; otherwise it need not be computed.</summary>
    public bool Wants(int input) => sink.Wants(input);

    /// <summary>Takes a stretch's share, which was rented for this.</summary>
    /// <param name="input">Which of the op's inputs.</param>
    /// <param name="share">The numbers.</param>
    /// <param name="exponent">The power of two that they are short of, beside that of the op's cotangent.</param>
    public void Give(int input, Tensor share, int exponent)
    {
        if (length == sequences[1])
        {
            sink.Give(input, share, exponent);
            return;
        }
        int at = _sums.FindIndex(sum => sum.Input == input);
        var own = new Cotangent(share, exponent);
        if (input == 0) own = Put(own, at < 0 ? null : _sums[at].Sum);
        else if (at >= 0) own = Cotangent.Add(_sums[at].Sum, own, tape.Pool);
        if (at < 0) _sums.Add((input, own));
        else _sums[at] = (input, own);
    }

    /// <summary>Takes a copy of a share.</summary>
    public void Lend(int input, Tensor share, int exponent)
    {
        Tensor copy = tape.RentLike(share);
        Kernels.Copy(share, copy);
        Give(input, copy, exponent);
    }

    /// <summary>Hands all over.</summary>
    public void End()
    {
        foreach ((int input, Cotangent sum) in _sums) sink.Give(input, sum.Mantissa, sum.Exponent);
    }

    /// <summary>Puts a stretch's cotangents among those of all time steps, at the larger exponent of both.</summary>
    private Cotangent Put(Cotangent share, Cotangent? known)
    {
        Tensor numbers = share.Mantissa;
        Cotangent all = known ?? new Cotangent(tape.Rent(sequences, numbers.ElementType), share.Exponent);
        if (known is null) Kernels.FillInPlace(all.Mantissa, 0);
        if (share.Exponent > all.Exponent && Kernels.MaxAbs(numbers) > 0)
        {
            Kernels.ScaleByPowerOfTwoInPlace(all.Mantissa, all.Exponent - share.Exponent);
            all = all with { Exponent = share.Exponent };
        }
        Kernels.ScaleByPowerOfTwoInPlace(numbers, Math.Min(0, share.Exponent - all.Exponent));
        Kernels.Copy(
            numbers, all.Mantissa.Slice(0, 0, numbers.Shape[0]).Slice(1, First, numbers.Shape[1]));
        tape.Pool.Return(numbers);
        return all;
    }
}
