using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>What a pooling takes of a window.</summary>
public enum PoolingKind
{
    /// <summary>The largest number.</summary>
    Max,

    /// <summary>The mean, padding counted as zeros.</summary>
    Average,
}

/// <summary>What the pooling layers share.</summary>
internal static class PoolingKinds
{
    /// <summary>How names in the experiment file begin: <c>max</c> or <c>avg</c>.</summary>
    public static string Prefix(this PoolingKind kind) => kind == PoolingKind.Max ? "max" : "avg";

    /// <summary>The pooling of images [n, c, h, w] or of sequences [n, c, length].</summary>
    public static Variable Of(this PoolingKind kind, Variable x, Window rows, Window columns) =>
        kind == PoolingKind.Max ? Ops.MaxPool(x, rows, columns) : Ops.AveragePool(x, rows, columns);
}
