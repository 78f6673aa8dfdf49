using GradFlow.Runs;

namespace GradFlow.Diagnosis.Tests;

/// <summary>
/// A multilayer perceptron that really trains, in float64 and a hundred lines, so that the thresholds are tried on
/// measured runs whose disease is known. Eight Gaussian clouds are to be told apart.
/// </summary>
internal sealed class SmallNet
{
    private const int Inputs = 16, Classes = 8, Batch = 32, FrameInterval = 10;
    private const double Float32Limit = 3.4e38;
    private readonly Random _random;
    private readonly int[] _widths;
    private readonly double[][,] _weights;
    private readonly double[][] _biases;
    private readonly double[,] _centres = new double[Classes, Inputs];
    private readonly Func<double, double> _value, _slope;

    public SmallNet(int seed, int depth, string activation, double sigmaW)
    {
        _random = new Random(seed);
        Activation = activation;
        _widths = [Inputs, .. Enumerable.Repeat(Width, depth - 1), Classes];
        _value = activation switch
        {
            "sigmoid" => x => 1 / (1 + Math.Exp(-x)),
            "tanh" => Math.Tanh,
            _ => x => Math.Max(0, x),
        };
        _slope = activation switch
        {
            "sigmoid" => x => 1 / (2 + Math.Exp(-x) + Math.Exp(x)),
            "tanh" => x => 1 - Math.Tanh(x) * Math.Tanh(x),
            _ => x => x > 0 ? 1 : 0,
        };
        _weights = [.. Enumerable.Range(0, depth).Select(l => Draw(l, sigmaW))];
        _biases = [.. Enumerable.Range(0, depth).Select(l => new double[_widths[l + 1]])];
        for (int c = 0; c < Classes; c++) for (int i = 0; i < Inputs; i++) _centres[c, i] = Gaussian();
    }

    public const int Width = 16;

    public string Activation { get; }

    public double InputScale { get; init; } = 1;

    public Run Train(int steps, double rate)
    {
        RunStructure structure = Structure();
        var plan = new TrainingPlan(
            steps, 100, Batch, "cross-entropy", "sgd", rate, "accuracy", 1.0 / Classes, Math.Log(Classes),
            InputScale * 1.1);
        var header = new RunHeader("small", 1, DateTimeOffset.UnixEpoch, "test", plan, structure);
        List<StepRecord> records = [];
        List<Frame> frames = [];
        for (int step = 0; step < steps; step++)
        {
            (StepRecord record, Frame? frame) = Step(step, rate);
            records.Add(record);
            if (!double.IsFinite(record.Loss)) break;
            if (frame is not null) frames.Add(frame);
        }
        return new Run(header, records, frames, []);
    }

    private int Depth => _weights.Length;

    private (StepRecord, Frame?) Step(int step, double rate)
    {
        (double[,] x, int[] labels) = Sample();
        double[][,] pre = new double[Depth][,], post = new double[Depth + 1][,];
        post[0] = x;
        for (int l = 0; l < Depth; l++)
        {
            pre[l] = Affine(post[l], _weights[l], _biases[l]);
            post[l + 1] = l == Depth - 1 ? pre[l] : Map(pre[l], (v, _, _) => _value(v));
        }
        (double loss, double accuracy, double[,] gradient) = CrossEntropy(pre[^1], labels);
        bool overflows = pre.Any(values => Count(values, v => !(Math.Abs(v) < Float32Limit)) > 0);
        var record = new StepRecord(step, step / 100, overflows ? double.NaN : loss, accuracy, rate, null, null, null);
        return (record, Backward(step, rate, pre, post, gradient));
    }

    private Frame? Backward(int step, double rate, double[][,] pre, double[][,] post, double[,] gradient)
    {
        bool isWatched = step % FrameInterval == 0;
        List<double[,]> cuts = [gradient];
        for (int l = Depth - 1; l >= 0; l--)
        {
            double[,] before = gradient, weights = _weights[l];
            if (l > 0)
            {
                double[,] inputs = pre[l - 1], outer = Transposed(before, weights);
                gradient = Map(outer, (v, r, c) => v * _slope(inputs[r, c]));
                cuts.InsertRange(0, [gradient, outer]);
            }
            Update(l, rate, post[l], before);
        }
        if (!isWatched) return null;
        double?[] norms = [.. cuts.Select(Log)];
        double?[] gains = [.. norms.Zip(norms.Skip(1), (a, b) => a - b)];
        double?[] saturated = [.. pre.SkipLast(1).Select(values => Share(values, v => _slope(v) < 0.05 * _slope(0)))];
        double?[] dead = [.. pre.SkipLast(1).Select(DeadColumns)];
        var forward = new ForwardStatistics(
            null, null, null, Activation == "relu" ? null : saturated, Activation == "relu" ? dead : null, null);
        return new Frame(step, norms, gains, forward, null, null);
    }

