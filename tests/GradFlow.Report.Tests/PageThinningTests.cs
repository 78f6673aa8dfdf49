using GradFlow.Runs;
using GradFlow.TestKit;

namespace GradFlow.Report.Tests;

public sealed class PageThinningTests
{
    [Fact]
    public void A_short_run_keeps_every_step_and_frame()
    {
        Run run = new SyntheticRun().Build();

        Run thin = PageThinning.Thin(run);

        thin.Steps.ShouldBe(run.Steps);
        thin.Frames.Select(frame => frame.Step).ShouldBe(run.Frames.Select(frame => frame.Step));
    }

    [Fact]
    public void A_long_run_keeps_its_ends_and_its_spikes()
    {
        Run run = new SyntheticRun
        {
            Steps = 50_000,
            FrameInterval = 50,
            Loss = step => step == 31_234 ? 77 : step == 12_345 ? 0.001 : 2,
        }.Build();

        Run thin = PageThinning.Thin(run);

        thin.Steps.Count.ShouldBeInRange(PageThinning.MaxSteps / 4, PageThinning.MaxSteps);
        thin.Frames.Count.ShouldBe(PageThinning.MaxFrames);
        thin.Steps.Select(step => step.Step).ShouldBeSubsetOf(Enumerable.Range(0, 50_000));
        foreach (int kept in new[] { 0, 12_345, 31_234, 49_999 }) thin.Steps.ShouldContain(step => step.Step == kept);
        (thin.Frames[0].Step, thin.Frames[^1].Step).ShouldBe((0, 49_950));
        thin.Steps.ShouldBe(thin.Steps.OrderBy(step => step.Step));
    }

    [Fact]
    public void The_frame_that_a_finding_begins_with_is_kept_with_its_details()
    {
        Run run = new SyntheticRun { Steps = 50_000, FrameInterval = 50 }.Build();
        var finding = new Finding(
            RuleIds.ExplodingGradient, CauseIds.LearningRate, Severity.Critical, null, 12_350,
            new Dictionary<string, double>(), "It explodes.", []);
        var diagnosis = new DiagnosisResult(new Verdict(VerdictKind.Sick, "Sick.", []), [finding], []);
        bool HasDetails(Run of) =>
            PageThinning.Thin(of).Frames.SingleOrDefault(frame => frame.Step == 12_350)?.PartGains is not null;

        HasDetails(run).ShouldBeFalse();
        HasDetails(run with { Diagnosis = diagnosis }).ShouldBeTrue();
    }

    [Fact]
    public void A_loss_that_is_not_a_number_is_never_thinned_out()
    {
        Run run = new SyntheticRun { Steps = 9_000 }.Build();
        List<StepRecord> steps = [.. run.Steps];
        steps[4_321] = steps[4_321] with { Loss = double.NaN };

        PageThinning.Thin(run with { Steps = steps }).Steps.ShouldContain(step => step.Step == 4_321);
    }

    [Fact]
    public void Long_sequences_leave_room_for_fewer_frames()
    {
        Run run = new SyntheticRecurrentRun { Length = 3000, Steps = 1200 }.Build();

        Run thin = PageThinning.Thin(run);

        thin.Frames.Count.ShouldBe(20);
        (thin.Frames[0].Step, thin.Frames[^1].Step).ShouldBe((0, 1180));
        thin.Frames.ShouldAllBe(frame => frame.ThroughTime![0]!.LagNorms.Count == 3000);
        thin.Frames.Count(frame => frame.ThroughTime![0]!.Slopes is not null).ShouldBe(3);
    }

    [Fact]
    public void A_few_frames_keep_their_eigenvalues_wherever_they_lie()
    {
        Run run = new SyntheticRecurrentRun { Length = 3000, Steps = 1200 }.Build();
        Frame WithSpectrum(Frame frame) => frame with
        {
            ThroughTime =
                [frame.ThroughTime![0]! with { Spectrum = new RecurrentSpectrum([0.123456], [0], 0.123456, 1) }],
        };
        List<Frame> frames = [.. run.Frames.Select((frame, i) => i % 3 == 1 ? WithSpectrum(frame) : frame)];

        IReadOnlyList<Frame> thin = PageThinning.Thin(run with { Frames = frames }).Frames;

        Frame[] having = [.. thin.Where(frame => frame.ThroughTime![0]!.Spectrum is not null)];
        having.Length.ShouldBe(8);
        (having[0].Step, having[^1].Step).ShouldBe((20, 1160));
        having[0].ThroughTime![0]!.Spectrum!.Real.ShouldBe([0.1235]);
        thin.Select(frame => frame.Step).ShouldBeInOrder();
    }

    [Fact]
    public void Numbers_keep_the_digits_that_a_picture_shows()
    {
        Run run = new SyntheticRun { ActivationDecades = -0.612345678, SaturatedShare = 0.123456789 }.Build();

        Frame frame = PageThinning.Thin(run).Frames[0];

        frame.CutNorms![0]!.Value.ShouldBe(run.Frames[0].CutNorms![0]!.Value, 5e-5);
        frame.Forward!.SaturatedShare![1].ShouldBe(0.1235);
    }
}
