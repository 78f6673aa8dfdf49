using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>Draws about 0 with a variance of gain² over a number that the fans give.</summary>
internal sealed class VarianceScaling : Initializer
{
    private readonly bool _isUniform;
    private readonly Func<int, int, double> _variance;

    private VarianceScaling(string name, bool isUniform, Func<int, int, double> variance)
        : base(name)
    {
        _isUniform = isUniform;
        _variance = variance;
    }

    public static VarianceScaling FanIn(string name, bool isUniform, double gain)
    {
        Bounds.RequireFinite(gain);
        return new VarianceScaling(name, isUniform, (fanIn, _) => gain * gain / fanIn);
    }

    public static VarianceScaling Xavier(string name, bool isUniform, double gain)
    {
        Bounds.RequireFinite(gain);
        return new VarianceScaling(name, isUniform, (fanIn, fanOut) => gain * gain * 2 / ((double)fanIn + fanOut));
    }

    public override void FillInPlace(Tensor weight, RandomKey key)
    {
        (int fanIn, int fanOut) = Fans(weight);
        double std = Math.Sqrt(MeanSquare(fanIn, fanOut));
        if (_isUniform) Kernels.FillUniformInPlace(weight, key, -Math.Sqrt(3) * std, Math.Sqrt(3) * std);
        else Kernels.FillNormalInPlace(weight, key, 0, std);
    }

    private protected override double MeanSquare(int fanIn, int fanOut) => _variance(fanIn, fanOut);
}