    private void Update(int layer, double rate, double[,] input, double[,] gradient)
    {
        double[,] weights = _weights[layer];
        for (int o = 0; o < weights.GetLength(0); o++)
            for (int b = 0; b < Batch; b++)
            {
                double g = rate * gradient[b, o];
                if (g == 0) continue;
                _biases[layer][o] -= g;
                for (int i = 0; i < weights.GetLength(1); i++) weights[o, i] -= g * input[b, i];
            }
    }

    private RunStructure Structure()
    {
        List<CutInfo> cuts = [new("1.linear", "linear", 1, true)];
        List<LinkInfo> links = [];
        List<SignalInfo> signals = [];
        for (int l = 1; l < Depth; l++)
        {
            string activation = $"{2 * l}.{Activation}", linear = $"{2 * l + 1}.linear";
            cuts.AddRange([new CutInfo(activation, Activation, l, false), new CutInfo(linear, "linear", l + 1, true)]);
            links.AddRange([
                new LinkInfo(activation, Activation, LinkKind.Activation, l),
                new LinkInfo(linear, "linear", LinkKind.Weights, l + 1)]);
            signals.Add(new SignalInfo(activation, Activation, LinkKind.Activation, l, Width));
        }
        return new RunStructure(
            cuts, links, [.. links.Select((link, i) => new PartInfo(i, link.Name, link.Type, link.Kind))], signals, []);
    }

    private (double[,] X, int[] Labels) Sample()
    {
        int[] labels = [.. Enumerable.Range(0, Batch).Select(_ => _random.Next(Classes))];
        double[,] x = Map(
            new double[Batch, Inputs], (_, b, i) => InputScale * (_centres[labels[b], i] + 0.5 * Gaussian()));
        return (x, labels);
    }

    private static (double Loss, double Accuracy, double[,] Gradient) CrossEntropy(double[,] logits, int[] labels)
    {
        double loss = 0, hits = 0;
        double[,] gradient = new double[Batch, Classes];
        for (int b = 0; b < Batch; b++)
        {
            double[] row = [.. Enumerable.Range(0, Classes).Select(c => logits[b, c])];
            double max = row.Max(), sum = row.Sum(v => Math.Exp(v - max));
            loss += (max + Math.Log(sum) - row[labels[b]]) / Batch;
            hits += row[labels[b]] == max ? 1.0 / Batch : 0;
            for (int c = 0; c < Classes; c++)
                gradient[b, c] = (Math.Exp(row[c] - max) / sum - (c == labels[b] ? 1 : 0)) / Batch;
        }
        return (loss, hits, gradient);
    }

    private static double[,] Affine(double[,] x, double[,] weights, double[] bias) =>
        Map(new double[Batch, bias.Length], (_, b, o) =>
        {
            double sum = bias[o];
            for (int i = 0; i < weights.GetLength(1); i++) sum += weights[o, i] * x[b, i];
            return sum;
        });

    private static double[,] Transposed(double[,] gradient, double[,] weights) =>
        Map(new double[Batch, weights.GetLength(1)], (_, b, i) =>
        {
            double sum = 0;
            for (int o = 0; o < weights.GetLength(0); o++) sum += weights[o, i] * gradient[b, o];
            return sum;
        });

    private static double[,] Map(double[,] values, Func<double, int, int, double> f)
    {
        double[,] mapped = new double[values.GetLength(0), values.GetLength(1)];
        for (int r = 0; r < mapped.GetLength(0); r++)
            for (int c = 0; c < mapped.GetLength(1); c++)
                mapped[r, c] = f(values[r, c], r, c);
        return mapped;
    }

    private static double? Log(double[,] values)
    {
        double sum = 0;
        foreach (double value in values) sum += value * value;
        return Math.Log10(Math.Sqrt(sum));
    }

    private static int Count(double[,] values, Predicate<double> isIn)
    {
        int count = 0;
        foreach (double value in values) count += isIn(value) ? 1 : 0;
        return count;
    }

    private static double? Share(double[,] values, Predicate<double> isIn) =>
        Count(values, isIn) / (double)values.Length;

    private static double? DeadColumns(double[,] pre) =>
        Enumerable.Range(0, pre.GetLength(1)).Count(c => Enumerable.Range(0, Batch).All(b => pre[b, c] <= 0))
        / (double)pre.GetLength(1);

    private double[,] Draw(int layer, double sigmaW)
    {
        double std = sigmaW / Math.Sqrt(_widths[layer]);
        return Map(new double[_widths[layer + 1], _widths[layer]], (_, _, _) => std * Gaussian());
    }

    private double Gaussian() =>
        Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
}
