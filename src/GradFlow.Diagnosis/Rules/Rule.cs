using GradFlow.Runs;

namespace GradFlow.Diagnosis.Rules;

/// <summary>Looks for one disease in the records of a run.</summary>
/// <remarks>
/// Rules give a finding <see cref="Severity.Critical"/> only where the training fails (<see cref="Evidence.Fails"/>)
/// and the finding can explain it. Whether the whole is sick is decided elsewhere.
/// </remarks>
public abstract class Rule
{
    /// <summary>The rule's id (<see cref="RuleIds"/>), which also names its page under <c>docs/rules</c>.</summary>
    public abstract string Id { get; }

    /// <summary>What the rule finds; nothing where the disease is absent or the records don't show it.</summary>
    /// <param name="evidence">The run to judge.</param>
    /// <returns>Its findings, with the numbers that they rest on.</returns>
    public abstract IEnumerable<Finding> Judge(Evidence evidence);
}
