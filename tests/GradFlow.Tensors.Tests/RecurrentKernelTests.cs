using System.Numerics;

namespace GradFlow.Tensors.Tests;

/// <summary>
/// Recurrent cells over all time steps against plain loops in float64, one sample, step and unit at a time.
/// </summary>
public sealed class RecurrentKernelTests
{
    public static TheoryData<RecurrentCell, int, int, int, int> Sizes
    {
        get
        {
            var sizes = new TheoryData<RecurrentCell, int, int, int, int>();
            foreach (RecurrentCell cell in Enum.GetValues<RecurrentCell>())
            {
                // Complex numbers have two parts.
                int even = cell == RecurrentCell.ComplexDiagonal ? 1 : 0;
                sizes.Add(cell, 1, 1, 1, 1 + even);
                sizes.Add(cell, 5, 6, 3, 7 + even);
                sizes.Add(cell, 13, 4, 2, 35 + even);
            }
            return sizes;
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void States_are_those_of_plain_loops(RecurrentCell cell, int samples, int steps, int inputs, int units)
    {
        foreach (ElementType type in Enum.GetValues<ElementType>())
        {
            var layer = new PlainLayer(cell, samples, steps, inputs, units);
            double[] actual = layer.Run(type).ToDoubles();
            // States lie within a few units, and each step hands its rounding on.
            double bound = 64 * steps * (inputs + units) * (type == ElementType.Float32 ? 6e-8 : 1.1e-16);
            actual.ShouldBe(layer.Loops(), bound, $"{cell} {type}");
        }
    }

    [Theory]
    [InlineData(RecurrentCell.Tanh)]
    [InlineData(RecurrentCell.Lstm)]
    [InlineData(RecurrentCell.Gru)]
    public void Cotangents_have_the_same_bits_whether_norms_are_asked_for(RecurrentCell cell)
    {
        var layer = new PlainLayer(cell, 19, 5, 3, 21);
        layer.Back(ElementType.Float32, new RecurrentNorms()).ShouldBe(layer.Back(ElementType.Float32, null));
    }

    public static TheoryData<RecurrentCell> Cells => [.. Enum.GetValues<RecurrentCell>()];

    [Theory]
    [MemberData(nameof(Cells))]
    public void The_last_steps_alone_give_the_same_bits_as_among_zeros(RecurrentCell cell)
    {
        var layer = new PlainLayer(cell, 19, 7, 3, 22);
        foreach (int last in new[] { 1, 3 })
        {
            Tensor g = layer.Given(ElementType.Float32);
            for (int step = 0; step < 7 - last; step++) Kernels.FillStepInPlace(g, step, 0);
            layer.Back(g.Slice(1, 7 - last, last).Clone()).ShouldBe(layer.Back(g));
        }
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void Norms_are_the_same_where_no_cotangents_are_asked_for(RecurrentCell cell)
    {
        var layer = new PlainLayer(cell, 19, 7, 3, 22);
        RecurrentNorms with = new(), without = new();
        layer.Back(layer.Given(ElementType.Float32), with);
        layer.BackForNorms(layer.Given(ElementType.Float32), without);
        without.States.ShouldBe(with.States);
        without.Carried.ShouldBe(with.Carried);
        without.Preactivations.ShouldBe(with.Preactivations);
        with.States.ShouldAllBe(norm => double.IsFinite(norm));
    }

    [Fact]
    public void Sizes_that_do_not_fit_are_named()
    {
        var layer = new PlainLayer(RecurrentCell.Lstm, 2, 3, 4, 5);
        string Message(Tensor x, Tensor kept, Tensor h) => Should.Throw<ArgumentException>(() =>
            Kernels.RecurrentForward(
                RecurrentCell.Lstm, layer.Weights(ElementType.Float64), x, kept, h, new())).Message;
        Tensor Of(params int[] extents) => Tensor.Zeros(new Shape(extents), ElementType.Float64);

        Message(Of(2, 4), Of(2, 3, 30), Of(2, 3, 5)).ShouldContain("[2, 4]; expected sequences [n, T, f]");
        Message(Of(2, 3, 3), Of(2, 3, 30), Of(2, 3, 5)).ShouldContain("[20, 4]; expected [20, 3]");
        Message(Of(2, 3, 4), Of(2, 3, 29), Of(2, 3, 5)).ShouldContain("expected [2, 3, 30]");
        Message(Of(2, 3, 4).Clone(ElementType.Float32), Of(2, 3, 30), Of(2, 3, 5)).ShouldContain("differ");
    }

    /// <summary>A layer with drawn weights and sequences.</summary>
    private sealed class PlainLayer(RecurrentCell cell, int samples, int steps, int inputs, int units)
    {
        private readonly int _rows = Kernels.RecurrentGates(cell) * units;
        private readonly int _stateRows = Kernels.RecurrentStateGates(cell) * units;
        private readonly int _perUnit = Kernels.RecurrentPerUnit(cell) * units;

        public RecurrentWeights Weights(ElementType type) => new(
            Draw("w", type, _rows, inputs), Draw("u", type, _stateRows, units), Draw("b", type, _rows),
            Draw("c", type, _stateRows), _perUnit > 0 ? Draw("p", type, _perUnit) : null);

        public Tensor Run(ElementType type) => Forward(type).H;

        public Tensor Given(ElementType type) => Draw("g", type, samples, steps, units);

        public double[] Back(ElementType type, RecurrentNorms? norms) => Back(Given(type), norms);

        public double[] Back(Tensor g, RecurrentNorms? norms = null)
        {
            Tensor into = Tensor.Zeros(
                new Shape(samples, steps, Kernels.RecurrentColumns(cell) * units), g.ElementType);
            Back(g, norms, into);
            return into.ToDoubles();
        }

        public void BackForNorms(Tensor g, RecurrentNorms norms) => Back(g, norms, into: null);

        private void Back(Tensor g, RecurrentNorms? norms, Tensor? into)
        {
            (Tensor kept, Tensor h) = Forward(g.ElementType);
            Kernels.RecurrentBackward(
                cell, Weights(g.ElementType), null, kept, h, g, into, new TensorPool(), norms);
        }

        public double[] Loops()
        {
            RecurrentWeights weights = Weights(ElementType.Float64);
            Tensor x = Draw("x", ElementType.Float64, samples, steps, inputs);
            double[] all = new double[samples * steps * units];
            for (int n = 0; n < samples; n++)
            {
                double[] h = new double[units], c = new double[units];
                for (int t = 0; t < steps; t++)
                {
                    double[] fromInput = Rows(weights.Weight, weights.Bias!, i => x[n, t, i], inputs);
                    double[] last = h;
                    double[] fromState = Rows(weights.RecurrentWeight, weights.RecurrentBias!, i => last[i], units);
                    h = new double[units];
                    if (cell >= RecurrentCell.NormalizedLinear)
                        fromInput = Normalized([.. fromInput.Zip(fromState, (a, b) => a + b)], weights.PerUnit!);
                    for (int j = 0; j < units; j++)
                        h[j] = Advance(fromInput, fromState, weights.PerUnit?.ToDoubles() ?? [], j, last, ref c[j]);
                    h.CopyTo(all, (n * steps + t) * units);
                }
            }
            return all;
        }

        private static double[] Normalized(double[] a, Tensor perUnit)
        {
            double mean = a.Average();
            double sigma = Math.Sqrt(a.Average(x => (x - mean) * (x - mean)) + Kernels.RecurrentNormEpsilon);
            return [.. a.Select((x, j) => perUnit[j] * (x - mean) / sigma + perUnit[a.Length + j])];
        }

        private (Tensor Kept, Tensor H) Forward(ElementType type)
        {
            Tensor kept = Tensor.Zeros(new Shape(samples, steps, Kernels.RecurrentKept(cell) * units), type);
            Tensor h = Tensor.Zeros(new Shape(samples, steps, units), type);
            Kernels.RecurrentForward(
                cell, Weights(type), Draw("x", type, samples, steps, inputs), kept, h, new TensorPool());
            return (kept, h);
        }

        private double Advance(
            double[] fromInput, double[] fromState, double[] perUnit, int j, double[] last, ref double c)
        {
            double Both(int gate) => fromInput[gate * units + j] + fromState[gate * units + j];
            double Open(int gate, double seen = 0) => 1 / (1 + Math.Exp(-Both(gate) - seen));
            double before = last[j];
            switch (cell)
            {
                case RecurrentCell.Linear: return Both(0);
                case RecurrentCell.Tanh: return Math.Tanh(Both(0));
                case RecurrentCell.Relu: return Math.Max(0, Both(0));
                case RecurrentCell.Lstm:
                    c = Open(1) * c + Open(0) * Math.Tanh(Both(2));
                    return Open(3) * Math.Tanh(c);
                case RecurrentCell.PeepholeLstm:
                    double opened = Open(0, perUnit[j] * c), kept = Open(1, perUnit[units + j] * c);
                    c = kept * c + opened * Math.Tanh(Both(2));
                    return Open(3, perUnit[2 * units + j] * c) * Math.Tanh(c);
                case RecurrentCell.LeakyLinear: return before + perUnit[j] * (Both(0) - before);
                case RecurrentCell.LeakyTanh: return before + perUnit[j] * (Math.Tanh(Both(0)) - before);
                case RecurrentCell.LeakyRelu: return before + perUnit[j] * (Math.Max(0, Both(0)) - before);
                case RecurrentCell.ModRelu: return Math.Sign(Both(0)) * Math.Max(0, Math.Abs(Both(0)) + perUnit[j]);
                case RecurrentCell.NormalizedLinear: return fromInput[j];
                case RecurrentCell.NormalizedTanh: return Math.Tanh(fromInput[j]);
                case RecurrentCell.NormalizedRelu: return Math.Max(0, fromInput[j]);
                case RecurrentCell.ComplexDiagonal:
                    int half = units / 2, place = j % half;
                    Complex state = new Complex(perUnit[place], perUnit[half + place])
                        * new Complex(last[place], last[half + place]);
                    return fromInput[j] + (j < half ? state.Real : state.Imaginary);
                default:
                    double n = Math.Tanh(fromInput[2 * units + j] + Open(0) * fromState[2 * units + j]);
                    return (1 - Open(1)) * n + Open(1) * before;
            }
        }

        private double[] Rows(Tensor weight, Tensor bias, Func<int, double> x, int count) =>
            [.. Enumerable.Range(0, weight.Shape[0]).Select(
                row => bias[row] + Enumerable.Range(0, count).Sum(i => weight[row, i] * x(i)))];

        /// <summary>Drawn in float32, so that both types have the same numbers.</summary>
        private Tensor Draw(string name, ElementType type, params int[] extents)
        {
            Tensor tensor = Tensor.Zeros(new Shape(extents));
            Kernels.FillNormalInPlace(
                tensor, new RandomKey(3, "recurrent", name), 0, name == "u" ? 0.7 / Math.Sqrt(units) : 0.5);
            return tensor.Clone(type);
        }
    }
}
