using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>The gain on the diagonal, of a kernel at its centre, and zeros elsewhere.</summary>
internal sealed class IdentityInitializer : Initializer
{
    private readonly double _gain;

    public IdentityInitializer(double gain)
        : base("identity") => _gain = Bounds.RequireFinite(gain);

    public override void FillInPlace(Tensor weight, RandomKey key)
    {
        Tensor parts = WithPlaces(weight);
        int centre = CentreOf(weight.Shape);
        Kernels.FillInPlace(weight, 0);
        for (int i = 0; i < Math.Min(parts.Shape[0], parts.Shape[1]); i++) parts[i, i, centre] = _gain;
    }

    private protected override double MeanSquare(int inputs, int outputs, int places) =>
        _gain * _gain / ((double)Math.Max(inputs, outputs) * places);
}
