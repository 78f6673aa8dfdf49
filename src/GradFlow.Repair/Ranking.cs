using GradFlow.Runs;

namespace GradFlow.Repair;

/// <summary>
/// Ranks what was tried, and says what measurably works: what lies below the control's best by a margin in its worst
/// seed.
/// </summary>
/// <param name="score">What trials are compared by.</param>
internal sealed class Ranking(TrialScore score)
{
    /// <summary>
    /// Each further remedy in a combination must be worth this share of the score, else the simpler one is kept.
    /// </summary>
    private const double PriceOfAnother = 0.05;

    private readonly List<(Candidate Candidate, IReadOnlyList<Trial> Trials)> _entries = [];

    public IEnumerable<Trial> Trials => Ordered().SelectMany(entry => entry.Trials);

    public void Add(IReadOnlyList<Candidate> candidates, IReadOnlyList<Trial> trials)
    {
        int seeds = trials.Count / Math.Max(1, candidates.Count);
        for (int i = 0; i < candidates.Count; i++)
            _entries.Add((candidates[i], trials.Skip(i * seeds).Take(seeds).ToList()));
    }

    /// <summary>True of what has been tried already.</summary>
    public bool Knows(Candidate candidate) => _entries.Any(entry => entry.Candidate.Experiment == candidate.Experiment);

    /// <summary>What measurably works, best first.</summary>
    public IReadOnlyList<Candidate> Working() => Ordered()
        .Where(entry => entry.Candidate.Remedies.Count > 0 && Beats(entry.Candidate, entry.Trials))
        .Select(entry => entry.Candidate).ToList();

    /// <summary>The best of what works, and of what trains the same from the start one.</summary>
    public IEnumerable<Candidate> ToVerify(int most) =>
        Working().DistinctBy(candidate => candidate.Experiment).Take(most);

    /// <summary>The metric of a candidate's forks, their mean; null where there is none.</summary>
    public double? MetricOf(Candidate candidate) =>
        _entries.Find(entry => entry.Candidate == candidate).Trials?.Average(trial => trial.Metric);

    /// <summary>Single remedies of any strength, best first.</summary>
    public IReadOnlyList<Candidate> BestSingles() => Ordered()
        .Where(entry => entry.Candidate.Size == 1)
        .Select(entry => entry.Candidate).ToList();

    private IEnumerable<(Candidate Candidate, IReadOnlyList<Trial> Trials)> Ordered() => _entries
        .OrderBy(entry => Median(entry.Trials) * (1 + PriceOfAnother * Math.Max(0, entry.Candidate.Size - 1)))
        .ThenBy(entry => entry.Candidate.Remedies.Count)
        .ThenBy(entry => entry.Trials.Average(TrialScore.ByLoss.Of)).ThenByDescending(entry => entry.Candidate.Kind);

    private bool Beats(Candidate candidate, IReadOnlyList<Trial> trials)
    {
        if (trials.Any(trial => !double.IsFinite(trial.Loss))) return false;
        IEnumerable<Trial> controls = _entries
            .Where(entry => entry.Candidate.Remedies.Count == 0 && entry.Candidate.Kind == candidate.Kind)
            .SelectMany(entry => entry.Trials);
        double best = controls.Select(score.Of).DefaultIfEmpty(double.PositiveInfinity).Min();
        return trials.Max(score.Of) < score.Limit(best);
    }

    private double Median(IReadOnlyList<Trial> trials)
    {
        double[] scores = trials.Select(score.Of).Order().ToArray();
        return scores.Length % 2 == 1
            ? scores[scores.Length / 2]
            : (scores[scores.Length / 2 - 1] + scores[scores.Length / 2]) / 2;
    }
}
