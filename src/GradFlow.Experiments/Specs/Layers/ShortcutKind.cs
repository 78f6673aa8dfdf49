namespace GradFlow.Experiments;

/// <summary>What lies beside a residual branch that changes the shape.</summary>
public enum ShortcutKind
{
    /// <summary>The input itself; the branch must keep the shape.</summary>
    Identity,

    /// <summary>A learned product with it, of images at every stride-th place.</summary>
    Projection,

    /// <summary>The input with zeros for what it lacks, of images at every stride-th place.</summary>
    ZeroPadding,
}
