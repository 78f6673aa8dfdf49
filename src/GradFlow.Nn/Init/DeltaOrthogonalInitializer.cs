using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>An orthogonal matrix times the gain at the kernel's centre, zeros elsewhere.</summary>
internal sealed class DeltaOrthogonalInitializer : Initializer
{
    private readonly OrthogonalInitializer _matrix;

    public DeltaOrthogonalInitializer(double gain)
        : base("delta-orthogonal") => _matrix = new OrthogonalInitializer(gain);

    public override void FillInPlace(Tensor weight, RandomKey key)
    {
        Tensor parts = WithPlaces(weight);
        Tensor matrix = Tensor.Zeros(new Shape(parts.Shape[0], parts.Shape[1]), weight.ElementType);
        _matrix.FillInPlace(matrix, key);
        Kernels.FillInPlace(weight, 0);
        Kernels.Copy(
            matrix.Reshape(new Shape(parts.Shape[0], parts.Shape[1], 1)), parts.Slice(2, CentreOf(weight.Shape), 1));
    }

    private protected override double MeanSquare(int inputs, int outputs, int places) =>
        _matrix.Variance(inputs, outputs) / places;
}
