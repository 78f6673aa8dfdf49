using GradFlow.Diagnosis;
using GradFlow.Runs;
using GradFlow.Tensors;

namespace GradFlow.Tests;

public sealed class FindingTests : IDisposable
{
    private readonly Scratch _scratch = new();
    private readonly List<Finding> _found = [];

    [Fact]
    public void A_finding_is_told_once_and_again_only_when_it_is_graver()
    {
        Train(OwnTraining.DeepSigmoid(), 300, new WatchSettings { Steps = 300, StepsPerEpoch = 60 });
        _found.ShouldContain(f => f.Rule == RuleIds.VanishingGradient && f.Severity == Severity.Critical);
        foreach (IGrouping<(string, string), Finding> told in _found.GroupBy(f => (f.Rule, f.Cause)))
            told.Select(f => f.Severity).ShouldBe(told.Select(f => f.Severity).Distinct().Order());
        _scratch.TheRun().Diagnosis!.Findings.ShouldAllBe(f => f.Confirmation == Confirmation.Unconfirmed);
    }

    [Fact]
    public void A_finding_is_told_while_the_training_goes_on()
    {
        OwnTraining training = OwnTraining.DeepSigmoid();
        using GradientWatch watch = Over(training, new WatchSettings());
        training.Run(1, watch);
        _found.ShouldContain(f => f.Rule == RuleIds.VanishingGradient);
    }

    [Fact]
    public void The_kept_diagnosis_is_that_of_the_kept_run()
    {
        Train(OwnTraining.DeepSigmoid(), 300, new WatchSettings { Steps = 300, StepsPerEpoch = 60 });
        Run run = _scratch.TheRun();
        run.Diagnosis!.Verdict.Kind.ShouldBe(VerdictKind.Sick);
        DiagnosisResult again = Diagnostician.Judge(run);
        run.Diagnosis.Verdict.Sentence.ShouldBe(again.Verdict.Sentence);
        run.Diagnosis.Findings.Select(f => f.Rule).ShouldBe(again.Findings.Select(f => f.Rule));
    }

    [Fact]
    public void A_net_that_learns_is_healthy()
    {
        Train(OwnTraining.WithRate(0.5), 300, new WatchSettings { Steps = 300, StepsPerEpoch = 60 });
        _scratch.TheRun().Diagnosis!.Verdict.Kind.ShouldBe(VerdictKind.Healthy);
        _found.ShouldNotContain(f => f.Severity == Severity.Critical);
    }

    [Fact]
    public void A_loop_may_end_once_the_verdict_stands()
    {
        OwnTraining training = OwnTraining.DeepSigmoid();
        int steps = 0;
        using (GradientWatch watch = Over(training, new WatchSettings { Steps = 1000, StepsPerEpoch = 60 }))
            while (steps < 1000 && !watch.IsSettled) training.Step(steps++, watch);
        steps.ShouldBeInRange(250, 600);
        _scratch.TheRun().End!.Reason.ShouldBe("verdict");
    }

    [Fact]
    public void NaN_in_the_data_is_named_at_once()
    {
        OwnTraining training = OwnTraining.WithRate(0.1, (step, inputs) => inputs[3, 1] = step == 7 ? double.NaN : 0);
        using (GradientWatch watch = Over(training, new WatchSettings()))
        {
            training.Run(7, watch);
            _found.ShouldNotContain(f => f.Rule == RuleIds.NonFinite);
            training.Step(7, watch);
            _found.ShouldContain(f => f.Rule == RuleIds.NonFinite && f.Cause == CauseIds.DataScale);
        }
        _scratch.TheRun().NonFinite.ShouldBe(new NonFiniteOrigin(7, "data", "input", "data", "nan"));
    }

    [Fact]
    public void Weights_that_overflow_in_an_update_are_named()
    {
        OwnTraining training = OwnTraining.WithRate(1e40);
        using (GradientWatch watch = Over(training, new WatchSettings())) training.Run(2, watch);
        NonFiniteOrigin origin = _scratch.TheRun().NonFinite.ShouldNotBeNull();
        (origin.Step, origin.Phase, origin.Operation).ShouldBe((0, "update", "optimizer"));
    }

    [Fact]
    public void A_gradient_that_overflows_on_its_way_back_is_named()
    {
        OwnTraining training = OwnTraining.WithRate(0.1);
        using (GradientWatch watch = Over(training, new WatchSettings()))
        {
            using Autograd.Tape tape = watch.Tape();
            Autograd.Variable loss = 1e5 * training.Loss(tape, 0);
            tape.Backward(loss, Tensor.Full(new Shape(), 1e38));
            watch.Step(loss);
        }
        NonFiniteOrigin origin = _scratch.TheRun().NonFinite.ShouldNotBeNull();
        (origin.Step, origin.Phase, origin.Kind).ShouldBe((0, "backward", "inf"));
    }

    public void Dispose() => _scratch.Dispose();

    private void Train(OwnTraining training, int steps, WatchSettings settings)
    {
        using GradientWatch watch = Over(training, settings);
        training.Run(steps, watch);
    }

    private GradientWatch Over(OwnTraining training, WatchSettings settings) => GradientWatch.Over(
        training.Net, training.Optimizer, settings with { Out = _scratch.Path, Found = _found.Add });
}
