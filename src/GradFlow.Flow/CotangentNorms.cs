using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Flow;

/// <summary>Takes, during one backward pass, the norms that a map asks for.</summary>
internal sealed class CotangentNorms
{
    private readonly double[] _whole;
    private readonly bool[] _isWanted, _isShareWanted;
    private readonly Dictionary<(int Consumer, int Input), ShareSum> _shares = [];
    private readonly FlowMap _map;

    public CotangentNorms(FlowMap map, int variables)
    {
        _map = map;
        (_whole, _isWanted, _isShareWanted) = (new double[variables], new bool[variables], new bool[variables]);
        foreach (Variable cut in map.Cuts) _isWanted[cut.Index] = true;
        foreach (Cotangents wanted in map.Gains.OfType<PartGain.Between>().SelectMany(g => new[] { g.In, g.Out }))
        {
            if (wanted is Cotangents.Whole { Variable: var index }) _isWanted[index] = true;
            else if (wanted is Cotangents.Shares { Of: var of }) Register(of);
        }
    }

    /// <summary>A backward pass comes; what no cotangent reaches has the norm 0.</summary>
    public void Begin()
    {
        Array.Fill(_whole, double.NegativeInfinity);
        foreach (ShareSum sum in _shares.Values) sum.Clear();
    }

    /// <summary>Whether a variable's cotangent is asked for.</summary>
    public bool Wants(Variable variable) => variable.Index < _isWanted.Length && _isWanted[variable.Index];

    /// <summary>Whether one of the shares that a consumer hands back is asked for.</summary>
    public bool WantsShares(Variable consumer) =>
        consumer.Index < _isShareWanted.Length && _isShareWanted[consumer.Index];

    /// <summary>log10 of the norm of each cut's cotangent; −∞ where none arrived.</summary>
    public double?[] CutNorms()
    {
        double?[] norms = new double?[_map.Cuts.Count];
        for (int i = 0; i < norms.Length; i++) norms[i] = _whole[_map.Cuts[i].Index];
        return norms;
    }

    /// <summary>
    /// Decades per part. A skip closes its link's sum; where a part of the branch is not finite, it is the link's.
    /// </summary>
    public double?[] PartGains()
    {
        double?[] gains = new double?[_map.Gains.Count];
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
        return gains;
    }

    public void Completed(Variable variable, Cotangent cotangent) => _whole[variable.Index] = cotangent.Log10Norm;

    public void Contributed(Variable consumer, int input, Cotangent share)
    {
        if (_shares.TryGetValue((consumer.Index, input), out ShareSum? sum)) sum.Add(share);
    }

    private static double Close(double link, ReadOnlySpan<double?> parts)
    {
        double sum = 0;
        foreach (double? part in parts) sum += part!.Value;
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
        foreach ((int Consumer, int) share in shares)
        {
            _shares[share] = sum;
            _isShareWanted[share.Consumer] = true;
        }
    }

    /// <summary>The norm of one share, or of the sum of several.</summary>
    private sealed class ShareSum(bool isSeveral)
    {
        private Cotangent? _sum;

        public double Log10Norm { get; private set; } = double.NegativeInfinity;

        public void Clear() => (_sum, Log10Norm) = (null, double.NegativeInfinity);

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
