using GradFlow.Experiments;

namespace GradFlow.Repair;

/// <summary>A known treatment: a typed change of the experiment.</summary>
public abstract class Remedy
{
    private protected Remedy(string id, ForkKind kind)
    {
        Id = id;
        Kind = kind;
    }

    /// <summary>Its id, such as <c>he-init</c>.</summary>
    public string Id { get; }

    /// <summary>Where a fork that tries it starts.</summary>
    public ForkKind Kind { get; }

    /// <summary>The experiment with the treatment; null where it doesn't apply or would change nothing.</summary>
    public Experiment? Apply(Experiment experiment)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        if (Change(experiment) is not { } changed || changed == experiment) return null;
        return changed.Model == experiment.Model ? changed : PatternRewriting.WithoutStrangers(changed);
    }

    private protected abstract Experiment? Change(Experiment experiment);
}

/// <summary>Where a fork of the training starts.</summary>
public enum ForkKind
{
    /// <summary>At the sick state: the remedy changes how training goes on.</summary>
    Continue,

    /// <summary>At the start: the remedy changes the net, its initial weights or the data.</summary>
    Restart,
}
