using System.Text.Json;

namespace GradFlow.Runs;

/// <summary>What must hold between the records of a run, so that its tables can be indexed by blindly.</summary>
internal static class RunCheck
{
    /// <summary>What is wrong with a format number, in words; null if it can be read.</summary>
    internal static string? FormatProblem(int format) => format switch
    {
        < 1 => $"format {format}; expected a format from 1 to {RunHeader.CurrentFormat}",
        <= RunHeader.CurrentFormat => null,
        _ => $"written in format {format}, but this GradFlow reads up to {RunHeader.CurrentFormat}; update GradFlow",
    };

    /// <summary>What is wrong with the tables, in words; null if nothing is.</summary>
    internal static string? Problem(RunStructure structure)
    {
        int links = Math.Max(0, structure.Cuts.Count - 1);
        if (structure.Links.Count != links)
            return $"structure has {structure.Links.Count} link{(structure.Links.Count == 1 ? "" : "s")}; "
                + $"expected {links}, one fewer than its cuts";
        for (int i = 0; i < structure.Parts.Count; i++)
        {
            if (structure.Parts[i].Link < 0 || structure.Parts[i].Link >= links)
                return $"part {i} is of link {structure.Parts[i].Link}; expected 0 to {links - 1}";
        }
        return null;
    }

    /// <summary>What is wrong with a step, given the one before it (−1 if none); null if nothing is.</summary>
    internal static string? Problem(StepRecord step, int previous) => Order("step", step.Step, previous);

    /// <summary>What is wrong with a frame, given the one before it (−1 if none); null if nothing is.</summary>
    internal static string? Problem(Frame frame, int previous, RunStructure structure) =>
        Order("frame", frame.Step, previous)
        ?? Length(frame, "cutNorms", frame.CutNorms?.Count, structure.Cuts.Count, "cuts")
        ?? Length(frame, "partGains", frame.PartGains?.Count, structure.Parts.Count, "parts")
        ?? (frame.Forward is { } forward ? Problem(frame, forward, structure.Signals.Count) : null)
        ?? (frame.Parameters is { } parameters ? Problem(frame, parameters, structure.Parameters.Count) : null)
        ?? Length(frame, "throughTime", frame.ThroughTime?.Count, structure.Recurrences?.Count ?? 0, "recurrences")
        ?? TimeProblem(frame, structure.Recurrences ?? [])
        ?? Length(frame, "attention", frame.Attention?.Count, structure.Attentions?.Count ?? 0, "attentions")
        ?? AttentionProblem(frame, structure.Attentions ?? []);

    /// <summary>What is wrong with an evaluation; null if nothing is.</summary>
    internal static string? Problem(Evaluation evaluation) =>
        Choice(
            $"evaluation at step {evaluation.Step}: split", evaluation.Split, "train", "validation", "test", "free-run",
            "pretraining");

    /// <summary>What is wrong with a judgement by length; null if nothing is.</summary>
    internal static string? Problem(LossByLength lengths) =>
        lengths.Rows.Any(row => row.From < 1 || row.To < row.From)
            ? "by-length: a row's lengths are none; expected 1 ≤ from ≤ to"
            : null;

    /// <summary>What is wrong with the origin of the first non-finite number; null if nothing is.</summary>
    internal static string? Problem(NonFiniteOrigin origin) =>
        Choice("non-finite: phase", origin.Phase, "data", "forward", "backward", "update")
        ?? Choice("non-finite: kind", origin.Kind, "nan", "inf");

    /// <summary>What is wrong with a repair; null if nothing is.</summary>
    internal static string? Problem(RepairResult repair) =>
        Choice("repair: status", repair.Status, "repaired", "not-needed", "failed");

    /// <summary>What is wrong with a run's end; null if nothing is.</summary>
    internal static string? Problem(RunEnd end) =>
        Choice("end: reason", end.Reason, "completed", "verdict", "early-stop", "non-finite", "interrupted");

    /// <summary>What is wrong with a forecast; null if nothing is. An array may be empty.</summary>
    internal static string? Problem(Forecast forecast, RunStructure structure) =>
        Choice("forecast: expectation", forecast.Expectation, "vanishes", "explodes", "flows", "unknown")
        ?? Length(null, "forecast.cutNorms", Covered(forecast.CutNorms), structure.Cuts.Count, "cuts")
        ?? Length(null, "forecast.partGains", Covered(forecast.PartGains), structure.Parts.Count, "parts")
        ?? Length(null, "forecast.signalRms", Covered(forecast.SignalRms), structure.Signals.Count, "signals");

