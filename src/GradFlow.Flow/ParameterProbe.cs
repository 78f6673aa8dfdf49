using GradFlow.Autograd;
using GradFlow.Runs;
using GradFlow.Tensors;

namespace GradFlow.Flow;

/// <summary>Statistics of every parameter and its gradient.</summary>
internal sealed class ParameterProbe
{
    private static readonly double Log10Of2 = Math.Log10(2);

    private readonly IReadOnlyList<Parameter> _parameters;
    private readonly Dictionary<Parameter, int> _rows;
    private readonly Tensor[] _initial;
    private readonly Tensor[] _before;
    private readonly double[] _initialNorms;
    private readonly bool[] _isSum;
    private readonly bool _hasHistograms;
    private double?[] _norm = [], _mean = [], _max = [], _zero = [], _bad = [];
    private ExponentHistogram?[] _histograms = [];

    public ParameterProbe(IReadOnlyList<Parameter> parameters, bool hasHistograms)
    {
        _hasHistograms = hasHistograms;
        _parameters = parameters;
        _rows = parameters.Select((p, i) => (p, i)).ToDictionary(x => x.p, x => x.i);
        _initial = parameters.Select(p => p.Value.Clone()).ToArray();
        _before = parameters.Select(p => Tensor.Zeros(p.Value.Shape, p.Value.ElementType)).ToArray();
        _initialNorms = _initial.Select(Norm).ToArray();
        _isSum = new bool[parameters.Count];
    }

    /// <summary>A backward pass comes; gradients that are there already are those of the step's earlier ones.</summary>
    public void BeginFrame()
    {
        int n = _parameters.Count;
        for (int i = 0; i < n; i++) _isSum[i] = _parameters[i].HasGradient;
        (_norm, _mean, _max, _zero, _bad) = (new double?[n], new double?[n], new double?[n], new double?[n], new double?[n]);
        _histograms = new ExponentHistogram?[n];
    }

    public void Completed(Variable variable, Cotangent cotangent)
    {
        if (variable.Parameter is { } parameter && _rows.TryGetValue(parameter, out int row) && !_isSum[row])
            Take(row, cotangent);
    }

    private void Take(int row, Cotangent cotangent)
    {
        _norm[row] = cotangent.Log10Norm;
        _max[row] = cotangent.Log10MaxAbs;
        _mean[row] = Math.Log10(Kernels.SumOfMagnitudes(cotangent.Mantissa) / cotangent.Mantissa.Size)
            + cotangent.Exponent * Log10Of2;
        if (_hasHistograms) _histograms[row] = GradientHistogram.Of(cotangent);
    }

    /// <summary>Looks at the plain gradients before anybody clips or clears them, and keeps the weights.</summary>
    public void BeforeUpdate()
    {
        for (int i = 0; i < _parameters.Count; i++)
        {
            Kernels.Copy(_parameters[i].Value, _before[i]);
            if (!_parameters[i].HasGradient) continue;
            Tensor gradient = _parameters[i].Gradient;
            if (_isSum[i]) Take(i, new Cotangent(gradient, 0));
            _zero[i] = (double)Kernels.CountZeros(gradient) / gradient.Size;
            _bad[i] = Kernels.CountNonFinite(gradient);
        }
    }

    /// <summary>The statistics of a step whose update has just been made.</summary>
    public ParameterStatistics Measure()
    {
        int n = _parameters.Count;
        double?[] weight = new double?[n], update = new double?[n], distance = new double?[n];
        for (int i = 0; i < n; i++)
        {
            double norm = Norm(_before[i]);
            weight[i] = norm;
            update[i] = Ratio(Distance(_parameters[i].Value, _before[i]), norm);
            distance[i] = Ratio(Distance(_before[i], _initial[i]), _initialNorms[i]);
        }
        return new ParameterStatistics(weight, _norm, _mean, _max, _zero, _bad, update, distance,
            _hasHistograms ? _histograms : null);
    }

    /// <summary>A share of nothing is undefined, also where something was added to it.</summary>
    private static double Ratio(double part, double whole) => whole == 0 ? double.NaN : part / whole;

    private static double Norm(Tensor tensor) => Math.Sqrt(Kernels.SumOfSquares(tensor));

    private static double Distance(Tensor a, Tensor b) => Math.Sqrt(Kernels.SumOfSquaredDifferences(a, b));
}
