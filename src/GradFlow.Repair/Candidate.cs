using GradFlow.Experiments;

namespace GradFlow.Repair;

/// <summary>Something to try on forks.</summary>
/// <param name="Remedies">The remedies in it, in the order applied; empty for a control.</param>
/// <param name="Kind">Where its forks start.</param>
/// <param name="Experiment">What its forks train.</param>
/// <param name="Role"><c>candidate</c>, <c>control</c> or <c>random</c>.</param>
internal sealed record Candidate(IReadOnlyList<Remedy> Remedies, ForkKind Kind, Experiment Experiment, string Role)
{
    public const string Control = "control";

    public string Name => Remedies.Count == 0 ? Control : string.Join("+", Remedies.Select(r => r.Id));

    /// <summary>Remedies applied one after the other; null where one of them doesn't apply.</summary>
    public static Candidate? Of(Experiment experiment, IReadOnlyList<Remedy> remedies, string role = "candidate")
    {
        Experiment? changed = experiment;
        foreach (Remedy remedy in remedies) changed = changed is null ? null : remedy.Apply(changed);
        ForkKind kind = remedies.Any(r => r.Kind == ForkKind.Restart) ? ForkKind.Restart : ForkKind.Continue;
        return changed is null ? null : new Candidate(remedies, kind, changed, role);
    }
}
