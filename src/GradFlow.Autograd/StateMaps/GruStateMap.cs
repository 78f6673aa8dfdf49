using GradFlow.Tensors;

namespace GradFlow.Autograd;

/// <summary>
/// h_t = (1−z)∘n + z∘h_{t−1}, n = tanh(… + r∘m), m = U_n·h_{t−1} + b': with (u_r, u_z, u_n) = U·dh,
/// dn = (1−n²)∘(r∘u_n + m∘r(1−r)∘u_r), dz = z(1−z)∘u_z and dh_t = (1−z)∘dn + (h_{t−1}−n)∘dz + z∘dh.
/// </summary>
/// <param name="output">h of all steps.</param>
/// <param name="steps">m, r, z and the candidate n, [n, T, 4·units].</param>
/// <param name="recurrentWeight">U.</param>
internal sealed class GruStateMap(Variable output, RecurrentSteps steps, Variable recurrentWeight)
    : StateMap(output, recurrentWeight, candidate: 2)
{
    private double[]? _now;

    private protected override int OwnSize => Units;

    public override IReadOnlyList<string> Gates => ["reset", "update"];

    private protected override double[,] Matrix() => Block();

    public override IReadOnlyList<ColumnShares> GateShares(double low, double high, ReadOnlyMemory<int> lengths) =>
        steps.Measure([1, 2], low, high, lengths);

    private protected override void Derive(int sample, int step, ReadOnlySpan<double> tangent, Span<double> into)
    {
        int n = Units;
        double[] now = Read(steps, sample, step, ref _now), before = States(sample, step - 1), u = Through;
        for (int j = 0; j < n; j++)
        {
            double m = now[j], r = now[n + j], z = now[2 * n + j], candidate = now[3 * n + j];
            double slope = (1 - candidate * candidate) * (r * u[2 * n + j] + m * r * (1 - r) * u[j]);
            double gate = z * (1 - z) * u[n + j];
            into[j] = (1 - z) * slope + (before[j] - candidate) * gate + z * tangent[j];
        }
    }
}
