using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>The gain on the diagonal and zeros elsewhere.</summary>
internal sealed class IdentityInitializer : Initializer
{
    private readonly double _gain;

    public IdentityInitializer(double gain)
        : base("identity") => _gain = Bounds.RequireFinite(gain);

    public override void FillInPlace(Tensor weight, RandomKey key)
    {
        (int fanIn, int fanOut) = Fans(weight);
        Kernels.FillInPlace(weight, 0);
        for (int i = 0; i < Math.Min(fanIn, fanOut); i++) weight[i, i] = _gain;
    }

    private protected override double MeanSquare(int fanIn, int fanOut) => _gain * _gain / Math.Max(fanIn, fanOut);
}
