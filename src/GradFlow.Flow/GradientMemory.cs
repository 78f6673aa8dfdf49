using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Flow;

/// <summary>Keeps one step's plain gradients, to compare the next step's with them.</summary>
internal sealed class GradientMemory(IReadOnlyList<Parameter> parameters)
{
    private readonly Tensor?[] _kept = new Tensor?[parameters.Count];
    private readonly bool[] _isKept = new bool[parameters.Count];
    private int _step = -1;

    public void Keep(int step)
    {
        _step = step;
        for (int i = 0; i < _kept.Length; i++)
        {
            _isKept[i] = parameters[i].HasGradient;
            if (!_isKept[i]) continue;
            if (_kept[i] is { } kept) Kernels.Copy(parameters[i].Gradient, kept);
            else _kept[i] = parameters[i].Gradient.Clone();
        }
    }

    /// <summary>
    /// Cosine of a step's gradients with those of the step before, over the parameters that both reached; null where
    /// the step before was not kept or none was reached.
    /// </summary>
    public double? CosineAt(int step)
    {
        if (_step < 0 || _step != step - 1) return null;
        double dot = 0, old = 0, present = 0;
        bool isAny = false;
        for (int i = 0; i < _kept.Length; i++)
        {
            if (!_isKept[i] || !parameters[i].HasGradient) continue;
            isAny = true;
            dot += Kernels.Dot(_kept[i]!, parameters[i].Gradient);
            old += Kernels.SumOfSquares(_kept[i]!);
            present += Kernels.SumOfSquares(parameters[i].Gradient);
        }
        return isAny ? dot / Math.Sqrt(old) / Math.Sqrt(present) : null;
    }
}
