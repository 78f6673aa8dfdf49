using GradFlow.Experiments;
using GradFlow.TestKit;

namespace GradFlow.Repair.Tests;

public sealed class RemedyCatalogueTests
{
    private static readonly string[] Chapters =
        ["## What it changes", "## When it helps", "## When it is wrong", "## Cost", "## Source"];

    public static TheoryData<string> Ids => [.. RemedyTypes().Select(type => Make(type).Id)];

    private static string Expectation(string name) =>
        RepositoryFiles.At("tests", "GradFlow.Repair.Tests", "Expectations", name);

    private static string RemedyPage(string name) => RepositoryFiles.At("docs", "remedies", name + ".md");

    /// <summary>
    /// One with layers in depth, or one with layers in time for what changes those; one whose activation has a critical
    /// gain, or whose labels stand at the end alone, for what asks for it.
    /// </summary>
    private static Experiment PatientOf(string id) => ExperimentFile.Read(Expectation(
        ThroughTime.Contains(id)
            ? "recurrent-patient.yaml"
            : id == "critical-gain" ? "selu-patient.yaml"
            : id == "pretrain" ? "labelled-patient.yaml"
            : id == "drop-penalty" ? "penalized-patient.yaml"
            : id == "drop-decay" ? "decayed-patient.yaml"
            : id == "loosen-clip" ? "clipped-patient.yaml"
            : id == "positions" ? "attending-patient.yaml"
            : "patient.yaml"));

    private static readonly string[] ThroughTime =
    [
        "identity-init", "lstm", "gru", "forget-bias", "leaky-units", "time-skips", "attention", "transformer",
        "echo-state", "truncated-bptt",
    ];

    [Fact]
    public void Every_remedy_is_in_the_catalogue_once()
    {
        RemedyCatalogue.All.Select(remedy => remedy.GetType()).ShouldBe(RemedyTypes(), ignoreOrder: true);
        RemedyCatalogue.All.Select(remedy => remedy.Id).ShouldBeUnique();
    }

    /// <summary>With GRADFLOW_ACCEPT=1, the expectation is written anew first.</summary>
    [Theory, MemberData(nameof(Ids))]
    public void Every_remedy_changes_the_patient_as_its_expectation_shows(string id)
    {
        string changed = ExperimentFile.Write(RemedyCatalogue.Find(id)!.Apply(PatientOf(id)).ShouldNotBeNull());
        if (Environment.GetEnvironmentVariable("GRADFLOW_ACCEPT") == "1")
            File.WriteAllText(Expectation(id + ".yaml"), changed);
        changed.ShouldBe(File.ReadAllText(Expectation(id + ".yaml")));
    }

    [Theory, MemberData(nameof(Ids))]
    public void What_a_remedy_makes_can_be_written_read_and_trained(string id)
    {
        Experiment changed = RemedyCatalogue.Find(id)!.Apply(PatientOf(id))!;
        ExperimentFile.Parse(ExperimentFile.Write(changed), "changed.yaml").ShouldBe(changed);
        ExperimentDiff.Between(PatientOf(id), changed).Changes.ShouldNotBeEmpty();
        DataSplits data = TaskData.Load(changed.Data, "", changed.Seed, changed.Training.Validation);
        double.IsFinite(new Trainer(changed, data).Advance().Record.Loss).ShouldBeTrue();
    }

    [Theory, MemberData(nameof(Ids))]
    public void A_remedy_that_would_change_nothing_does_not_apply(string id)
    {
        Remedy remedy = RemedyCatalogue.Find(id)!;
        // There is always a lower and a higher rate, and a window or a norm that was put in can be taken out.
        if (remedy is LowerLearningRate or RaiseLearningRate or TruncatedBptt or LoosenClip) return;
        remedy.Apply(remedy.Apply(PatientOf(id))!).ShouldBeNull();
    }

    [Theory, MemberData(nameof(Ids))]
    public void Every_remedy_has_a_page_with_all_its_chapters(string id)
    {
        string page = File.ReadAllText(RemedyPage(id));
        page.ShouldStartWith($"# {id}\n");
        foreach (string chapter in Chapters) page.ShouldContain(chapter);
        File.ReadAllText(RemedyPage("README")).ShouldContain($"[{id}]({id}.md)");
    }

    private static IEnumerable<Type> RemedyTypes() =>
        typeof(Remedy).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Remedy)) && !type.IsAbstract);

    private static Remedy Make(Type type) => (Remedy)Activator.CreateInstance(type)!;
}
