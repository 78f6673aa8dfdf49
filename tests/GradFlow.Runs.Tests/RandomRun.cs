namespace GradFlow.Runs.Tests;

/// <summary>Runs of random shape whose numbers are often absent, undefined or infinite.</summary>
internal sealed class RandomRun(int seed)
{
    private static readonly double[] Corners =
    [
        double.NaN, double.PositiveInfinity, double.NegativeInfinity, 0, double.Epsilon, double.MaxValue, -6000.125,
        // Any NaN that a computation leaves is undefined, even the pattern that stands for "not measured".
        BitConverter.UInt64BitsToDouble(PackedNumbers.NotMeasured), BitConverter.UInt64BitsToDouble(ulong.MaxValue),
    ];

    private readonly Random _random = new(seed);

    internal Run Build()
    {
        RunStructure structure = Structure();
        var plan = new TrainingPlan(
            10, 5, 2, "mse", "adam", MaybeSize(), Name(), Maybe(), _random.NextDouble(), MaybeSize(), MaybeSize());
        var start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddSeconds(_random.Next());
        var header = new RunHeader(Name(), _random.NextInt64(), start, "test", plan, structure, Name());
        int step = 0;
        return new Run(
            header,
            List(20, () => new StepRecord(
                step += 1 + _random.Next(3), 0, Number(), Maybe(), Size(), MaybeSize(), MaybeSize(), MaybeSize())
            {
                Penalty = MaybeSize(),
            }),
            Frames(structure),
            List(5, () => new Evaluation(_random.Next(9), _random.NextDouble(), "validation", Number(), Maybe(), 3)),
            Chance() ? new NonFiniteOrigin(3, "forward", Name(), "affine", "nan") : null,
            Chance()
                ? new Forecast(
                    Maybe(), Maybe(), MaybeSize(), MaybeSize(), [], [], [], "unknown", Name(), Maybe(), Maybe())
                : null,
            End: Chance() ? new RunEnd("completed", _random.NextDouble(), MaybeShare()) : null)
        {
            ByLength = Chance() ? new LossByLength(3, List(3, Row)) : null,
            Order = Chance() ? new OrderEffect(3, _random.NextDouble(), _random.NextDouble(), 7) : null,
        };
    }

    private LengthLoss Row() => new(2, 9, Number(), Maybe(), _random.NextDouble(), Maybe(), 7, Chance());

    internal double?[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => Maybe())];

    private RunStructure Structure()
    {
        int cuts = _random.Next(6);
        int links = Math.Max(0, cuts - 1);
        return new RunStructure(
            Table(cuts, i => new CutInfo(Name(), "linear", i + 1, Chance())),
            Table(links, i => new LinkInfo(Name(), "linear", LinkKind.Weights, i + 2)),
            links == 0 ? [] : List(6, () => new PartInfo(_random.Next(links), Name(), "tanh", LinkKind.Skip)),
            List(4, () => new SignalInfo(Name(), "tanh", LinkKind.Activation, 1, 8)),
            List(4, () => new ParameterInfo(Name(), Name(), 1, "weight", [8, 8], 8, 8, null, MaybeSize())),
            Chance() ? List(2, () => new RecurrenceInfo(Name(), "rnn", 1, 8, 9, Name(), Chance() ? 5 : null)) : null,
            Chance() ? List(2, Attention) : null, Chance() ? _random.Next(9) : null);
    }

    private AttentionInfo Attention() => new(Name(), 1, 2, Chance() ? 4 : null, Chance() ? Chance() : null);

    private Frame[] Frames(RunStructure structure)
    {
        int step = -1, signals = structure.Signals.Count, count = structure.Parameters.Count;
        double?[]? Row(int length) => Chance() ? Numbers(length) : null;
        double?[]? Sizes(int length) => Chance() ? Table(length, _ => MaybeSize()) : null;
        double?[]? Shares(int length) => Chance() ? Table(length, _ => MaybeShare()) : null;
        return List(8, () => new Frame(
            step += 1 + _random.Next(4), Row(structure.Cuts.Count), Row(structure.Parts.Count),
            // A first array that is always there: statistics without any array are read back as none.
            Chance()
                ? new ForwardStatistics(
                    Numbers(signals), Sizes(signals), Sizes(signals), Shares(signals), Shares(signals), Sizes(signals))
                : null,
            Chance()
                ? new ParameterStatistics(
                    Table(count, _ => MaybeSize()), Row(count), Row(count), Row(count), Shares(count), Sizes(count),
                    Sizes(count), Sizes(count),
                    Chance() ? Table(count, _ => Histogram()) : null)
                : null,
            MaybeShare(),
            structure.Recurrences is { } recurrences && Chance()
                ? Table(recurrences.Count, _ => Chance() ? Profile() : null)
                : null,
            structure.Attentions is { } attentions && Chance()
                ? Table(attentions.Count, _ => Chance() ? new AttentionProfile([Size(), 0], [0.5, double.NaN]) : null)
                : null));
    }

    private TimeProfile Profile() => new(
        Numbers(_random.Next(9)), Maybe(), Maybe(), Maybe(), Chance() ? Table(9, _ => MaybeSize()) : null,
        Chance() ? Table(9, _ => MaybeSize()) : null)
    {
        Lyapunov = Maybe(),
        Gates = Chance() ? List(3, () => new GateStatistics(Name(), 0.5, _random.NextDouble(), 0)) : null,
        Spectrum = Chance() ? new RecurrentSpectrum([Number(), Number()], [Number(), Number()], Size(), Size()) : null,
        Jacobians = Chance() ? List(3, () => new JacobianSpectrum(3, Table(5, _ => Size()))) : null,
    };

    private ExponentHistogram? Histogram() =>
        Chance() ? new ExponentHistogram(_random.Next(-150, 128), List(9, () => _random.Next())) : null;

    private static T[] Table<T>(int count, Func<int, T> item) => [.. Enumerable.Range(0, count).Select(item)];

    private T[] List<T>(int most, Func<T> item) => Table(_random.Next(most + 1), _ => item());

    private bool Chance() => _random.Next(2) == 0;

    private double? Maybe() => _random.Next(3) == 0 ? null : Number();

    private double Number() => _random.Next(3) == 0
        ? Corners[_random.Next(Corners.Length)]
        : (_random.NextDouble() - 0.5) * Math.Pow(10, _random.Next(-30, 30));

    private double Size() => Math.Abs(Number());

    private double? MaybeSize() => Maybe() is { } x ? Math.Abs(x) : null;

    private double? MaybeShare() => _random.Next(3) switch { 0 => null, 1 => double.NaN, _ => _random.NextDouble() };

    private string Name() => $"{_random.Next(100)}.größe \"{_random.Next(100)}\"\n";
}
