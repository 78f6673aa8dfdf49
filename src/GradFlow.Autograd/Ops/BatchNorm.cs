using GradFlow.Tensors;

namespace GradFlow.Autograd;

public static partial class Ops
{
    /// <summary>
    /// y = γ·x̂ + β with x̂ = (x − μ)/√(variance + ε), per column over the rows of the batch, biased variance
    /// (Ioffe &amp; Szegedy 2015); ∂x = γ/σ·(∂y − mean ∂y − x̂·mean(∂y·x̂)), ∂γ = Σ ∂y·x̂, ∂β = Σ ∂y.
    /// </summary>
    /// <param name="x">[n, f] with n ≥ 2.</param>
    /// <param name="gain">γ, [f].</param>
    /// <param name="shift">β, [f].</param>
    /// <param name="epsilon">ε; 1e-5 by default, as in PyTorch.</param>
    /// <param name="statistics">Told μ and σ⁻¹ of this batch, for running averages.</param>
    /// <exception cref="ArgumentException">The shapes don't fit.</exception>
    public static Variable BatchNorm(
        Variable x, Variable gain, Variable shift, double epsilon = 1e-5, Action<Tensor, Tensor>? statistics = null)
    {
        RequireNormShapes(x, gain, shift);
        if (x.Shape[0] < 2)
            throw new ArgumentException("batch normalisation of one sample is 0/0; expected a batch of at least 2");
        Tape tape = x.Tape;
        Tensor normalized = tape.RentLike(x.Value);
        Tensor inverseStd = tape.RentLike(gain.Value), mean = tape.RentLike(gain.Value);
        Kernels.NormalizeColumns(x.Value, epsilon, normalized, mean, inverseStd);
        statistics?.Invoke(mean, inverseStd);
        return RecordNorm("batch-norm", x, gain, shift, normalized,
            (g, into) => Kernels.NormalizeColumnsBackward(normalized, inverseStd, g, into));
    }

    private static void RequireNormShapes(Variable x, Variable gain, Variable shift)
    {
        SameTape(x, gain);
        SameTape(x, shift);
        if (x.Shape.Count != 2 || gain.Shape != new Shape(x.Shape[1]) || shift.Shape != gain.Shape)
            throw new ArgumentException(
                $"input {x.Shape} with gain {gain.Shape} and shift {shift.Shape}; expected [n, f], [f], [f]");
    }

    /// <summary>y = γ·x̂ + β with a given way back from x̂ to x.</summary>
    private static Variable RecordNorm(
        string name, Variable x, Variable gain, Variable shift, Tensor normalized, Action<Tensor, Tensor> backward)
    {
        Tape tape = x.Tape;
        Tensor y = tape.RentLike(x.Value);
        Kernels.Multiply(normalized, gain.Value, y);
        Kernels.Add(y, shift.Value, y);
        return tape.Record(name, y, [x, gain, shift], (g, sink) =>
        {
            if (sink.Wants(0))
            {
                Tensor scaled = tape.RentLike(g), gx = tape.RentLike(g);
                Kernels.Multiply(g, gain.Value, scaled);
                backward(scaled, gx);
                tape.Pool.Return(scaled);
                sink.Give(0, gx);
            }
            if (sink.Wants(1)) sink.Give(1, SummedProduct(tape, g, normalized, gain.Shape));
            if (sink.Wants(2)) sink.Give(2, SummedTo(tape, g, shift.Shape));
        });
    }
}
