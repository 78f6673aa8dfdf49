using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>The same value everywhere.</summary>
internal sealed class ConstantInitializer : Initializer
{
    private readonly double _value;

    public ConstantInitializer(string name, double value)
        : base(name) => _value = Bounds.RequireFinite(value);

    public override void FillInPlace(Tensor weight, RandomKey key) => Kernels.FillInPlace(weight, _value);

    private protected override double MeanSquare(int inputs, int outputs, int places) => _value * _value;
}
