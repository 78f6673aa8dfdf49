using GradFlow.Diagnosis.Gains;

namespace GradFlow.Diagnosis.Lags;

/// <summary>
/// The decades per time step of one layer split over weights, slopes and gates, as an excess over what each should do.
/// As between layers, weights and the slopes behind them are weighed as a pair: what a rectifier's silent half takes is
/// owed by the weights.
/// </summary>
internal sealed class TimeShares
{
    /// <summary>
    /// Where the parts take back so much from each other that less of them than this is left, one of two would stand
    /// for over 150 % of it, and shares of so little say nothing.
    /// </summary>
    private const double LeastLeft = 0.5;

    private readonly double _total;
    private readonly bool _areTelling;

    public TimeShares(LayerMemory memory)
    {
        Critical = memory.Layer.Activation is { } type && memory.ActivationDecades is not null
            ? CriticalScale.Of(type)
            : null;
        double owed = memory.WeightDecades is null ? 0 : Critical?.Decades ?? 0;
        Weights = memory.WeightDecades - owed;
        Slopes = memory.ActivationDecades + owed;
        Gates = memory.GateDecades;
        double[] parts = [Weights ?? 0, Slopes ?? 0, Gates ?? 0];
        _total = parts.Sum();
        _areTelling = double.IsInfinity(_total) || Math.Abs(_total) >= LeastLeft * parts.Sum(Math.Abs)
            && Math.Sign(_total) == Math.Sign(memory.DecadesPerStep);
    }

    /// <summary>What theory says of the activation; null without one or where it says nothing.</summary>
    public CriticalScale? Critical { get; }

    public double? Weights { get; }

    public double? Slopes { get; }

    public double? Gates { get; }

    /// <summary>True where the gates do at least as much to the trouble as the ways through weights.</summary>
    public bool AreGatesFirst(bool isDecay) =>
        Gates is { } gates && (isDecay ? gates <= (Weights ?? 0) : gates >= (Weights ?? 0));

    /// <summary>True where the slopes do most of a decay, or enough of it where no weights can serve them.</summary>
    public bool AreSlopesFirst(Thresholds thresholds) =>
        Gates is null && Slopes < 0 && (Slopes < (Weights ?? 0)
            || Critical is { IsUsable: false } && Of(Slopes) >= thresholds.ActivationShare);

    /// <summary>
    /// An excess as a share of the whole, 1 for all of it; null where it is not known, and where the parts nearly
    /// cancel or sum to the opposite of what was measured.
    /// </summary>
    public double? Of(double? excess) => excess switch
    {
        null => null,
        double.NegativeInfinity => 1,
        _ when !_areTelling => null,
        _ when double.IsInfinity(_total) || _total == 0 => 0,
        _ => excess / _total,
    };
}
