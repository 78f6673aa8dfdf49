using GradFlow.Tensors;

namespace GradFlow.Autograd;

public static partial class Ops
{
    /// <summary>a + b, broadcasting; each input gets the cotangent, summed over what was broadcast.</summary>
    /// <exception cref="ArgumentException">The shapes don't broadcast.</exception>
    public static Variable Add(Variable a, Variable b)
    {
        Tape tape = SameTape(a, b);
        if (tape.Recall<AddOperation>(a, b) is { } again && (tape.IsRecomputing || again.Norm == NormBehind(b)))
            return tape.Repeat(again);
        if (a.Shape == b.Shape && a.Unforced.ElementType == b.Unforced.ElementType)
            return tape.Record(new AddOperation(a, b) { IsLarge = true, IsDeferred = NormBehind(b) is not null });
        return AddBroadcast(tape, a, b);
    }

    private static Variable AddBroadcast(Tape tape, Variable a, Variable b)
    {
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

    /// <summary>The sum of two of one shape.</summary>
    private sealed class AddOperation(Variable a, Variable b) : Operation("add", [a, b], a.Shape)
    {
        /// <summary>The normalisation that is added, where a rectifier may compute from its images.</summary>
        public ChannelNormOperation? Norm { get; } = NormBehind(b);

        public override void Compute(Tensor x, Tensor y) => Kernels.Add(x, b.Value, y);

        public override void Derive(Tensor cotangent, CotangentSink sink)
        {
            if (sink.Wants(0)) sink.Lend(0, cotangent);
            sink.Pass(1);
        }
    }
}
