using GradFlow.Diagnosis;
using GradFlow.Runs;

namespace GradFlow.Companion.Tests;

/// <summary>
/// A recurrent net with the same weights, trained on the same batches by PyTorch and by our engine, is judged alike,
/// and both record the same way back through time.
/// </summary>
public sealed class SameRecurrentNetTests(TorchTrainings trainings)
{
    /// <summary>
    /// What float32 can change in one time step, as a share: a number passes some 128 products on its way forth (a row
    /// of weights, or four of an LSTM) and as many on its way back, each is rounded by at most 2⁻²⁴, and at worst all
    /// errors add up.
    /// </summary>
    private const double Rounding = 256 * 5.96e-8;

    /// <summary>
    /// Both roundings of a training leave the exact one behind by chance, at the same pace; that one does so a hundred
    /// times as far as the other comes about once in 150 times (the ratio of two normal numbers).
    /// </summary>
    private const double Chance = 100;

    /// <summary>Decades beyond which rounding has taken the two so far apart that a comparison says nothing.</summary>
    private const double Telling = 0.02;

    /// <summary>Steps and frames that have to be told before that.</summary>
    private const int FewestSteps = 64, FewestFrames = 6;

    [Theory]
    [InlineData("lstm", VerdictKind.Healthy)]
    [InlineData("rnn-forgets", VerdictKind.Sick)]
    public void Both_engines_tell_the_same_of_the_way_through_time(string name, VerdictKind verdict)
    {
        Run theirs = trainings.Load(name), exact = trainings.Load($"{name}-exact");
        Run ours = new RecurrentTwin(theirs, trainings.PathOf(name, "json"), trainings.PathOf(name, "f32"))
            .Train(Path.Combine(trainings.Folder, "runs"));
        double floor = Rounding * theirs.Header.Structure.Recurrences![0].Steps;
        LossesAgree(ours, theirs, exact, floor);
        FramesAgree(ours, theirs, exact, floor / Math.Log(10));
        JudgementsAgree(Diagnostician.Judge(ours), Diagnostician.Judge(theirs), verdict);
    }

    private static void LossesAgree(Run ours, Run theirs, Run exact, double floor)
    {
        double drift = 0;
        int told = 0;
        for (int step = 0; step < theirs.Steps.Count; step++, told++)
        {
            double other = theirs.Steps[step].Loss;
            drift = Math.Max(drift, Math.Abs(other - exact.Steps[step].Loss));
            double tolerance = floor * other + Chance * drift;
            if (tolerance > Telling) break;
            ours.Steps[step].Loss.ShouldBe(other, tolerance, $"step {step}");
        }
        told.ShouldBeGreaterThanOrEqualTo(FewestSteps);
    }

    private static void FramesAgree(Run ours, Run theirs, Run exact, double floor)
    {
        double drift = 0;
        int told = 0;
        foreach (Frame other in theirs.Frames)
        {
            if (At(other.Step, ours) is not { } mine || At(other.Step, exact) is not { } third) continue;
            double[] numbers = Numbers(other);
            drift = Math.Max(drift, numbers.Zip(Numbers(third), (a, b) => Math.Abs(a - b)).Max());
            double tolerance = floor + Chance * drift;
            if (tolerance > Telling) break;
            Numbers(mine).ShouldBe(numbers, tolerance, $"step {other.Step}");
            LagProfile.MemoryHorizon(Profile(mine).LagNorms)
                .ShouldBe(LagProfile.MemoryHorizon(Profile(other).LagNorms), $"step {other.Step}");
            told++;
        }
        told.ShouldBeGreaterThanOrEqualTo(FewestFrames);
    }

    private static void JudgementsAgree(DiagnosisResult ours, DiagnosisResult theirs, VerdictKind verdict)
    {
        theirs.Verdict.Kind.ShouldBe(verdict, theirs.Verdict.Sentence);
        ours.Verdict.Kind.ShouldBe(verdict, ours.Verdict.Sentence);
        static object Said(Finding finding) => (finding.Rule, finding.Cause, finding.Severity);
        ours.Findings.Select(Said).ShouldBe(theirs.Findings.Select(Said));
        static IEnumerable<object> ThroughTime(DiagnosisResult of) =>
            of.Attribution.Where(entry => entry.Block is not null).Select(entry => (object)(entry.Link, entry.Kind));
        ThroughTime(ours).ShouldBe(ThroughTime(theirs));
    }

    /// <summary>All that a frame says of the way through time, and the gradients that come of it, in decades.</summary>
    private static double[] Numbers(Frame frame)
    {
        TimeProfile profile = Profile(frame);
        double?[] shares =
        [
            LagProfile.DecadesPerStep(profile.LagNorms), profile.WeightDecades,
            profile.GateDecades ?? profile.ActivationDecades,
        ];
        IEnumerable<double?> forward =
            profile.StateRms!.Concat(profile.Slopes ?? []).Select(x => (double?)Math.Log10(x!.Value));
        IEnumerable<double?> gradients = frame.Parameters!.GradientNorm!;
        return [.. profile.LagNorms.Concat(shares).Concat(forward).Concat(gradients).Cast<double>()];
    }

    private static Frame? At(int step, Run run) => run.Frames.SingleOrDefault(frame => frame.Step == step);

    private static TimeProfile Profile(Frame frame) => frame.ThroughTime.ShouldNotBeNull()[0].ShouldNotBeNull();
}
