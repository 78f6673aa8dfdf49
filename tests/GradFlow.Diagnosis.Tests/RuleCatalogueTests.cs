using GradFlow.Diagnosis.Rules;
using GradFlow.Runs;
using GradFlow.TestKit;

namespace GradFlow.Diagnosis.Tests;

public sealed class RuleCatalogueTests
{
    private static readonly IReadOnlyDictionary<string, Run> Sick = new Dictionary<string, Run>
    {
        [RuleIds.VanishingGradient] = SampleRuns.DeepSigmoid.Build(),
        [RuleIds.ExplodingGradient] = SampleRuns.LargeWeights.Build(),
        [RuleIds.VanishingThroughTime] = new SyntheticRecurrentRun().Build(),
        [RuleIds.ExplodingThroughTime] = new SyntheticRecurrentRun { WeightDecades = [0.5], NaNFrom = 60 }.Build(),
        [RuleIds.NonFinite] = (SampleRuns.Healthy with { NaNFrom = 60 }).Build(),
        [RuleIds.OutputMismatch] = SampleRuns.StuckForNoReason.Build().WithLastActivation("sigmoid"),
        [RuleIds.DeadUnits] = SampleRuns.DeadRelu.Build(),
        [RuleIds.SaturatedUnits] = SampleRuns.SaturatedTanh.Build(),
        [RuleIds.PoorInitialization] = SampleRuns.XavierRelu.Build(),
        [RuleIds.NoLearning] = SampleRuns.StuckForNoReason.Build(),
        [RuleIds.OrderBlindness] = OrderBlindnessTests.Blind(SampleRuns.StuckForNoReason.Build()),
    };

    /// <summary>A run that comes near to each disease without having it.</summary>
    private static readonly IReadOnlyDictionary<string, Run> Healthy = new Dictionary<string, Run>
    {
        [RuleIds.VanishingGradient] = (SampleRuns.DeepSigmoid with { Depth = 3 }).Build(),
        [RuleIds.ExplodingGradient] = (SampleRuns.Healthy with { WeightDecades = 0.3 }).Build(),
        [RuleIds.VanishingThroughTime] = new SyntheticRecurrentRun { LongestDependency = 6 }.Build(),
        [RuleIds.ExplodingThroughTime] = new SyntheticRecurrentRun { WeightDecades = [0.11] }.Build(),
        [RuleIds.NonFinite] = (SampleRuns.Healthy with { Loss = _ => 1e30 }).Build(),
        [RuleIds.OutputMismatch] =
            SampleRuns.StuckForNoReason.Build().WithLastActivation("sigmoid").WithPlan(
                plan => plan with { Loss = "mse" }),
        [RuleIds.DeadUnits] = (SampleRuns.Healthy with { DeadShare = 0.4 }).Build(),
        [RuleIds.SaturatedUnits] = (SampleRuns.SaturatedTanh with { SaturatedShare = 0.3 }).Build(),
        [RuleIds.PoorInitialization] = (SampleRuns.Healthy with { WeightDecades = 0.2 }).Build(),
        [RuleIds.NoLearning] = SampleRuns.Healthy.Build(),
        [RuleIds.OrderBlindness] = SampleRuns.Healthy.Build() with { Order = new OrderEffect(300, 0.01, 1, 64) },
    };

    public static TheoryData<Type> RuleTypes =>
        [.. typeof(Rule).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Rule)) && !type.IsAbstract)];

    [Theory, MemberData(nameof(RuleTypes))]
    public void Every_rule_is_asked(Type type) => Diagnostician.Rules.ShouldContain(rule => rule.GetType() == type);

    [Theory, MemberData(nameof(RuleTypes))]
    public void Every_rule_finds_its_disease_and_explains_it_with_numbers(Type type)
    {
        Rule rule = Make(type);
        Finding finding = rule.Judge(new Evidence(Sick[rule.Id])).ShouldHaveSingleItem();
        finding.Rule.ShouldBe(rule.Id);
        finding.Explanation.ShouldMatch("[0-9]");
        finding.Evidence.ShouldNotBeEmpty();
        finding.Remedies.ShouldNotBeEmpty();
        finding.Remedies.ShouldBeSubsetOf(Remedies);
        CauseIdsOf().ShouldContain(finding.Cause);
    }

    [Theory, MemberData(nameof(RuleTypes))]
    public void Every_rule_leaves_a_run_alone_that_only_comes_near(Type type)
    {
        Rule rule = Make(type);
        rule.Judge(new Evidence(Healthy[rule.Id])).ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(RuleTypes))]
    public void Every_rule_has_a_page_with_all_its_chapters(Type type)
    {
        string page = File.ReadAllText(RepositoryFiles.At("docs", "rules", Make(type).Id + ".md"));
        foreach (string chapter in Chapters) page.ShouldContain($"## {chapter}\n");
        string index = File.ReadAllText(RepositoryFiles.At("docs", "rules", "README.md"));
        index.ShouldContain($"({Make(type).Id}.md)");
    }

    [Theory, MemberData(nameof(RuleTypes))]
    public void Every_page_names_only_thresholds_that_exist(Type type)
    {
        string page = File.ReadAllText(RepositoryFiles.At("docs", "rules", Make(type).Id + ".md"));
        string[] named = [.. page[page.IndexOf("## Thresholds", StringComparison.Ordinal)..].Split('\n')
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line.Split('`')[1])];
        named.ShouldNotBeEmpty();
        named.ShouldBeSubsetOf(typeof(Thresholds).GetProperties().Select(property => property.Name));
    }

    private static readonly string[] Chapters =
    [
        "What it sees", "Why it matters", "When it is wrong", "An example", "How safe each fix is", "Thresholds",
    ];

    /// <summary>The remedies that the project has or plans; a name outside would never be tried.</summary>
    private static readonly string[] Remedies =
    [
        "he-init", "xavier-init", "orthogonal-init", "relu", "leaky-relu", "batch-norm", "layer-norm", "residual",
        "scaled-residual", "clip-norm", "lower-learning-rate", "raise-learning-rate", "warm-up", "scale-data",
        "fix-output", "identity-init", "lstm", "gru", "forget-bias", "leaky-units", "time-skips", "attention",
        "transformer", "echo-state", "pretrain", "truncated-bptt", "clip-value", "adaptive-clip",
        "schedule", "adam", "weight-decay", "lsuv-init", "critical-gain", "weight-norm", "positions", "drop-penalty",
        "drop-decay", "loosen-clip",
    ];

    private static IEnumerable<string> CauseIdsOf() =>
        typeof(CauseIds).GetFields().Select(field => (string)field.GetRawConstantValue()!);

    private static Rule Make(Type type) => (Rule)Activator.CreateInstance(type)!;
}
