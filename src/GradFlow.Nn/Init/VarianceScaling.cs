using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>Draws about 0 with a variance of gain² over a number that the fans give.</summary>
internal sealed class VarianceScaling : Initializer
{
    private readonly bool _isUniform;
    private readonly Func<double, double, double> _variance;

    private VarianceScaling(string name, bool isUniform, Func<double, double, double> variance)
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
        return new VarianceScaling(name, isUniform, (fanIn, fanOut) => gain * gain * 2 / (fanIn + fanOut));
    }

    public override void FillInPlace(Tensor weight, RandomKey key)
    {
        Shape parts = WithPlaces(weight).Shape;
        double std = Math.Sqrt(MeanSquare(parts[1], parts[0], parts[2]));
        if (_isUniform) Kernels.FillUniformInPlace(weight, key, -Math.Sqrt(3) * std, Math.Sqrt(3) * std);
        else Kernels.FillNormalInPlace(weight, key, 0, std);
    }

    private protected override double MeanSquare(int inputs, int outputs, int places) =>
        _variance((double)inputs * places, (double)outputs * places);
}
