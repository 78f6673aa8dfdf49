using GradFlow.Experiments;

namespace GradFlow.Repair;

/// <summary>A change of one cause and nothing else, made to see whether the symptom goes away; not a remedy.</summary>
internal abstract class Intervention(string cause, string description)
{
    /// <summary>The cause that it changes.</summary>
    public string Cause { get; } = cause;

    /// <summary>What it does, in words.</summary>
    public string Description { get; } = description;

    /// <summary>The experiment with the cause changed; null where it can't be.</summary>
    public abstract Experiment? Apply(Experiment experiment);
}
