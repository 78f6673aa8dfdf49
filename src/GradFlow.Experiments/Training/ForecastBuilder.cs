using System.Globalization;
using GradFlow.Runs;
using GradFlow.Theory;

namespace GradFlow.Experiments;

/// <summary>Puts theory's expectation of a net into the tables of its run.</summary>
internal static class ForecastBuilder
{
    /// <summary>
    /// Beyond this many decades over the whole net, the forecast says that the gradient vanishes or explodes.
    /// </summary>
    private const double NotableDecades = 2;

    public static Forecast Build(Model model, RunStructure structure, DataSummary data)
    {
        var input = new SignalState(data.InputRms * data.InputRms, data.MeanProduct);
        SignalForecast theory = SignalPropagation.Forecast(input, model.Stages.Select(s => s.Stage).ToList());
        var gains = new Dictionary<(string Name, bool IsSkip), double?>();
        var rms = new Dictionary<string, double?>();
        Collect(model.Stages, theory.Stages, isInBlock: false, gains, rms);
        double?[] parts = structure.Parts.Select(
            part => gains.GetValueOrDefault((part.Name, part.Kind == LinkKind.Skip))).ToArray();
        double?[] cuts = CutNorms(structure, parts);
        double? total = cuts.Length > 0 ? cuts[0] : null;
        // A slope over the layers behind the last part that isn't covered would say nothing of the net.
        double? perLayer = total is null ? null : DepthProfile.DecadesPerLayer(structure.Cuts, cuts);
        TimeForecast? time = TimeForecast.Of(theory.Stages, structure, data.LongestDependency);
        (string expectation, string sentence) = InWords(perLayer, total, structure, time);
        double? scale = perLayer is { } p && expectation != "unknown" ? 1 / Math.Abs(2 * Math.Log(10) * p) : null;
        var reach = ShortReach.Of(structure, data.LongestDependency);
        if (ReachForecast.Sentence(reach) is { } seen)
            (expectation, sentence) = reach!.IsNeedKnown ? ("vanishes", seen) : (expectation, $"{sentence} {seen}");
        if (Truncation.Remark(structure, data.LongestDependency) is { } remark) sentence += " " + remark;
        return new Forecast(
            perLayer, total, scale, 6 * scale, cuts, parts,
            structure.Signals.Select(signal => rms.GetValueOrDefault(signal.Name)).ToArray(),
            expectation, sentence, DecadesPerTimeStep: time?.DecadesPerStep);
    }

    /// <summary>
    /// Time decides for nets with recurrent layers, unless so many others lie there that depth does already.
    /// </summary>
    private static (string Expectation, string Sentence) InWords(
        double? perLayer, double? total, RunStructure structure, TimeForecast? time)
    {
        string expectation = ExpectationOf(total);
        bool isShallow = structure.Recurrences is { Count: > 0 } && structure.Depth <= 2;
        if (structure.Recurrences is { Count: > 0 } && (isShallow || expectation is "flows" or "unknown"))
        {
            expectation = ExpectationOf(time is { IsOnlyWay: true } ? time.Total : null);
            if (time is not null) return (expectation, time.Sentence(expectation));
        }
        return (expectation, Sentence(expectation, perLayer, total, structure.Depth));
    }

    private static void Collect(
        IReadOnlyList<NamedStage> named, IReadOnlyList<StageForecast> forecasts, bool isInBlock,
        Dictionary<(string, bool), double?> gains, Dictionary<string, double?> rms)
    {
        for (int i = 0; i < named.Count; i++)
        {
            StageForecast forecast = forecasts[i];
            rms[named[i].Name] = forecast.OutputRms;
            if (forecast.Stage is BlockStage)
            {
                // A block inside a block is one part of it; and so is a highway, whose gates read what its branch does.
                bool isOnePart = isInBlock || forecast.Stage is HighwayStage;
                gains[(named[i].Name, true)] = isOnePart ? forecast.Gain : forecast.SkipGain;
                if (forecast.Stage is ResidualStage sum)
                    gains[($"{named[i].Name} scale", false)] = Math.Log10(Math.Abs(sum.Scale));
                else if (forecast.Stage is ConcatenationStage concatenation)
                    gains[($"{named[i].Name} share", false)] = Math.Log10(concatenation.BranchShare) / 2;
                Collect(named[i].Branch, forecast.Branch, isInBlock: true, gains, rms);
            }
            else gains[(named[i].Name, false)] = forecast.Gain;
        }
    }

    /// <summary>
    /// log10 ‖∂L/∂cut‖ relative to the last cut: the gains summed from the end; unknown before an unknown one.
    /// </summary>
    private static double?[] CutNorms(RunStructure structure, double?[] parts)
    {
        double?[] norms = new double?[structure.Cuts.Count];
        if (norms.Length > 0) norms[^1] = 0;
        for (int link = structure.Links.Count - 1; link >= 0; link--)
        {
            norms[link] = norms[link + 1] + GainOf(link, structure, parts);
        }
        return norms;
    }

    /// <summary>The sum of a link's parts; its skip's alone where no gradient enters the branch beside it.</summary>
    private static double? GainOf(int link, RunStructure structure, double?[] parts)
    {
        double? sum = 0, skip = null;
        for (int i = 0; i < parts.Length; i++)
        {
            if (structure.Parts[i].Link != link) continue;
            sum += parts[i];
            if (structure.Parts[i].Kind == LinkKind.Skip) skip = parts[i];
        }
        return skip is not null && sum is { } gain && !double.IsFinite(gain) ? skip : sum;
    }

    private static string ExpectationOf(double? total) => total switch
    {
        null => "unknown",
        <= -NotableDecades => "vanishes",
        >= NotableDecades => "explodes",
        _ => "flows",
    };

    private static string Sentence(string expectation, double? perLayer, double? total, int depth)
    {
        if (expectation == "unknown") return "Theory does not cover this net; the first steps will tell.";
        if (perLayer is null) return "Expected to flow: no second layer for the gradient to pass.";
        string F(double x) => Math.Abs(x).ToString("0.00", CultureInfo.InvariantCulture);
        string size = $"{F(perLayer.Value)} decades per layer, {F(total!.Value)} over {depth} layers";
        return expectation switch
        {
            "vanishes" => $"Expected to vanish: the gradient loses {size}.",
            "explodes" => $"Expected to explode: the gradient gains {size}.",
            _ => $"Expected to flow: the gradient changes by {size}.",
        };
    }
}
