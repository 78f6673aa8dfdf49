using GradFlow.Tensors;

namespace GradFlow.Autograd;

/// <summary>
/// c_t = f∘c_{t−1} + i∘g, h_t = o∘tanh c_t: with (u_i, u_f, u_g, u_o) = U·dh,
/// dc_t = f∘dc + c_{t−1}∘f(1−f)∘u_f + g∘i(1−i)∘u_i + i∘(1−g²)∘u_g and
/// dh_t = tanh c_t∘o(1−o)∘u_o + o∘(1−tanh²c_t)∘dc_t. Where gates see the cell through p, u_i and u_f gain p∘dc and u_o
/// p∘dc_t.
/// </summary>
/// <param name="output">h of all steps.</param>
/// <param name="steps">The gates i, f, g, o, then c and tanh c, [n, T, 6·units].</param>
/// <param name="recurrentWeight">U.</param>
/// <param name="peepholes">p of i, f and o; null where gates don't see the cell.</param>
internal sealed class LstmStateMap(
    Variable output, RecurrentSteps steps, Variable recurrentWeight, Variable? peepholes = null)
    : StateMap(output, recurrentWeight, candidate: 2)
{
    private double[]? _peepholes, _now, _before;

    private protected override int OwnSize => 2 * Units;

    public override IReadOnlyList<string> Gates => ["input", "forget", "output"];

    private protected override double[,] Matrix() => Block();

    public override IReadOnlyList<ColumnShares> GateShares(double low, double high, ReadOnlyMemory<int> lengths) =>
        steps.Measure([0, 1, 3], low, high, lengths);

    private protected override void Derive(int sample, int step, ReadOnlySpan<double> tangent, Span<double> into)
    {
        int n = Units;
        double[] p = _peepholes ??= peepholes?.Value.ToDoubles() ?? new double[3 * n];
        double[] now = Read(steps, sample, step, ref _now), before = Read(steps, sample, step - 1, ref _before);
        double[] u = Through;
        for (int j = 0; j < n; j++)
        {
            double i = now[j], f = now[n + j], g = now[2 * n + j], o = now[3 * n + j], squashed = now[5 * n + j];
            double last = tangent[n + j], intoI = u[j] + p[j] * last, intoF = u[n + j] + p[n + j] * last;
            double c = f * last + before[4 * n + j] * f * (1 - f) * intoF
                + g * i * (1 - i) * intoI + i * (1 - g * g) * u[2 * n + j];
            into[n + j] = c;
            into[j] = squashed * o * (1 - o) * (u[3 * n + j] + p[2 * n + j] * c) + o * (1 - squashed * squashed) * c;
        }
    }
}
