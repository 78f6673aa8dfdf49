using System.Globalization;
using System.Text.RegularExpressions;
using GradFlow.Diagnosis.Gains;
using GradFlow.Runs;

namespace GradFlow.Diagnosis.Lags;

/// <summary>
/// How long a fixed recurrent layer holds what comes in (Jaeger 2001): no gradient passes it, so it is told by the
/// spectral radius that its weights were drawn with and by the slopes at the size of its states.
/// </summary>
internal sealed partial class ReservoirMemory
{
    private readonly RecurrenceInfo _layer;
    private readonly int? _needed;
    private readonly double? _inputScale;

    private ReservoirMemory(RunHeader header, RecurrenceInfo layer, double radius, double? stateRms)
    {
        (_layer, Radius, StateRms) = (layer, radius, stateRms);
        _needed = LagProfile.NeededLag(header, layer);
        _inputScale = Number(header.Structure.Parameters.FirstOrDefault(
            weight => weight.Layer == layer.Layer && weight.Role == "weight")?.Init, "uniform");
    }

    /// <summary>The largest |eigenvalue| of the recurrent weights.</summary>
    public double Radius { get; }

    /// <summary>The states' root mean square; null where not recorded.</summary>
    public double? StateRms { get; }

    /// <summary>
    /// The mean slope of a tanh whose outputs have that size, 1 − h²; 1 where there is no tanh or no record.
    /// </summary>
    public double Slope => _layer.Activation == "tanh" && StateRms is { } rms ? Math.Max(0, 1 - rms * rms) : 1;

    /// <summary>True where less than 1 % is left of what the task needs.</summary>
    public bool Forgets => _needed is { } lag && Decades(Radius * Slope, lag) <= LagProfile.HorizonDecades;

    /// <summary>True where the weights alone let go of it; else the slopes have a part.</summary>
    public bool ForgetsByRadius => _needed is { } lag && Decades(Radius, lag) <= LagProfile.HorizonDecades;

    /// <summary>What is known of it, in sentences.</summary>
    public string Told => _needed is not { } lag ? $" {Name}." : Forgets ? Lost(lag) : Kept(lag);

    /// <summary>The numbers, by the names of a finding's evidence.</summary>
    public IEnumerable<(string Name, double? Value)> Numbers =>
    [
        ("spectralRadius", Radius), ("stateRms", StateRms), ("inputScale", _inputScale), ("neededLag", _needed),
        ("decadesAtNeededLag", _needed is { } lag ? Decades(Radius * Slope, lag) : null),
    ];

    /// <summary>
    /// The fixed layer with the largest radius; null where there is none or its weights are of another kind.
    /// </summary>
    public static ReservoirMemory? Of(Run run)
    {
        RunStructure structure = run.Header.Structure;
        if (!Untrained.IsThroughTime(structure)) return null;
        return structure.Recurrences!.Select(layer => Of(run, layer)).OfType<ReservoirMemory>()
            .MaxBy(reservoir => reservoir.Radius);
    }

    private static ReservoirMemory? Of(Run run, RecurrenceInfo layer)
    {
        RunStructure structure = run.Header.Structure;
        double? radius = Number(structure.Parameters.FirstOrDefault(
            weight => weight.Layer == layer.Layer && weight.Role == "recurrent-weight")?.Init, "spectral-radius");
        int signal = structure.Signals.ToList().FindIndex(info => info.Name == layer.Name);
        double? rms = run.Frames.FirstOrDefault()?.Forward?.Rms.At(signal);
        return radius is { } known ? new ReservoirMemory(run.Header, layer, known, rms) : null;
    }

    private string Name => $"Its spectral radius is {InWords.Number(Radius)}";

    private string Lost(int lag) => ForgetsByRadius
        ? $" The reservoir forgets too soon: its spectral radius of {InWords.Number(Radius)} lets go of what comes in, "
            + $"of which about {InWords.Factor(Decades(Radius, lag))} is left after the {lag} steps that this task "
            + $"needs, and less than 1 % after {Horizon(Radius)}."
        : $" The reservoir forgets too soon: its spectral radius of {InWords.Number(Radius)} alone would keep "
            + $"{InWords.Percent(Math.Pow(10, Decades(Radius, lag)))} over the {lag} steps that this task needs, but "
            + $"its inputs drive the states to an rms of {InWords.Number(StateRms!.Value)}, where the tanh passes on "
            + $"{InWords.Percent(Slope)}: less than 1 % is left after {Horizon(Radius * Slope)}. A smaller input scale "
            + "leaves more.";

    private string Kept(int lag) =>
        $" {Name}, which leaves about {InWords.Percent(Math.Pow(10, Decades(Radius * Slope, lag)))} of what comes in "
        + $"after the {lag} steps that this task needs; its {_layer.Units} units hold as many numbers at most.";

    private static int Horizon(double fade) =>
        fade > 0 ? (int)Math.Max(1, Math.Ceiling(LagProfile.HorizonDecades / Math.Log10(fade))) : 1;

    private static double Decades(double fade, int lag) => lag * Math.Log10(fade);

    /// <summary>The first number of an init such as <c>spectral-radius: 0.9</c>; null where it is another.</summary>
    private static double? Number(string? init, string kind) =>
        init?.StartsWith(kind, StringComparison.Ordinal) == true && FirstNumber().Match(init) is { Success: true } match
            ? double.Parse(match.Value, CultureInfo.InvariantCulture)
            : null;

    [GeneratedRegex(@"\d+(\.\d+)?([eE][-+]?\d+)?", RegexOptions.CultureInvariant)]
    private static partial Regex FirstNumber();
}
