using GradFlow.Tensors;

namespace GradFlow.Autograd;

public static partial class Ops
{
    /// <summary>
    /// w = g·v/‖v‖ per output unit, which parts a weight's length from its direction (Salimans &amp; Kingma 2016, eq.
    /// 2); ∂g = ∂w·v/‖v‖, ∂v = g/‖v‖·(∂w − ∂g·v/‖v‖), at right angles to v.
    /// </summary>
    /// <param name="v">The directions, [out, …]; no unit's may be 0.</param>
    /// <param name="scale">g, the lengths, [out].</param>
    /// <exception cref="ArgumentException">The shapes don't fit.</exception>
    public static Variable WeightNorm(Variable v, Variable scale)
    {
        Tape tape = SameTape(v, scale);
        if (v.Shape.Count < 2 || scale.Shape != new Shape(v.Shape[0]))
            throw new ArgumentException($"weight {v.Shape} with scale {scale.Shape}; expected [out, …], [out]");
        Tensor norms = tape.RentLike(scale.Value), w = tape.RentLike(v.Value);
        Kernels.RowNorms(v.Value, norms);
        Kernels.ScaleRows(v.Value, scale.Value, norms, w);
        return tape.Record("weight-norm", w, [v, scale], (cotangent, sink) =>
        {
            Tensor gv = tape.RentLike(cotangent), gScale = tape.RentLike(scale.Value);
            Kernels.ScaleRowsBackward(v.Value, scale.Value, norms, cotangent, gv, gScale);
            if (sink.Wants(0)) sink.Give(0, gv);
            else tape.Pool.Return(gv);
            if (sink.Wants(1)) sink.Give(1, gScale);
            else tape.Pool.Return(gScale);
        });
    }
}
