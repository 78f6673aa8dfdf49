using GradFlow.Tensors;

namespace GradFlow.Autograd;

public static partial class Ops
{
    /// <summary>
    /// y = γ·x̂ + β with x̂ = (x − μ)/√(variance + ε), mean and biased variance taken per sample and group of features,
    /// over the group's features and all their places (Wu &amp; He 2018); the derivative is layer normalisation's
    /// within each group.
    /// </summary>
    /// <param name="x">[n, f] or feature maps [n, f, …].</param>
    /// <param name="groups">Into how many groups of equal size the features fall, in order.</param>
    /// <param name="gain">γ, [f].</param>
    /// <param name="shift">β, [f].</param>
    /// <param name="epsilon">ε; 1e-5 by default, as in PyTorch.</param>
    /// <exception cref="ArgumentException">
    /// The shapes don't fit, or the features don't fall into such groups.
    /// </exception>
    public static Variable GroupNorm(Variable x, int groups, Variable gain, Variable shift, double epsilon = 1e-5)
    {
        RequireNormShapes(x, gain, shift, featureDimension: 1);
        if (groups < 1 || x.Shape[1] % groups != 0)
            throw new ArgumentException(
                $"{x.Shape[1]} features don't fall into {groups} groups of equal size; expected a divisor",
                nameof(groups));
        Tape tape = x.Tape;
        int rows = x.Shape[0] * groups;
        Shape grouped = new(rows, rows == 0 ? 0 : x.Value.Size / rows);
        Tensor normalized = tape.RentLike(x.Value), inverseStd = tape.Rent(new Shape(rows), x.Value.ElementType);
        Kernels.NormalizeRows(x.Value.Reshape(grouped), epsilon, normalized.Reshape(grouped), inverseStd);
        return RecordNorm("group-norm", x, gain, shift, normalized, (g, into) => Kernels.NormalizeRowsBackward(
            normalized.Reshape(grouped), inverseStd, g.Reshape(grouped), into.Reshape(grouped)));
    }
}
