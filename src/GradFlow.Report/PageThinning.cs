using GradFlow.Runs;

namespace GradFlow.Report;

/// <summary>
/// Makes a long run small enough for a page without hiding anything that a picture of its size could show: of every
/// stretch of steps the extremes stay, and of the frames an even choice.
/// </summary>
public static class PageThinning
{
    /// <summary>Steps that a page holds at most.</summary>
    public const int MaxSteps = 2000;

    /// <summary>Frames that a page holds at most.</summary>
    public const int MaxFrames = 200;

    private const int MaxDetailedFrames = 40;
    private const int MaxSpectra = 8;
    private const int MaxNumbersPerKind = 60_000;

    /// <summary>Thins a run.</summary>
    /// <param name="run">The run.</param>
    /// <returns>
    /// The run with at most <see cref="MaxSteps"/> steps and <see cref="MaxFrames"/> frames (fewer for very deep nets,
    /// the first and last always among them, and a few more where eigenvalues were taken or
    /// findings begin), and numbers rounded to what a picture shows.
    /// </returns>
    public static Run Thin(Run run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return run with { Steps = ThinSteps(run.Steps), Frames = ThinFrames(run) };
    }

    private static IReadOnlyList<StepRecord> ThinSteps(IReadOnlyList<StepRecord> steps)
    {
        if (steps.Count <= MaxSteps) return steps;
        var kept = new SortedSet<int> { 0, steps.Count - 1 };
        int buckets = (MaxSteps - 2) / 4;
        for (int bucket = 0; bucket < buckets; bucket++)
        {
            int from = (int)((long)steps.Count * bucket / buckets);
            int to = (int)((long)steps.Count * (bucket + 1) / buckets);
            KeepExtremes(steps, from, to, step => step.Loss, kept);
            KeepExtremes(steps, from, to, step => step.GradientNorm ?? 0, kept);
        }
        return [.. kept.Select(i => steps[i])];
    }

    private static void KeepExtremes(
        IReadOnlyList<StepRecord> steps, int from, int to, Func<StepRecord, double> value, SortedSet<int> kept)
    {
        int lowest = from, highest = from;
        for (int i = from + 1; i < to; i++)
        {
            if (Height(value(steps[i])) < Height(value(steps[lowest]))) lowest = i;
            if (Height(value(steps[i])) > Height(value(steps[highest]))) highest = i;
        }
        kept.Add(lowest);
        kept.Add(highest);
    }

    // A NaN is what nobody may miss, so it counts as the highest.
    private static double Height(double value) => double.IsNaN(value) ? double.PositiveInfinity : value;

    private static IReadOnlyList<Frame> ThinFrames(Run run)
    {
        (IReadOnlyList<Frame> frames, RunStructure structure) = (run.Frames, run.Header.Structure);
        HashSet<int> told = [.. run.Diagnosis?.Findings.Select(finding => finding.SinceStep) ?? []];
        int lags = structure.Recurrences?.Sum(layer => layer.Steps) ?? 0;
        int rows = Math.Max(1, Math.Max(lags, Math.Max(structure.Cuts.Count, structure.Parameters.Count)));
        int count = Math.Clamp(MaxNumbersPerKind / rows, 8, MaxFrames);
        int detailed = Math.Clamp(MaxNumbersPerKind / (6 * rows), 2, MaxDetailedFrames);
        HashSet<Frame> withSpectra = [.. FramesWithSpectra(frames)];
        HashSet<Frame> chosen = [.. EvenChoice(frames.Count, count).Select(i => frames[i])];
        Frame[] kept = [.. frames.Where(frame => chosen.Contains(frame) || withSpectra.Contains(frame)
            || told.Contains(frame.Step))];
        HashSet<int> withDetails = [.. EvenChoice(kept.Length, detailed)];
        return [.. kept.Select((frame, i) => Round(
            frame, withDetails.Contains(i) || told.Contains(frame.Step), withSpectra.Contains(frame)))];
    }

