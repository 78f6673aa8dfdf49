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

    /// <summary>
    /// The ids of its remedies, joined by <c>+</c>; a change of the rate that is made n times has <c>×10ⁿ</c> behind
    /// it.
    /// </summary>
    public string Name => Remedies.Count == 0
        ? Control
        : string.Join("+", Remedies.GroupBy(r => r.Id).Select(
            g => g.Count() == 1 ? g.Key : $"{g.Key}×{Math.Pow(10, g.Count())}"));

    /// <summary>Its name for a sentence, with what becomes of a window of truncated back-propagation.</summary>
    public string Told
    {
        get
        {
            string name = Name.Replace("+", " + ", StringComparison.Ordinal);
            if (!Remedies.Any(remedy => remedy is TruncatedBptt)) return name;
            string window = Experiment.Training.Truncate is { Reach: var steps }
                ? $"back-propagate through {steps} time steps"
                : "back-propagate through the whole sequence";
            return $"{name} ({window})";
        }
    }

    /// <summary>How many different remedies it holds.</summary>
    public int Size => Remedies.Select(remedy => remedy.Id).Distinct().Count();

    /// <summary>Remedies applied one after the other; null where one of them doesn't apply.</summary>
    /// <param name="experiment">What they are applied to.</param>
    /// <param name="remedies">The remedies.</param>
    /// <param name="role"><c>candidate</c> or <c>random</c>.</param>
    /// <param name="kind">
    /// Where forks start; null for where the remedies want it, which is the start if one does.
    /// </param>
    public static Candidate? Of(
        Experiment experiment, IReadOnlyList<Remedy> remedies, string role = "candidate", ForkKind? kind = null)
    {
        Experiment? changed = experiment;
        foreach (Remedy remedy in remedies) changed = changed is null ? null : remedy.Apply(changed);
        kind ??= remedies.Any(r => r.Kind == ForkKind.Restart) ? ForkKind.Restart : ForkKind.Continue;
        return changed is null ? null : new Candidate(remedies, kind.Value, changed, role);
    }
}
