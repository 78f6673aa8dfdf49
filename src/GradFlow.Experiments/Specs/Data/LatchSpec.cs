namespace GradFlow.Experiments;

/// <summary>One of two classes is shown by the first inputs, around 1 or around −1, then comes noise; the class is to
/// be told at the end (Bengio, Simard and Frasconi 1994).</summary>
[Entry("latch")]
public sealed record LatchSpec : SequenceDataSpec, IConstrained
{
    /// <summary>Time steps; of <c>[100, 110]</c> each sequence has its own number from 100 to 110.</summary>
    [Written]
    [Limits(AtLeast = 2, AtMost = 10_000)]
    public LengthRange Length { get; init; } = 50;

    /// <summary>Time steps at the start that show the class.</summary>
    [Written]
    [Limits(AtLeast = 1, AtMost = 1000)]
    public int Shown { get; init; } = 3;

    /// <summary>Standard deviation of the noise, at every step.</summary>
    [Written]
    [Limits(AtLeast = 0, AtMost = 10)]
    public double Noise { get; init; } = 0.2;

    /// <summary>
    /// Standard deviation of the noise once the class has been shown, where it differs: with 0 nothing comes between
    /// what was shown and its end. As <c>noise</c> where it is left out.
    /// </summary>
    [Limits(AtLeast = 0, AtMost = 10)]
    public double? LaterNoise { get; init; }

    /// <inheritdoc/>
    public override int? LongestDependency => Length.Max - Shown;

    /// <inheritdoc/>
    internal override int? OnlyLength => Length.IsFixed ? Length.Min : null;

    /// <inheritdoc/>
    internal override SequenceDataSpec? OfLength(int length) => this with { Length = length };

    SpecProblem? IConstrained.FindProblem() => Shown >= Length.Min
        ? new SpecProblem("shown", $"'shown' in 'latch' is {Shown} of {Words.Count(Length.Min, "step")}; "
            + "expected fewer")
        : FindExcess("length", Length.Max);
}
