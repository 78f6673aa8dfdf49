using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Flow;

/// <summary>Takes, during one backward pass, the norms that a map asks for.</summary>
internal sealed class CotangentNorms
{
    private readonly Dictionary<int, double> _whole = [];
    private readonly Dictionary<(int Consumer, int Input), ShareSum> _shares = [];
    private readonly FlowMap _map;

    public CotangentNorms(FlowMap map)
    {
        _map = map;
        foreach (Variable cut in map.Cuts) _whole[cut.Index] = double.NegativeInfinity;
        foreach (Cotangents wanted in map.Gains.OfType<PartGain.Between>().SelectMany(g => new[] { g.In, g.Out }))
        {
            if (wanted is Cotangents.Whole { Variable: var index }) _whole[index] = double.NegativeInfinity;
            else if (wanted is Cotangents.Shares { Of: var of }) Register(of);
        }
    }

    /// <summary>log10 of the norm of each cut's cotangent; −∞ where none arrived.</summary>
    public double?[] CutNorms() => _map.Cuts.Select(cut => (double?)_whole[cut.Index]).ToArray();

    /// <summary>Decades per part. A skip closes its link's sum; where a part of the branch is not finite, it is the link's.</summary>
    public double?[] PartGains()
    {
        double[] gains = new double[_map.Gains.Count];
        for (int i = 0; i < gains.Length; i++)
        {
            gains[i] = _map.Gains[i] switch
            {
                PartGain.OfLink x => LinkGain(x.Link),
                PartGain.Between x => NormOf(x.In) - NormOf(x.Out),
                PartGain.Closing x => Close(LinkGain(x.Link), gains.AsSpan(x.First, x.End - x.First)),
                _ => double.NaN,
            };
        }
        return gains.Select(g => (double?)g).ToArray();
    }

    public void Completed(Variable variable, Cotangent cotangent)
    {
        if (_whole.ContainsKey(variable.Index)) _whole[variable.Index] = cotangent.Log10Norm;
    }

    public void Contributed(Variable consumer, int input, Cotangent share)
    {
        if (_shares.TryGetValue((consumer.Index, input), out ShareSum? sum)) sum.Add(share);
    }

    private static double Close(double link, ReadOnlySpan<double> parts)
    {
        double sum = 0;
        foreach (double part in parts) sum += part;
        return double.IsFinite(sum) ? link - sum : link;
    }

    private double LinkGain(int link) => _whole[_map.Cuts[link].Index] - _whole[_map.Cuts[link + 1].Index];

    private double NormOf(Cotangents cotangents) => cotangents switch
    {
        Cotangents.Whole x => _whole[x.Variable],
        Cotangents.Shares { Of.Count: > 0 } x => _shares[x.Of[0]].Log10Norm,
        _ => double.NegativeInfinity,
    };

    private void Register(IReadOnlyList<(int Consumer, int Input)> shares)
    {
        var sum = new ShareSum(shares.Count > 1);
        foreach ((int, int) share in shares) _shares[share] = sum;
    }

    /// <summary>The norm of one share, or of the sum of several.</summary>
    private sealed class ShareSum(bool isSeveral)
    {
        private Cotangent? _sum;

        public double Log10Norm { get; private set; } = double.NegativeInfinity;

        public void Add(Cotangent share)
        {
            if (isSeveral) share = Sum(share with { Mantissa = share.Mantissa.Clone() });
            Log10Norm = share.Log10Norm;
        }

        private Cotangent Sum(Cotangent share)
        {
            if (_sum is { } sum)
            {
                (Cotangent large, Cotangent small) =
                    sum.Log10MaxAbs >= share.Log10MaxAbs ? (sum, share) : (share, sum);
                Kernels.ScaleByPowerOfTwoInPlace(small.Mantissa, small.Exponent - large.Exponent);
                Kernels.AddInPlace(large.Mantissa, small.Mantissa);
                share = large;
            }
            _sum = share;
            return share;
        }
    }
}
