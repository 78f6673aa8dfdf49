using GradFlow.Diagnosis;
using GradFlow.Runs;

namespace GradFlow;

/// <summary>Judges a training while it goes on, and tells each finding once, and again when it is graver.</summary>
/// <param name="found">Who is told; null for nobody.</param>
internal sealed class FindingLog(Action<Finding>? found)
{
    /// <summary>A judgement reads the whole record, so the next one waits until that has grown by this share.</summary>
    private const double Growth = 0.25;

    private readonly Dictionary<(string Rule, string Cause), Severity> _told = [];
    private int _next = 1;

    /// <summary>The latest judgement; null before the first.</summary>
    public DiagnosisResult? Latest { get; private set; }

    /// <summary>Whether more training would not have changed the verdict when last asked.</summary>
    public bool IsSettled { get; private set; }

    /// <summary>Whether so many steps are worth a judgement; no clock decides, so that runs can be repeated.</summary>
    public bool IsDue(int steps) => steps >= _next;

    /// <summary>Judges what has been recorded.</summary>
    /// <returns>What has not been told yet, or is graver than it was told.</returns>
    public IReadOnlyList<Finding> Judge(Run run)
    {
        DiagnosisResult judged = Diagnostician.Judge(run);
        // Only another training could confirm a cause, and a loop that isn't ours can't be run again from here.
        Latest = judged with
        {
            Findings = [.. judged.Findings.Select(f => f with { Confirmation = Confirmation.Unconfirmed })],
        };
        IsSettled = Diagnostician.IsSettled(run);
        _next = Math.Max(run.Steps.Count + 1, (int)Math.Ceiling((1 + Growth) * run.Steps.Count));
        return [.. Latest.Findings.Where(IsNews)];
    }

    /// <summary>Tells findings, after all else is done: whoever listens may throw.</summary>
    public void Tell(IReadOnlyList<Finding> findings)
    {
        foreach (Finding finding in findings) _told[(finding.Rule, finding.Cause)] = finding.Severity;
        foreach (Finding finding in findings) found?.Invoke(finding);
    }

    private bool IsNews(Finding finding) =>
        !_told.TryGetValue((finding.Rule, finding.Cause), out Severity told) || finding.Severity > told;
}
