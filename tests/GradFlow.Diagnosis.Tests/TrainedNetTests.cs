using GradFlow.Runs;

namespace GradFlow.Diagnosis.Tests;

/// <summary>Verdicts on nets that were really trained, labelled by how they were built.</summary>
public sealed class TrainedNetTests
{
    private const double TorchSigma = 0.57735;
    private const int Steps = 150;

    [Theory]
    [InlineData(1, TorchSigma)]
    [InlineData(2, TorchSigma)]
    [InlineData(3, 0.1)]
    [InlineData(4, 1)]
    public void A_ten_layer_sigmoid_net_vanishes_by_its_activation(int seed, double sigmaW) =>
        Leads(
            RuleIds.VanishingGradient, CauseIds.Activation,
            new SmallNet(seed, 10, "sigmoid", sigmaW).Train(Steps, 0.1));

    [Theory]
    [InlineData(1, TorchSigma)]
    [InlineData(2, 0.9)]
    public void A_deep_relu_net_with_small_weights_vanishes_by_their_scale(int seed, double sigmaW) =>
        Leads(
            RuleIds.VanishingGradient, CauseIds.WeightScale, new SmallNet(seed, 30, "relu", sigmaW).Train(Steps, 0.02));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_deep_tanh_net_with_small_weights_vanishes_by_their_scale(int seed) =>
        Leads(
            RuleIds.VanishingGradient, CauseIds.WeightScale,
            new SmallNet(seed, 20, "tanh", TorchSigma).Train(Steps, 0.02));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_deep_relu_net_with_large_weights_explodes_by_their_scale(int seed) =>
        Leads(
            RuleIds.ExplodingGradient, CauseIds.WeightScale, new SmallNet(seed, 30, "relu", 5).Train(Steps, 0.1));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_sound_net_with_a_wild_learning_rate_breaks_by_it(int seed) =>
        Leads(
            RuleIds.NonFinite, CauseIds.LearningRate, new SmallNet(seed, 6, "relu", Math.Sqrt(2)).Train(Steps, 1e4));

    [Fact]
    public void A_sound_net_with_unscaled_inputs_breaks_by_them() =>
        Leads(
            RuleIds.NonFinite, CauseIds.DataScale,
            new SmallNet(1, 6, "relu", Math.Sqrt(2)) { InputScale = 200 }.Train(Steps, 0.5));

    [Fact]
    public void Zero_weights_never_let_a_gradient_through() =>
        Leads(
            RuleIds.VanishingGradient, CauseIds.WeightScale, new SmallNet(1, 5, "relu", 0).Train(Steps, 0.1));

    [Theory]
    [InlineData(1, 3, "sigmoid", 1, 1)]
    [InlineData(2, 4, "relu", TorchSigma, 0.2)]
    [InlineData(3, 8, "relu", 1.41421, 0.05)]
    [InlineData(4, 8, "tanh", 1, 0.1)]
    [InlineData(5, 3, "tanh", 0.57735, 0.2)]
    [InlineData(6, 12, "relu", 1.41421, 0.03)]
    public void A_net_that_learns_is_healthy_with_nothing_to_warn_of(
        int seed, int depth, string activation, double sigmaW, double rate)
    {
        DiagnosisResult result = Diagnostician.Judge(new SmallNet(seed, depth, activation, sigmaW).Train(Steps, rate));
        result.Verdict.Kind.ShouldBe(VerdictKind.Healthy, result.Verdict.Sentence);
        result.Findings.ShouldAllBe(finding => finding.Severity == Severity.Info);
    }

    [Fact]
    public void Shares_of_the_gain_sum_to_the_whole()
    {
        Run run = new SmallNet(1, 10, "sigmoid", TorchSigma).Train(Steps, 0.1);
        DiagnosisResult result = Diagnostician.Judge(run);
        IReadOnlyDictionary<string, double> numbers = result.Findings[0].Evidence;
        result.Attribution.Sum(entry => entry.Decades).ShouldBe(numbers["totalDecades"], 1e-9);
        (numbers["weightShare"] + numbers["activationShare"]).ShouldBe(1, 1e-9);
    }

    private static void Leads(string rule, string cause, Run run)
    {
        DiagnosisResult result = Diagnostician.Judge(run);
        result.Verdict.Kind.ShouldBe(VerdictKind.Sick, result.Verdict.Sentence);
        (result.Findings[0].Rule, result.Findings[0].Cause).ShouldBe((rule, cause), result.Verdict.Sentence);
    }
}
