using GradFlow.Tensors;

namespace GradFlow.Autograd;

/// <summary>h_t = φ(W·x_t + b + U·h_{t−1} + b'): J_t = diag φ'(a_t)·U, φ' following from h_t.</summary>
internal sealed class PlainStateMap(RecurrentCell cell, Variable output, Variable recurrentWeight)
    : StateMap(output, recurrentWeight)
{
    private protected override int OwnSize => Units;

    public override IReadOnlyList<string> Gates => [];

    private protected override double[,] Matrix() => Block();

    public override IReadOnlyList<ColumnShares> GateShares(
        double low, double high, ReadOnlyMemory<int> lengths) => [];

    private protected override void Derive(int sample, int step, ReadOnlySpan<double> tangent, Span<double> into)
    {
        double[] h = States(sample, step);
        for (int j = 0; j < h.Length; j++) into[j] = Slope(h[j]) * Through[j];
    }

    private double Slope(double h) => cell switch
    {
        RecurrentCell.Tanh => 1 - h * h,
        RecurrentCell.Relu => h > 0 ? 1 : 0,
        RecurrentCell.ModRelu => h != 0 ? 1 : 0,
        _ => 1,
    };
}
