using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>Normal of mean 0.</summary>
internal sealed class NormalInitializer : Initializer
{
    private readonly double _std;

    public NormalInitializer(double std)
        : base("normal") => _std = Bounds.RequireNonNegative(std);

    public override void FillInPlace(Tensor weight, RandomKey key) => Kernels.FillNormalInPlace(weight, key, 0, _std);

    private protected override double MeanSquare(int inputs, int outputs, int places) => _std * _std;
}
