using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>
/// One number per channel (Lin, Chen &amp; Yan 2014): of images [n, channels, height, width] over all places, of
/// sequences [n, T, features] over all time steps that hold data (<see cref="Pass.Lengths"/>).
/// </summary>
/// <param name="name">The stable name.</param>
/// <param name="kind">The largest or the mean.</param>
public sealed class GlobalPool(string name, PoolingKind kind) : StatelessModule(name, $"global-{kind.Prefix()}-pool")
{
    private const double FarBelow = -1e30;

    /// <inheritdoc/>
    protected override Variable Forward(Variable x, Pass pass)
    {
        Variable channels = x.Shape.Count == 3 ? Ops.Transpose(WithoutPadding(x, pass.Lengths)) : x;
        Window rows = channels.Shape.Count == 4 ? new Window(channels.Shape[2]) : Window.Single;
        Variable pooled = kind.Of(channels, rows, new Window(channels.Shape[^1]));
        return Ops.Reshape(pooled, new Shape(pooled.Shape[0], pooled.Shape[1]));
    }

    /// <summary>
    /// Puts padding below all numbers where the largest is taken; else to 0, and what holds data up by as much as a
    /// mean over all steps is too small.
    /// </summary>
    private Variable WithoutPadding(Variable x, ReadOnlyMemory<int> lengths)
    {
        if (lengths.IsEmpty) return x;
        (int n, int steps) = (x.Shape[0], x.Shape[1]);
        if (lengths.Length != n)
            throw new ArgumentException($"'{Name}' got {x.Shape} and {lengths.Length} lengths; "
                + "expected one per sample");
        Tensor mask = x.Tape.Rent(new Shape(n, steps, 1), x.Value.ElementType);
        for (int i = 0; i < n; i++)
        {
            int length = lengths.Span[i];
            for (int t = 0; t < steps; t++)
                mask[i, t, 0] = kind == PoolingKind.Max
                    ? t < length ? 0 : FarBelow
                    : t < length ? (double)steps / length : 0;
        }
        return kind == PoolingKind.Max ? x + x.Tape.Constant(mask) : x * x.Tape.Constant(mask);
    }
}