    /// <summary>Eigenvalues are many numbers and change slowly: an even choice of the frames that have them.</summary>
    private static IEnumerable<Frame> FramesWithSpectra(IReadOnlyList<Frame> frames)
    {
        Frame[] having = [.. frames.Where(frame => frame.ThroughTime?.Any(p => p?.Spectrum is not null) == true)];
        return EvenChoice(having.Length, MaxSpectra).Select(i => having[i]);
    }

    private static IEnumerable<int> EvenChoice(int count, int most) => count <= most
        ? Enumerable.Range(0, count)
        : Enumerable.Range(0, most).Select(i => (int)Math.Round((double)i * (count - 1) / (most - 1)));

    private static Frame Round(Frame frame, bool withDetails, bool withSpectra) => frame with
    {
        CutNorms = Decimals(frame.CutNorms),
        PartGains = withDetails ? Decimals(frame.PartGains) : null,
        Forward = withDetails && frame.Forward is { } f
            ? new ForwardStatistics(
                null, null, Digits(f.Rms), Digits(f.SaturatedShare), Digits(f.DeadShare), Digits(f.NonFinite))
            : null,
        Parameters = withDetails && frame.Parameters is { } p
            ? new ParameterStatistics(
                Digits(p.WeightNorm), Decimals(p.GradientNorm), null, null, null, Digits(p.NonFinite),
                Digits(p.UpdateRatio), Digits(p.Distance), null)
            : null,
        ThroughTime = frame.ThroughTime?.Select(profile => profile is null
            ? null
            : Round(profile, withDetails, withSpectra)).ToArray(),
        Attention = frame.Attention?.Select(heads => heads is null
            ? null
            : new AttentionProfile(
                [.. heads.Entropy.Select(RoundToDigits)], [.. heads.EntropyShare.Select(RoundToDigits)])).ToArray(),
    };

    private static TimeProfile Round(TimeProfile profile, bool withDetails, bool withSpectra) => profile with
    {
        LagNorms = Decimals(profile.LagNorms)!,
        StateRms = withDetails ? Digits(profile.StateRms) : null,
        Slopes = withDetails ? Digits(profile.Slopes) : null,
        Lyapunov = RoundToDigits(profile.Lyapunov),
        Gates = profile.Gates?.Select(gate => gate with
        {
            Mean = RoundToDigits(gate.Mean),
            ClosedShare = RoundToDigits(gate.ClosedShare),
            OpenShare = RoundToDigits(gate.OpenShare),
        }).ToArray(),
        Spectrum = withSpectra && profile.Spectrum is { } spectrum
            ? new RecurrentSpectrum(
                [.. spectrum.Real.Select(RoundToDigits)], [.. spectrum.Imaginary.Select(RoundToDigits)],
                RoundToDigits(spectrum.Radius), RoundToDigits(spectrum.Norm))
            : null,
        Jacobians = withSpectra
            ? profile.Jacobians?.Select(jacobian => jacobian with
            {
                SingularValues = [.. jacobian.SingularValues.Select(RoundToDigits)],
            }).ToArray()
            : null,
    };

    private static double?[]? Decimals(IReadOnlyList<double?>? logs) => logs?.Select(log => log is { } value
        ? Math.Round(value, 4)
        : log).ToArray();

    private static double?[]? Digits(IReadOnlyList<double?>? values) => values?.Select(RoundToDigits).ToArray();

    private static double? RoundToDigits(double? value) => value is { } number ? RoundToDigits(number) : null;

    private static double RoundToDigits(double number)
    {
        if (!double.IsFinite(number) || number == 0) return number;
        double scale = Math.Pow(10, 3 - Math.Floor(Math.Log10(Math.Abs(number))));
        return double.IsFinite(scale) && scale > 0 ? Math.Round(number * scale) / scale : number;
    }
}
