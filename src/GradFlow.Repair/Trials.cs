using GradFlow.Runs;
using GradFlow.Tensors;

namespace GradFlow.Repair;

/// <summary>
/// Tries what the findings prescribe on short forks beside untouched controls and a remedy drawn at random, then the
/// best of them in pairs.
/// </summary>
internal sealed class Trials(
    Patient patient, Run run, IProgress<DoctorProgress>? progress, CancellationToken cancellation)
{
    /// <summary>
    /// How many prescribed candidates are tried at most, the most promising first, so that time stays bounded.
    /// </summary>
    private const int MostPrescribed = 24;

    private int _done;

    public Ranking Ranking { get; } = new(
        TrialScore.For(run.Header.Plan, patient.DataOf(patient.Experiment).Validation.Count));

    public void RunAll()
    {
        int count = patient.Options.IsQuick ? 1 : 2;
        int[] seeds = Enumerable.Range(0, count).Select(i => (patient.Experiment.Seed + i) & int.MaxValue).ToArray();
        var runner = new ForkRunner(patient, cancellation);
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

    private IEnumerable<Candidate> Prescribed() => Findings
        .SelectMany(finding => finding.Remedies).Distinct()
        .Select(RemedyCatalogue.Find).OfType<Remedy>()
        .SelectMany(Strengths)
        .SelectMany(
            remedies => Starts(remedies[0]).Select(start => Candidate.Of(patient.Experiment, remedies, kind: start)))
        .OfType<Candidate>().Take(MostPrescribed);

    private IEnumerable<Finding> Findings =>
        run.Diagnosis!.Findings.Where(finding => finding.Severity != Severity.Info);

    /// <summary>
    /// A remedy alone; where the rate is the cause, a change of it also several times, since nobody knows how far off
    /// it is: down to a thousandth, up to a hundred thousand times.
    /// </summary>
    private IEnumerable<Remedy[]> Strengths(Remedy remedy)
    {
        bool isRate = Findings.Any(finding => finding.Cause == CauseIds.LearningRate);
        int most = remedy switch
        {
            LowerLearningRate when isRate => 3,
            RaiseLearningRate when isRate => 5,
            _ => 1,
        };
        return Enumerable.Range(1, most).Select(times => Enumerable.Repeat(remedy, times).ToArray());
    }

    /// <summary>
    /// What can go on from the sick state is also tried from the start: the state may be beyond help.
    /// </summary>
    private static ForkKind[] Starts(Remedy remedy) =>
        remedy.Kind == ForkKind.Continue ? [ForkKind.Continue, ForkKind.Restart] : [ForkKind.Restart];

    /// <summary>A remedy that nobody prescribed: what guessing would have come to.</summary>
    private Candidate? RandomRemedy(List<Candidate> prescribed)
    {
        List<Candidate> others = RemedyCatalogue.All
            .Where(remedy => prescribed.All(p => p.Remedies.Count == 0 || p.Remedies[0].Id != remedy.Id))
            .Select(remedy => Candidate.Of(patient.Experiment, [remedy], "random")).OfType<Candidate>().ToList();
        return others.Count == 0
            ? null
            : others[new RandomKey(patient.Experiment.Seed, "random remedy").Integer(0, others.Count)];
    }

    /// <summary>
    /// The best single remedy with each other one, since what helps alone may still lack its complement, or with its
    /// relatives where it is an activation; and rectifiers
    /// with the initialisation that is made for them: alone, a new activation meets weights scaled for the old one.
    /// Recurrent weights of the right size start well and clipped steps keep them so; neither lasts alone.
    /// </summary>
    private List<Candidate> Pairs(IReadOnlyList<Candidate> singles)
    {
        var pairs = new List<Candidate>();
        foreach (Candidate other in singles.Skip(1)) AddPair(pairs, singles[0], other);
        if (singles.Count > 0) ReplaceByRelatives(pairs, singles[0].Remedies[0]);
        pairs.RemoveAll(pair => singles.Any(single => single.Experiment == pair.Experiment));
        if (singles.FirstOrDefault(single => single.Remedies[0] is ReluActivation) is { } relu
            && Candidate.Of(patient.Experiment, [new HeInit()]) is { } he)
            AddPair(pairs, relu, he);
        if (patient.Experiment.Model.Any(RecurrentRewriting.IsRecurrent)
            && singles.FirstOrDefault(single => single.Remedies[0] is OrthogonalInit) is { } orthogonal
            && singles.FirstOrDefault(single => single.Remedies[0] is ClipNorm) is { } clip)
            AddPair(pairs, orthogonal, clip);
        return pairs;
    }

    /// <summary>
    /// Where a change of activation helps most, its relatives are tried too, in place of the least promising pairs: a
    /// search no longer than others, and no relative where activations are not the matter.
    /// </summary>
    private void ReplaceByRelatives(List<Candidate> pairs, Remedy best)
    {
        Remedy[][] relatives = best switch
        {
            LeakyReluActivation => [[new PreluActivation()], [new RreluActivation()]],
            ReluActivation => [[new SeluActivation()], [new GeluActivation(), new HeInit()]],
            _ => [],
        };
        List<Candidate> found = [.. relatives
            .Select(remedies => Candidate.Of(patient.Experiment, remedies)).OfType<Candidate>()
            .Where(candidate => !Ranking.Knows(candidate)).Take(Math.Max(0, pairs.Count - 1))];
        pairs.RemoveRange(pairs.Count - found.Count, found.Count);
        pairs.AddRange(found);
    }

    /// <summary>
    /// New layers come first and initialisations after them, so that these suit what is there; then what changes how
    /// the training goes on. A set of changes is tried once.
    /// </summary>
    private void AddPair(List<Candidate> pairs, Candidate a, Candidate b)
    {
        (Remedy first, Remedy second) = (a.Remedies[0], b.Remedies[0]);
        if (first.Id == second.Id || (first is InitRemedy && second is InitRemedy)) return;
        if (Turn(first) > Turn(second)) (a, b) = (b, a);
        ForkKind kind = a.Kind == ForkKind.Continue && b.Kind == ForkKind.Continue
            ? ForkKind.Continue
            : ForkKind.Restart;
        if (Candidate.Of(patient.Experiment, [.. a.Remedies, .. b.Remedies], kind: kind) is { } pair
            && pairs.TrueForAll(p => p.Experiment != pair.Experiment || p.Kind != pair.Kind)) pairs.Add(pair);
    }

    private static int Turn(Remedy remedy) => remedy switch
    {
        InitRemedy => 1,
        { Kind: ForkKind.Restart } => 0,
        _ => 2,
    };
}
