using GradFlow.Tensors;

namespace GradFlow.Autograd;

/// <summary>h_t = λ∘h_{t−1} + a_t in complex numbers: J_t is λ, the same at every step.</summary>
/// <param name="output">h of all steps, real parts before imaginary ones.</param>
/// <param name="none">A recurrent weight without rows.</param>
/// <param name="lambda">λ, real parts before imaginary ones.</param>
internal sealed class ComplexDiagonalStateMap(Variable output, Variable none, Variable lambda) : StateMap(output, none)
{
    private double[]? _lambda;

    private protected override int OwnSize => Units;

    public override IReadOnlyList<string> Gates => [];

    public override IReadOnlyList<ColumnShares> GateShares(
        double low, double high, ReadOnlyMemory<int> lengths) => [];

    private protected override double[,] Matrix()
    {
        int half = Units / 2;
        var matrix = new double[Units, Units];
        for (int j = 0; j < half; j++)
        {
            matrix[j, j] = matrix[half + j, half + j] = Lambda[j];
            matrix[half + j, j] = Lambda[half + j];
            matrix[j, half + j] = -Lambda[half + j];
        }
        return matrix;
    }

    private protected override void Derive(int sample, int step, ReadOnlySpan<double> tangent, Span<double> into)
    {
        int half = Units / 2;
        for (int j = 0; j < half; j++)
        {
            into[j] = Lambda[j] * tangent[j] - Lambda[half + j] * tangent[half + j];
            into[half + j] = Lambda[j] * tangent[half + j] + Lambda[half + j] * tangent[j];
        }
    }

    private double[] Lambda => _lambda ??= lambda.Value.ToDoubles();
}
