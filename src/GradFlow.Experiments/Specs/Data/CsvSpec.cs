namespace GradFlow.Experiments;

/// <summary>A table of numbers with a header row.</summary>
[Entry("csv")]
public sealed record CsvSpec : FileDataSpec, IConstrained
{
    /// <summary>The column or columns to predict; all others are inputs.</summary>
    [NotEmpty]
    public required ValueList<string> Target { get; init; }

    /// <summary>The number of classes, with labels 0, 1, …; not given for regression.</summary>
    [Limits(AtLeast = 2, AtMost = 1e5)]
    public int? Classes { get; init; }

    /// <summary>The share of the rows that is kept for testing.</summary>
    [Written]
    [Limits(Above = 0, Below = 1)]
    public double Test { get; init; } = 0.2;

    /// <summary>What is done to the inputs.</summary>
    [Written]
    public ColumnScaling Scale { get; init; }

    SpecProblem? IConstrained.FindProblem()
    {
        if (Target.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1) is { } repeated)
            return new SpecProblem("target", $"'target' in 'csv' names {Words.Quote(repeated.Key)} twice");
        return Classes is not null && Target.Count > 1
            ? new SpecProblem("target", "'target' in 'csv' has several columns, but labels of 'classes' stand in one")
            : null;
    }
}
