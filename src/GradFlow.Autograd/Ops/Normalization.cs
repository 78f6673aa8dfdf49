using GradFlow.Tensors;

namespace GradFlow.Autograd;

public static partial class Ops
{
    private static void RequireNormShapes(Variable x, Variable gain, Variable? shift, int? featureDimension = null)
    {
        SameTape(x, gain);
        if (shift is not null) SameTape(x, shift);
        int feature = featureDimension ?? x.Shape.Count - 1;
        bool fits = featureDimension is null ? x.Shape.Count == 2 : x.Shape.Count >= 2;
        if (fits && gain.Shape.Count == 1 && gain.Shape[0] == x.Shape[feature]
            && (shift is null || shift.Shape == gain.Shape)) return;
        string input = featureDimension is null ? "[n, f]" : "[n, f] or [n, f, …]";
        throw new ArgumentException(
            $"input {x.Shape} with gain {gain.Shape}{(shift is null ? "" : $" and shift {shift.Shape}")}; "
                + $"expected {input}, [f]{(shift is null ? "" : ", [f]")}");
    }

    /// <summary>
    /// y = γ·x̂ + β (β may be left out) with a given way back from x̂ to x; features are the second dimension.
    /// </summary>
    private static Variable RecordNorm(
        string name, Variable x, Variable gain, Variable? shift, Tensor normalized, Action<Tensor, Tensor> backward)
    {
        Tape tape = x.Tape;
        Shape along = new([x.Shape[1], .. Enumerable.Repeat(1, x.Shape.Count - 2)]);
        Tensor y = tape.RentLike(x.Value), gains = gain.Value.Reshape(along);
        Kernels.Multiply(normalized, gains, y);
        if (shift is not null) Kernels.Add(y, shift.Value.Reshape(along), y);
        return tape.Record(name, y, shift is null ? [x, gain] : [x, gain, shift], (g, sink) =>
        {
            if (sink.Wants(0))
            {
                Tensor scaled = tape.RentLike(g), gx = tape.RentLike(g);
                Kernels.Multiply(g, gains, scaled);
                backward(scaled, gx);
                tape.Pool.Return(scaled);
                sink.Give(0, gx);
            }
            if (sink.Wants(1))
            {
                Tensor product = tape.RentLike(g);
                Kernels.Multiply(g, normalized, product);
                sink.Give(1, SummedPerFeature(tape, product, along));
                tape.Pool.Return(product);
            }
            if (shift is not null && sink.Wants(2)) sink.Give(2, SummedPerFeature(tape, g, along));
        });
    }

    private static Tensor SummedPerFeature(Tape tape, Tensor g, Shape along)
    {
        Tensor sum = tape.Rent(new Shape(along[0]), g.ElementType);
        Kernels.SumTo(g, sum.Reshape(along));
        return sum;
    }
}
