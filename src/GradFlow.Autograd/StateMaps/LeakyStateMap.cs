using GradFlow.Tensors;

namespace GradFlow.Autograd;

/// <summary>h_t = (1 − α)∘h_{t−1} + α∘φ(a_t): J_t = diag(1 − α) + diag(α∘φ'(a_t))·U, φ' following from φ.</summary>
/// <param name="cell">The cell, which tells φ.</param>
/// <param name="output">h of all steps.</param>
/// <param name="steps">φ(a), likewise.</param>
/// <param name="recurrentWeight">U.</param>
/// <param name="leak">α.</param>
internal sealed class LeakyStateMap(
    RecurrentCell cell, Variable output, RecurrentSteps steps, Variable recurrentWeight, Variable leak)
    : StateMap(output, recurrentWeight)
{
    private double[]? _leak, _now;

    private protected override int OwnSize => Units;

    public override IReadOnlyList<string> Gates => [];

    private protected override double[,] Matrix()
    {
        double[,] matrix = Block();
        for (int i = 0; i < Units; i++)
        {
            for (int j = 0; j < Units; j++) matrix[i, j] *= Leak[i];
            matrix[i, i] += 1 - Leak[i];
        }
        return matrix;
    }

    public override IReadOnlyList<ColumnShares> GateShares(
        double low, double high, ReadOnlyMemory<int> lengths) => [];

    private protected override void Derive(int sample, int step, ReadOnlySpan<double> tangent, Span<double> into)
    {
        double[] f = Read(steps, sample, step, ref _now), alpha = Leak;
        for (int j = 0; j < f.Length; j++) into[j] = (1 - alpha[j]) * tangent[j] + alpha[j] * Slope(f[j]) * Through[j];
    }

    private double[] Leak => _leak ??= leak.Value.ToDoubles();

    private double Slope(double f) => cell switch
    {
        RecurrentCell.LeakyTanh => 1 - f * f,
        RecurrentCell.LeakyRelu => f > 0 ? 1 : 0,
        _ => 1,
    };
}
