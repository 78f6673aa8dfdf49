using GradFlow.Runs;
using GradFlow.Tensors;

namespace GradFlow.Repair;

/// <summary>
/// Tries what the findings prescribe on short forks beside untouched controls and a remedy drawn at random, then the best
/// of them in pairs.
/// </summary>
internal sealed class Trials(Patient patient, Run run, IProgress<DoctorProgress>? progress, CancellationToken cancellation)
{
    private int _done;

    public Ranking Ranking { get; } = new();

    /// <summary>Steps of one fork: a third of the training, but enough to tell a net that learns from one that doesn't.</summary>
    public int Steps => Math.Clamp(patient.FullSteps / 3, Math.Min(patient.FullSteps, 150), 600);

    public void RunAll()
    {
        int count = patient.Options.IsQuick ? 1 : 2;
        int[] seeds = Enumerable.Range(patient.Experiment.Seed, count).ToArray();
        var runner = new ForkRunner(patient, Steps, cancellation);
        List<Candidate> first = [.. Controls(), .. Prescribed()];
        if (RandomRemedy(first) is { } random) first.Add(random);
        int planned = 2 * first.Count * count;
        Ranking.Add(first, runner.RunAll(first, seeds, trial => Tell(trial, planned)));
        List<Candidate> pairs = Pairs(Ranking.BestSingles());
        Ranking.Add(pairs, runner.RunAll(pairs, seeds, trial => Tell(trial, planned)));
    }

    private void Tell(Trial trial, int planned) =>
        progress?.Report(new DoctorProgress("trials", trial.Remedy, Math.Min(1, (double)++_done / planned)));

    private Candidate[] Controls() =>
    [
        new([], ForkKind.Restart, patient.Experiment, Candidate.Control),
        new([], ForkKind.Continue, patient.Experiment, Candidate.Control),
    ];

    private IEnumerable<Candidate> Prescribed() => run.Diagnosis!.Findings
        .Where(finding => finding.Severity != Severity.Info)
        .SelectMany(finding => finding.Remedies).Distinct()
        .Select(RemedyCatalogue.Find).OfType<Remedy>()
        .SelectMany(Strengths)
        .Select(remedies => Candidate.Of(patient.Experiment, remedies)).OfType<Candidate>();

    /// <summary>
    /// A remedy alone; a change of the rate also twice and three times, since nobody knows how far off the rate is.
    /// </summary>
    private static IEnumerable<Remedy[]> Strengths(Remedy remedy) => remedy is LowerLearningRate or RaiseLearningRate
        ? [[remedy], [remedy, remedy], [remedy, remedy, remedy]]
        : [[remedy]];

    /// <summary>A remedy that nobody prescribed: what guessing would have come to.</summary>
    private Candidate? RandomRemedy(List<Candidate> prescribed)
    {
        List<Candidate> others = RemedyCatalogue.All
            .Where(remedy => prescribed.All(p => p.Name != remedy.Id))
            .Select(remedy => Candidate.Of(patient.Experiment, [remedy], "random")).OfType<Candidate>().ToList();
        return others.Count == 0 ? null : others[new RandomKey(patient.Experiment.Seed, "random remedy").Integer(0, others.Count)];
    }

    /// <summary>
    /// The best single remedy with each other one, since what helps alone may still lack its complement; and rectifiers
    /// with the initialisation that is made for them: alone, a new activation meets weights scaled for the old one.
    /// </summary>
    private List<Candidate> Pairs(IReadOnlyList<Candidate> singles)
    {
        var pairs = new List<Candidate>();
        foreach (Candidate other in singles.Skip(1)) AddPair(pairs, singles[0].Remedies[0], other.Remedies[0]);
        pairs.RemoveAll(pair => singles.Any(single => single.Experiment == pair.Experiment));
        if (singles.Any(single => single.Remedies[0] is ReluActivation))
            AddPair(pairs, RemedyCatalogue.Find("relu")!, RemedyCatalogue.Find("he-init")!);
        return pairs;
    }

    private void AddPair(List<Candidate> pairs, Remedy a, Remedy b)
    {
        if (a is InitRemedy && b is InitRemedy) return;
        if (a is InitRemedy || (a.Kind == ForkKind.Continue && b.Kind == ForkKind.Restart)) (a, b) = (b, a);
        if (Candidate.Of(patient.Experiment, [a, b]) is { } pair && pairs.All(p => p.Name != pair.Name)) pairs.Add(pair);
    }
}
