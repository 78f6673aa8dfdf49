using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>Uniform on [−a, a).</summary>
internal sealed class UniformInitializer : Initializer
{
    private readonly double _a;

    public UniformInitializer(string name, double a)
        : base(name) => _a = Bounds.RequireNonNegative(a);

    public override void FillInPlace(Tensor weight, RandomKey key) => Kernels.FillUniformInPlace(weight, key, -_a, _a);

    private protected override double MeanSquare(int inputs, int outputs, int places) => _a * _a / 3;
}
