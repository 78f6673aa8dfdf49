namespace GradFlow.Experiments;

/// <summary>Time series, of which a number is to be predicted at every time step.</summary>
public abstract record SeriesSpec : SequenceDataSpec, IConstrained
{
    /// <summary>Time steps of each sequence.</summary>
    [Written]
    [Limits(AtLeast = 2, AtMost = 1e6)]
    public int Length { get; init; } = 200;

    /// <summary>Time steps at each start that nothing is asked at, since the net has seen too little.</summary>
    [Written]
    [Limits(AtLeast = 0, AtMost = 1e6)]
    public int Washout { get; init; } = 20;

    /// <inheritdoc/>
    internal sealed override int? OnlyLength => null;

    /// <inheritdoc/>
    internal sealed override SequenceDataSpec? OfLength(int length) => null;

    SpecProblem? IConstrained.FindProblem() => Washout >= Length
        ? new SpecProblem(
            "washout", $"'washout' in '{EntryName}' is {Washout} of {Words.Count(Length, "step")}; expected fewer")
        : FindExcess("length", 2.0 * Length) ?? FindOwnProblem();

    /// <summary>What is wrong with a task's own keys; null if nothing is.</summary>
    private protected abstract SpecProblem? FindOwnProblem();
}