    private static int? Covered(IReadOnlyList<double?> values) => values.Count == 0 ? null : values.Count;

    private static string? TimeProblem(Frame frame, IReadOnlyList<RecurrenceInfo> recurrences)
    {
        for (int i = 0; i < (frame.ThroughTime?.Count ?? 0); i++)
        {
            if (frame.ThroughTime![i] is not { } profile) continue;
            int most = recurrences[i].Steps;
            int entries = Math.Max(
                profile.LagNorms.Count, Math.Max(profile.StateRms?.Count ?? 0, profile.Slopes?.Count ?? 0));
            if (entries > most)
                return $"frame {frame.Step}: throughTime[{i}] has {entries} time steps; "
                    + $"expected at most {most}, the steps of {recurrences[i].Name}";
            if (SpectrumProblem(profile) is { } problem) return $"frame {frame.Step}: throughTime[{i}].{problem}";
        }
        return null;
    }

    private static string? AttentionProblem(Frame frame, IReadOnlyList<AttentionInfo> attentions)
    {
        for (int i = 0; i < (frame.Attention?.Count ?? 0); i++)
        {
            if (frame.Attention![i] is not { } profile) continue;
            foreach (int heads in new[] { profile.Entropy.Count, profile.EntropyShare.Count })
                if (heads != attentions[i].Heads)
                    return $"frame {frame.Step}: attention[{i}] speaks of {heads} heads; "
                        + $"expected {attentions[i].Heads}, the heads of {attentions[i].Name}";
        }
        return null;
    }

    private static string? SpectrumProblem(TimeProfile profile)
    {
        if (profile.Spectrum is { } spectrum && spectrum.Real.Count != spectrum.Imaginary.Count)
            return $"spectrum has {spectrum.Real.Count} real and {spectrum.Imaginary.Count} imaginary parts; "
                + "expected as many";
        return profile.Jacobians?.FirstOrDefault(jacobian => jacobian.SingularValues.Count != 5) is { } odd
            ? $"jacobians has {odd.SingularValues.Count} singular values; expected 5"
            : null;
    }

    private static string? Problem(Frame frame, ForwardStatistics forward, int signals)
    {
        string? Of(string name, IReadOnlyList<double?>? values) =>
            Length(frame, $"forward.{name}", values?.Count, signals, "signals");
        return Of("mean", forward.Mean) ?? Of("std", forward.Std) ?? Of("rms", forward.Rms)
            ?? Of("saturatedShare", forward.SaturatedShare) ?? Of("deadShare", forward.DeadShare)
            ?? Of("nonFinite", forward.NonFinite);
    }

    private static string? Problem(Frame frame, ParameterStatistics statistics, int parameters)
    {
        string? Of(string name, int? count) => Length(frame, $"parameters.{name}", count, parameters, "parameters");
        return Of("weightNorm", statistics.WeightNorm?.Count) ?? Of("gradientNorm", statistics.GradientNorm?.Count)
            ?? Of("gradientMeanAbs", statistics.GradientMeanAbs?.Count)
            ?? Of("gradientMaxAbs", statistics.GradientMaxAbs?.Count) ?? Of("zeroShare", statistics.ZeroShare?.Count)
            ?? Of("nonFinite", statistics.NonFinite?.Count) ?? Of("updateRatio", statistics.UpdateRatio?.Count)
            ?? Of("distance", statistics.Distance?.Count) ?? Of("exponents", statistics.Exponents?.Count);
    }

    private static string? Choice(string what, string value, params string[] known) => known.Contains(value)
        ? null
        : $"{what} {JsonSerializer.Serialize(value)}; expected one of {string.Join(", ", known)}";

    private static string? Order(string what, int step, int previous) => step > previous
        ? null
        : previous < 0
            ? $"{what} {step}; expected 0 or more"
            : $"{what} {step} after {what} {previous}; expected rising steps";

    private static string? Length(Frame? frame, string name, int? count, int expected, string table)
    {
        if (count is null || count == expected) return null;
        string where = frame is null ? "" : $"frame {frame.Step}: ";
        return $"{where}{name} has {count} {(count == 1 ? "entry" : "entries")}; "
            + $"expected {expected}, one for each of the structure's {table}";
    }
}
