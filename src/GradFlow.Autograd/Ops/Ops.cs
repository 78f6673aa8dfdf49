using GradFlow.Tensors;

namespace GradFlow.Autograd;

/// <summary>
/// The differentiable operations, a file each: what it computes, its derivative and their documentation side by side.
/// </summary>
public static partial class Ops
{
    private static Tape SameTape(Variable a, Variable b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        return a.Tape == b.Tape ? a.Tape : throw new ArgumentException("the operands lie on different tapes");
    }

    /// <summary>
    /// A rented copy of a cotangent, summed over the dimensions that broadcasting to its shape stretched.
    /// </summary>
    private static Tensor SummedTo(Tape tape, Tensor g, Shape shape)
    {
        Tensor sum = tape.Rent(shape, g.ElementType);
        if (g.Shape == shape) Kernels.Copy(g, sum);
        else Kernels.SumTo(g, sum);
        return sum;
    }

    /// <summary>
    /// An op that maps each element alone; the derivative is told cotangent, input and output, and may be asked to
    /// write over the cotangent.
    /// </summary>
    private static Variable Elementwise(
        string name, Variable x, Action<Tensor, Tensor> forward, Action<Tensor, Tensor, Tensor, Tensor> derivative)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Tape.Recall<ElementwiseOperation>(x) is { } again && again.Is(forward, derivative)
            ? x.Tape.Repeat(again)
            : x.Tape.Record(new ElementwiseOperation(name, x, forward, derivative));
    }

    /// <summary>An op that maps each element alone, as a number says, such as the slope of leaky ReLU.</summary>
    private static Variable Elementwise(
        string name, Variable x, double number,
        Action<Tensor, double, Tensor> forward, Action<Tensor, Tensor, Tensor, double, Tensor> derivative)
    {
        ArgumentNullException.ThrowIfNull(x);
        // A method with its number is another object at each call, and so would the op be at each step.
        return x.Tape.Recall<ElementwiseOperation>(x) is { Number: { } known } again && known == number
            ? x.Tape.Repeat(again)
            : x.Tape.Record(new ElementwiseOperation(
                name, x, (from, to) => forward(from, number, to),
                (g, from, y, to) => derivative(g, from, y, number, to))
            {
                Number = number,
            });
    }

    private sealed class ElementwiseOperation(
        string name, Variable x, Action<Tensor, Tensor> forward, Action<Tensor, Tensor, Tensor, Tensor> derivative)
        : Operation(name, [x], x.Shape)
    {
        public double? Number { get; init; }

        public bool Is(Action<Tensor, Tensor> map, Action<Tensor, Tensor, Tensor, Tensor> way) =>
            forward == map && derivative == way;

        public override void Compute(Tensor x, Tensor y) => forward(x, y);

        public override void Derive(Tensor cotangent, CotangentSink sink)
        {
            derivative(cotangent, Inputs[0].Unforced, Output.Unforced, cotangent);
            sink.Pass(0);
        }
    }
}
