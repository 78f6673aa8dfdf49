using GradFlow.Autograd;
using GradFlow.Runs;
using GradFlow.Tensors;

namespace GradFlow.Flow;

/// <summary>
/// Statistics of every parameter's gradient and its likeness to that of the step before, in one pass over each: as soon
/// as it is computed, where that happens beside the walk back, or else before the update.
/// </summary>
internal sealed class GradientProbe
{
    private static readonly double Log10Of2 = Math.Log10(2);

    private readonly IReadOnlyList<Parameter> _parameters;
    private readonly Dictionary<Parameter, int> _rows;
    private readonly bool _hasHistograms;
    private readonly Shares<Parameter> _left, _kept;

    // The gradients of an earlier step, those of parameters that it reached.
    private readonly Tensor?[] _earlier;
    private readonly bool[] _isKept;
    private int _keptStep = -1;

    private readonly bool[] _isSum, _isTold, _isTaken;
    private readonly GradientSums?[] _compared;
    private bool _compares, _keeps;
    private double?[] _norm = [], _mean = [], _max = [], _zero = [], _bad = [];
    private ExponentHistogram?[]? _histograms;

    public GradientProbe(IReadOnlyList<Parameter> parameters, bool hasHistograms)
    {
        (_parameters, _hasHistograms) = (parameters, hasHistograms);
        _rows = parameters.Select((p, i) => (p, i)).ToDictionary(x => x.p, x => x.i);
        int n = parameters.Count;
        (_earlier, _isKept, _compared) = (new Tensor?[n], new bool[n], new GradientSums?[n]);
        (_isSum, _isTold, _isTaken) = (new bool[n], new bool[n], new bool[n]);
        _left = new Shares<Parameter>(parameters, p => p.Value.Size, TakeIfLeft);
        _kept = new Shares<Parameter>(parameters, p => p.Value.Size, Keep);
    }

    /// <summary>A backward pass comes; gradients that are there already are those of the step's earlier ones.</summary>
    /// <param name="step">The step.</param>
    /// <param name="keeps">Whether its gradients are to be compared with the next step's.</param>
    public void BeginFrame(int step, bool keeps)
    {
        (_compares, _keeps) = (_keptStep >= 0 && _keptStep == step - 1, keeps);
        int n = _parameters.Count;
        for (int i = 0; i < n; i++) _isSum[i] = _parameters[i].HasGradient;
        Array.Clear(_isTold);
        Array.Clear(_isTaken);
        Array.Clear(_compared);
        (_norm, _mean, _max, _zero, _bad) =
            (new double?[n], new double?[n], new double?[n], new double?[n], new double?[n]);
        _histograms = _hasHistograms ? new ExponentHistogram?[n] : null;
    }

    /// <summary>
    /// A parameter's cotangent; for different parameters called from several threads at the same time.
    /// </summary>
    public void Completed(Parameter parameter, Cotangent cotangent)
    {
        if (!_rows.TryGetValue(parameter, out int row) || _isSum[row]) return;
        // Plain numbers that lie elsewhere are copied into the gradient, where threads share the pass over them.
        if (cotangent.Exponent != 0) Tell(row, cotangent, Kernels.MeasureGradient(cotangent.Mantissa));
        else if (ReferenceEquals(cotangent.Mantissa, parameter.Gradient)) Take(row);
    }

    /// <summary>Looks at the plain gradients that are left, before anybody clips or clears them.</summary>
    public void BeforeUpdate(int step)
    {
        _left.Run();
        if (_keeps) _keptStep = step;
    }

    /// <summary>Keeps the gradients of a step that is no frame, to compare the next step's with them.</summary>
    public void KeepAll(int step)
    {
        _kept.Run();
        _keptStep = step;
    }

    /// <summary>
    /// Cosine of the gradients with those of the step before, over the parameters that both reached; null where the
    /// step before was not kept or none was reached.
    /// </summary>
    public double? Cosine()
    {
        double dot = 0, old = 0, present = 0;
        bool isAny = false;
        foreach (GradientSums? sums in _compared)
        {
            if (sums is not { } both) continue;
            isAny = true;
            dot += both.Dot;
            old += both.EarlierSquares;
            present += both.Squares;
        }
        return isAny ? dot / Math.Sqrt(old) / Math.Sqrt(present) : null;
    }

    /// <summary>The frame's statistics, those of weights beside them.</summary>
    public ParameterStatistics With(double?[] weight, double?[] update, double?[] distance) =>
        new(weight, _norm, _mean, _max, _zero, _bad, update, distance, _histograms);

    private void TakeIfLeft(Parameter parameter)
    {
        int row = _rows[parameter];
        if (!parameter.HasGradient) _isKept[row] &= !_keeps;
        else if (!_isTaken[row]) Take(row);
    }

    private void Take(int row)
    {
        Tensor gradient = _parameters[row].Gradient;
        bool isCompared = _compares && _isKept[row];
        Tensor? earlier = _keeps ? Earlier(row) : isCompared ? _earlier[row] : null;
        GradientSums sums = Kernels.MeasureGradient(gradient, earlier, _keeps);
        if (isCompared) _compared[row] = sums;
        _isKept[row] |= _keeps;
        _zero[row] = (double)sums.Zeros / gradient.Size;
        _bad[row] = sums.NonFinite;
        if (!_isTold[row]) Tell(row, new Cotangent(gradient, 0), sums);
        _isTaken[row] = true;
    }

    private void Tell(int row, Cotangent cotangent, GradientSums sums)
    {
        double shift = cotangent.Exponent * Log10Of2;
        // The squares of float64 numbers leave its range long before the numbers do.
        _norm[row] = sums.Squares is > 1e-280 and < double.PositiveInfinity
            ? 0.5 * Math.Log10(sums.Squares) + shift
            : cotangent.Log10Norm;
        _max[row] = Math.Log10(sums.MaxAbs) + shift;
        _mean[row] = Math.Log10(sums.Magnitudes / cotangent.Mantissa.Size) + shift;
        if (_histograms is not null) _histograms[row] = GradientHistogram.Of(cotangent);
        _isTold[row] = true;
    }

    private void Keep(Parameter parameter)
    {
        int row = _rows[parameter];
        _isKept[row] = parameter.HasGradient;
        if (_isKept[row]) Kernels.Copy(parameter.Gradient, Earlier(row));
    }

    private Tensor Earlier(int row) =>
        _earlier[row] ??= Tensor.Zeros(_parameters[row].Value.Shape, _parameters[row].Value.ElementType);
}
