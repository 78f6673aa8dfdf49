using GradFlow.Tensors;

namespace GradFlow.Autograd;

/// <summary>
/// h_t = φ(γ∘â_t + β), â = (a − mean)/σ: with u = U·dh, dh_t = φ'∘γ∘(u − mean u − â·mean(u∘â))/σ, φ' following from
/// h_t.
/// </summary>
/// <param name="cell">φ.</param>
/// <param name="output">h of all steps.</param>
/// <param name="steps">a of all steps.</param>
/// <param name="recurrentWeight">U.</param>
/// <param name="gains">γ before β.</param>
internal sealed class NormalizedStateMap(
    RecurrentCell cell, Variable output, RecurrentSteps steps, Variable recurrentWeight, Variable gains)
    : StateMap(output, recurrentWeight)
{
    private double[]? _gains, _now;

    private protected override int OwnSize => Units;

    public override IReadOnlyList<string> Gates => [];

    private protected override double[,] Matrix() => Block();

    public override IReadOnlyList<ColumnShares> GateShares(
        double low, double high, ReadOnlyMemory<int> lengths) => [];

    private protected override void Derive(int sample, int step, ReadOnlySpan<double> tangent, Span<double> into)
    {
        double[] a = Read(steps, sample, step, ref _now), h = States(sample, step), gamma = Gains;
        double mean = a.Average();
        double sigma = Math.Sqrt(a.Average(x => (x - mean) * (x - mean)) + Kernels.RecurrentNormEpsilon);
        double average = Through.Average(), along = 0;
        for (int j = 0; j < a.Length; j++) along += Through[j] * (a[j] - mean) / sigma / a.Length;
        for (int j = 0; j < a.Length; j++)
            into[j] = Slope(h[j]) * gamma[j] * (Through[j] - average - (a[j] - mean) / sigma * along) / sigma;
    }

    private double[] Gains => _gains ??= gains.Value.ToDoubles();

    private double Slope(double h) => cell switch
    {
        RecurrentCell.NormalizedTanh => 1 - h * h,
        RecurrentCell.NormalizedRelu => h > 0 ? 1 : 0,
        _ => 1,
    };
}
