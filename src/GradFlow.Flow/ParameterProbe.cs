using GradFlow.Autograd;
using GradFlow.Runs;
using GradFlow.Tensors;

namespace GradFlow.Flow;

/// <summary>Statistics of every parameter and its gradient.</summary>
internal sealed class ParameterProbe
{
    private readonly IReadOnlyList<Parameter> _parameters;
    private readonly Dictionary<Parameter, int> _rows;
    private readonly Tensor[] _initial;
    private readonly double[] _initialNorms;
    private readonly Dictionary<int, double> _norm = [], _mean = [], _max = [];
    private readonly Dictionary<int, ExponentHistogram> _histograms = [];
    private readonly Tensor?[] _before;
    private Tensor?[]? _previousGradients;

    public ParameterProbe(IReadOnlyList<Parameter> parameters)
    {
        _parameters = parameters;
        _rows = parameters.Select((p, i) => (p, i)).ToDictionary(x => x.p, x => x.i);
        _initial = parameters.Select(p => p.Value.Clone()).ToArray();
        _initialNorms = _initial.Select(Norm).ToArray();
        _before = new Tensor?[parameters.Count];
    }

    public void BeginFrame()
    {
        _norm.Clear();
        _mean.Clear();
        _max.Clear();
        _histograms.Clear();
    }

    public void Completed(Variable variable, Cotangent cotangent)
    {
        if (variable.Parameter is not { } parameter || !_rows.TryGetValue(parameter, out int row)) return;
        _norm[row] = cotangent.Log10Norm;
        _max[row] = cotangent.Log10MaxAbs;
        _mean[row] = Math.Log10(Kernels.SumOfMagnitudes(cotangent.Mantissa) / cotangent.Mantissa.Size)
            + cotangent.Exponent * Math.Log10(2);
        if (GradientHistogram.Of(cotangent) is { } histogram) _histograms[row] = histogram;
    }

    /// <summary>Keeps the weights, to measure the update; and the gradients, if the next step is to be compared with them.</summary>
    public void BeforeUpdate()
    {
        for (int i = 0; i < _before.Length; i++)
        {
            if (_before[i] is { } kept) Kernels.Copy(_parameters[i].Value, kept);
            else _before[i] = _parameters[i].Value.Clone();
        }
    }

    public void KeepGradients() =>
        _previousGradients = _parameters.Select(p => p.HasGradient ? p.Gradient.Clone() : null).ToArray();

    /// <summary>Cosine with the gradients that <see cref="KeepGradients"/> kept; null where there are none.</summary>
    public double? CosineWithKept()
    {
        if (_previousGradients is null) return null;
        double dot = 0, a = 0, b = 0;
        for (int i = 0; i < _parameters.Count; i++)
        {
            if (_previousGradients[i] is not { } old || !_parameters[i].HasGradient) continue;
            dot += Kernels.Dot(old, _parameters[i].Gradient);
            a += Kernels.SumOfSquares(old);
            b += Kernels.SumOfSquares(_parameters[i].Gradient);
        }
        _previousGradients = null;
        return dot / Math.Sqrt(a) / Math.Sqrt(b);
    }

    /// <summary>The statistics of a step whose update has just been made.</summary>
    public ParameterStatistics Measure()
    {
        double?[] weightNorm = Column(i => Norm(_before[i]!));
        double?[] zero = Column(i => GradientOf(i) is { } g ? (double)Kernels.CountZeros(g) / g.Size : null);
        double?[] bad = Column(i => GradientOf(i) is { } g ? Kernels.CountNonFinite(g) : null);
        double?[] update = Column(i => Distance(_parameters[i].Value, _before[i]!) / weightNorm[i]);
        double?[] distance = Column(i => Distance(_before[i]!, _initial[i]) / _initialNorms[i]);
        ExponentHistogram?[] histograms =
            Enumerable.Range(0, _parameters.Count).Select(_histograms.GetValueOrDefault).ToArray();
        return new ParameterStatistics(
            weightNorm, Column(i => Measured(_norm, i)), Column(i => Measured(_mean, i)), Column(i => Measured(_max, i)),
            zero, bad, update, distance, histograms);
    }

    private static double? Measured(Dictionary<int, double> values, int row) =>
        values.TryGetValue(row, out double value) ? value : null;

    private Tensor? GradientOf(int row) => _parameters[row].HasGradient ? _parameters[row].Gradient : null;

    private double?[] Column(Func<int, double?> value) => Enumerable.Range(0, _parameters.Count).Select(value).ToArray();

    private static double Norm(Tensor tensor) => Math.Sqrt(Kernels.SumOfSquares(tensor));

    private static double Distance(Tensor a, Tensor b) => Math.Sqrt(Kernels.SumOfSquaredDifferences(a, b));
}
