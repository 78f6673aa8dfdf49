using GradFlow.Tensors;

namespace GradFlow.Autograd;

public static partial class Ops
{
    /// <summary>a + b, broadcasting; each input gets the cotangent, summed over what was broadcast.</summary>
    /// <exception cref="ArgumentException">The shapes don't broadcast.</exception>
    public static Variable Add(Variable a, Variable b)
    {
        Tape tape = SameTape(a, b);
        Tensor y = tape.Rent(Shape.Broadcast(a.Shape, b.Shape), a.Value.ElementType);
        Kernels.Add(a.Value, b.Value, y);
        return tape.Record("add", y, [a, b], (g, sink) =>
        {
            for (int i = 0; i < 2; i++)
            {
                Shape shape = (i == 0 ? a : b).Shape;
                if (!sink.Wants(i)) continue;
                if (shape != g.Shape) sink.Give(i, SummedTo(tape, g, shape));
                else if (i == 1) sink.Pass(i);
                else sink.Lend(i, g);
            }
        });
    }
}
