using GradFlow.Tensors;

namespace GradFlow.Bench;

/// <summary>One matrix product and the same by the peer, on the same numbers.</summary>
internal sealed class ProductCase
{
    private readonly int _m;
    private readonly int _k;
    private readonly int _n;
    private readonly bool _isTransposed;
    private readonly Tensor _a;
    private readonly Tensor _b;
    private readonly Tensor _c;
    private readonly float[] _peerA;
    private readonly float[] _peerB;
    private readonly float[] _peerC;

    private ProductCase(string name, int m, int k, int n, bool isTransposed)
    {
        (Name, _m, _k, _n, _isTransposed) = (name, m, k, n, isTransposed);
        _a = Drawn.Normal("a", m, k);
        _b = isTransposed ? Drawn.Normal("b", n, k) : Drawn.Normal("b", k, n);
        _c = Tensor.Zeros(new Shape(m, n));
        (_peerA, _peerB, _peerC) = (_a.AsSpan<float>().ToArray(), _b.AsSpan<float>().ToArray(), new float[m * n]);
    }

    /// <summary>Its shape, such as 32x100x10t.</summary>
    public string Name { get; }

    /// <summary>Multiplications and additions.</summary>
    public double Operations => 2.0 * _m * _k * _n;

    /// <summary>A product by its shape; null where the text is none.</summary>
    public static ProductCase? Parse(string shape)
    {
        bool isTransposed = shape.EndsWith('t');
        string[] parts = shape.TrimEnd('t').Split('x');
        int[] extents = [.. parts.Select(part => int.TryParse(part, out int extent) ? extent : 0)];
        return extents is [> 0, > 0, > 0]
            ? new ProductCase(shape, extents[0], extents[1], extents[2], isTransposed)
            : null;
    }

    public void Multiply() => Kernels.MatMul(_a, _b, _c, transposeB: _isTransposed);

    public void MultiplyByPeer() => OpenBlas.Multiply(_m, _k, _n, _peerA, _peerB, _isTransposed, _peerC);
}

/// <summary>How fast a product is, in 10⁹ operations per second.</summary>
/// <param name="Name">Its shape.</param>
/// <param name="Ours">Ours.</param>
/// <param name="Peer">The peer's; null where it isn't installed.</param>
internal sealed record ProductTiming(string Name, double Ours, double? Peer)
{
    /// <summary>Ours divided by the peer's.</summary>
    public double? Ratio => Ours / Peer;
}
