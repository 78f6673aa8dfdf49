using GradFlow.Tensors;

namespace GradFlow.Autograd;

public static partial class Ops
{
    /// <summary>
    /// y = γ·x̂ + β with x̂ = (x − μ)/√(variance + ε), per column over the rows of the batch, biased variance
    /// (Ioffe &amp; Szegedy 2015); ∂x = γ/σ·(∂y − mean ∂y − x̂·mean(∂y·x̂)), ∂γ = Σ ∂y·x̂, ∂β = Σ ∂y. Of feature maps
    /// [n, c, …] per channel, over samples and places alike.
    /// </summary>
    /// <param name="x">[n, f] or [n, f, …] with at least 2 numbers per feature.</param>
    /// <param name="gain">γ, [f].</param>
    /// <param name="shift">β, [f].</param>
    /// <param name="epsilon">ε; 1e-5 by default, as in PyTorch.</param>
    /// <param name="statistics">Told μ and σ⁻¹ of this batch, once, for running averages.</param>
    /// <exception cref="ArgumentException">The shapes don't fit.</exception>
    public static Variable BatchNorm(
        Variable x, Variable gain, Variable shift, double epsilon = 1e-5, Action<Tensor, Tensor>? statistics = null)
    {
        RequireNormShapes(x, gain, shift, featureDimension: 1);
        if (x.Value.Size / Math.Max(1, x.Shape[1]) < 2)
            throw new ArgumentException("batch normalisation of one sample is 0/0; expected a batch of at least 2");
        Tape tape = x.Tape;
        Tensor inverseStd = tape.RentLike(gain.Value), mean = tape.RentLike(gain.Value);
        if (x.Shape.Count > 2) return ChannelNorm(x, gain, shift, epsilon, mean, inverseStd, statistics);
        Tensor normalized = tape.RentLike(x.Value);
        Kernels.NormalizeColumns(x.Value, epsilon, normalized, mean, inverseStd);
        if (!tape.IsRecomputing) statistics?.Invoke(mean, inverseStd);
        return RecordNorm("batch-norm", x, gain, shift, normalized,
            (g, into) => Kernels.NormalizeColumnsBackward(normalized, inverseStd, g, into));
    }

    private static Variable ChannelNorm(
        Variable x, Variable gain, Variable shift, double epsilon, Tensor mean, Tensor inverseStd,
        Action<Tensor, Tensor>? statistics)
    {
        Tape tape = x.Tape;
        Tensor y = tape.RentLike(x.Value);
        Kernels.NormalizeChannels(x.Value, gain.Value, shift.Value, epsilon, y, mean, inverseStd);
        if (!tape.IsRecomputing) statistics?.Invoke(mean, inverseStd);
        return tape.Record("batch-norm", y, [x, gain, shift], (g, sink) =>
        {
            Tensor? into = sink.Wants(0) ? tape.RentLike(g) : null;
            Tensor gainInto = tape.RentLike(gain.Value), shiftInto = tape.RentLike(gain.Value);
            Kernels.NormalizeChannelsBackward(x.Value, mean, inverseStd, gain.Value, g, into, gainInto, shiftInto);
            if (into is not null) sink.Give(0, into);
            if (sink.Wants(1)) sink.Give(1, gainInto);
            else tape.Pool.Return(gainInto);
            if (sink.Wants(2)) sink.Give(2, shiftInto);
            else tape.Pool.Return(shiftInto);
        });
    }
}
