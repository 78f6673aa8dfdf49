using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>
/// One number per channel (Lin, Chen &amp; Yan 2014): of images [n, channels, height, width] over all places, of
/// sequences [n, T, features] over all time steps.
/// </summary>
/// <param name="name">The stable name.</param>
/// <param name="kind">The largest or the mean.</param>
public sealed class GlobalPool(string name, PoolingKind kind) : StatelessModule(name, $"global-{kind.Prefix()}-pool")
{
    /// <inheritdoc/>
    protected override Variable Forward(Variable x, Pass pass)
    {
        Variable channels = x.Shape.Count == 3 ? Ops.Transpose(x) : x;
        Window rows = channels.Shape.Count == 4 ? new Window(channels.Shape[2]) : Window.Single;
        Variable pooled = kind.Of(channels, rows, new Window(channels.Shape[^1]));
        return Ops.Reshape(pooled, new Shape(pooled.Shape[0], pooled.Shape[1]));
    }
}
