namespace GradFlow.Experiments;

/// <summary>
/// The linear recurrent unit (Orvieto et al. 2023): s = λ·s of the step before + γ·B·x in complex numbers that don't
/// mix, and Re(C·s) + D·x; λ begins uniform on a ring of the complex plane and stays inside of the unit circle.
/// </summary>
[Entry("lru")]
public sealed record LruSpec : LayerSpec, IConstrained
{
    /// <summary>The number of outputs per time step.</summary>
    [Shorthand]
    [Limits(AtLeast = 1, AtMost = 1e4)]
    public required int Out { get; init; }

    /// <summary>The complex numbers in the state; as many as outputs where it is left out.</summary>
    [Limits(AtLeast = 1, AtMost = 1e4)]
    public int? States { get; init; }

    /// <summary>The smallest |λ| at the start.</summary>
    [Written]
    [Limits(AtLeast = 0, Below = 1)]
    public double InnerRadius { get; init; } = 0.9;

    /// <summary>The largest |λ| at the start: a state fades by at least this per time step.</summary>
    [Written]
    [Limits(Above = 0, Below = 1)]
    public double OuterRadius { get; init; } = 0.999;

    /// <summary>The largest angle of λ at the start, in radians.</summary>
    [Limits(Above = 0, AtMost = Math.PI * 2)]
    public double MaxPhase { get; init; } = Math.PI * 2;

    /// <summary>Complex numbers in the state.</summary>
    internal int StateCount => States ?? Out;

    SpecProblem? IConstrained.FindProblem() => InnerRadius < OuterRadius
        ? null
        : new SpecProblem(
            "outer-radius", $"'outer-radius' is {OuterRadius}, but 'inner-radius' is {InnerRadius}; expected more");
}
