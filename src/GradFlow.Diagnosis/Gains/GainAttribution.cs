using GradFlow.Runs;

namespace GradFlow.Diagnosis.Gains;

/// <summary>
/// The gradient's gain split over kinds, once as measured and once as an excess over what each kind should do. Weights
/// and the activation before them are weighed as a pair: a rectifier's loss of 0.15 decades is no disease where the
/// weights make up for it, and where they don't, it is the weights that are too small for it.
/// </summary>
internal sealed class GainAttribution
{
    private readonly Dictionary<LinkKind, double> _decades = [];
    private readonly Dictionary<LinkKind, double> _excess = [];
    private readonly Dictionary<string, CriticalScale?> _critical = [];
    private readonly List<PartGain> _parts;

    public GainAttribution(List<PartGain> parts)
    {
        _parts = parts;
        foreach (PartGain part in parts.Where(part => part.Kind == LinkKind.Activation))
            if (!_critical.ContainsKey(part.Info.Type)) _critical[part.Info.Type] = CriticalScale.Of(part.Info.Type);
        Dictionary<PartGain, double> owed = Owed(parts);
        foreach (IGrouping<int, PartGain> link in parts.GroupBy(part => part.Link)) Add([.. link], owed);
        MergeNormalizedWeights();
    }

    /// <summary>The parts that were measured, in the order of the net.</summary>
    public IReadOnlyList<AttributionEntry> Entries =>
        [.. _parts.Where(part => part.Decades is not null).Select(part => part.ToEntry())];

    /// <summary>The decades measured for a kind.</summary>
    public double Decades(LinkKind kind) => _decades.GetValueOrDefault(kind);

    /// <summary>The decades of a kind beyond what it should add at criticality.</summary>
    public double Excess(LinkKind kind) => _excess.GetValueOrDefault(kind);

    /// <summary>How many weight parts were measured.</summary>
    public int WeightLayers => _parts.Count(part => part is { Kind: LinkKind.Weights, Decades: not null });

    public bool Has(LinkKind kind) => _parts.Any(part => part.Kind == kind && part.Decades is not null);

    /// <summary>
    /// A kind's part of the whole excess, 1 for all of it; an exact zero (−∞) takes all, shared among the kinds that
    /// have one. Beyond 1 or below 0 where kinds work against each other.
    /// </summary>
    public double Share(LinkKind kind)
    {
        int zeros = _excess.Values.Count(double.IsNegativeInfinity);
        if (zeros > 0) return double.IsNegativeInfinity(Excess(kind)) ? 1.0 / zeros : 0;
        double total = _excess.Values.Sum();
        return total == 0 ? 0 : Excess(kind) / total;
    }

    /// <summary>The activation that shrinks the gradient most, by type; null where there is none.</summary>
    public string? Activation => _parts
        .Where(part => part.Kind == LinkKind.Activation)
        .GroupBy(part => part.Info.Type)
        .MinBy(group => group.Sum(part => part.Decades ?? 0))?.Key;

    /// <summary>What theory says of that activation; null where it says nothing.</summary>
    public CriticalScale? Critical => Activation is { } type ? _critical[type] : null;

    /// <summary>The typical gain of the weights: √(fan-in · variance) if random; null if unknown or zero.</summary>
    public double? WeightGain
    {
        get
        {
            double? mean = LogMean.Of(_parts.Where(part => part.Kind == LinkKind.Weights).Select(part => part.Decades));
            return mean is { } decades && double.IsFinite(decades) ? Math.Pow(10, decades) : null;
        }
    }

    /// <summary>Decades that each weight part must add for the activation that it reads.</summary>
    private Dictionary<PartGain, double> Owed(List<PartGain> parts)
    {
        Dictionary<PartGain, double> owed = [];
        PartGain? activation = null;
        foreach (PartGain part in parts)
        {
            if (part.Kind == LinkKind.Activation) activation = part;
            if (part.Kind != LinkKind.Weights || activation is null) continue;
            if (activation.Decades is not null && part.Decades is not null
                && _critical[activation.Info.Type] is { } critical)
                (owed[part], owed[activation]) = (critical.Decades, -critical.Decades);
            activation = null;
        }
        return owed;
    }

    private void Add(List<PartGain> link, Dictionary<PartGain, double> owed)
    {
        double branch = link.Where(part => part.Kind != LinkKind.Skip).Sum(part => part.Decades ?? 0);
        // A branch that shrinks the gradient cannot make its block grow: then the sum of the two paths does.
        bool isSum = branch <= 0 && link.Count > 1 && link.Any(part => part.Kind == LinkKind.Skip);
        foreach (PartGain part in link)
        {
            double decades = part.Decades ?? 0;
            double excess = decades - owed.GetValueOrDefault(part);
            if (isSum) excess = part.Kind == LinkKind.Skip ? WithBranch(decades, branch) : 0;
            _decades[part.Kind] = Decades(part.Kind) + decades;
            _excess[part.Kind] = Excess(part.Kind) + excess;
        }
    }

    /// <summary>A branch of exactly zero leaves the identity, a gain of 0.</summary>
    private static double WithBranch(double skip, double branch) => double.IsFinite(skip + branch) ? skip + branch : 0;

    /// <summary>A normalisation undoes any scale of the weights before it, so the two are one.</summary>
    private void MergeNormalizedWeights()
    {
        int normalizations = _parts.Count(part => part.Kind == LinkKind.Normalization);
        if (normalizations == 0 || 2 * normalizations < _parts.Count(part => part.Kind == LinkKind.Weights)) return;
        _excess[LinkKind.Normalization] = Excess(LinkKind.Normalization) + Excess(LinkKind.Weights);
        _excess[LinkKind.Weights] = 0;
    }
}
