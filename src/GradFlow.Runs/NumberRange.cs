namespace GradFlow.Runs;

/// <summary>
/// What a number can be. Null was not measured; NaN is undefined, and belongs to all ranges that aren't finite.
/// </summary>
/// <param name="Least">The least.</param>
/// <param name="Most">The most.</param>
/// <param name="Words">What is expected, in words.</param>
internal sealed record NumberRange(double Least, double Most, string Words)
{
    /// <summary>By how much rounding in float32 may carry a share or a cosine beyond its bounds.</summary>
    private const double Rounding = 1e-3;

    public static NumberRange Any { get; } = new(double.NegativeInfinity, double.PositiveInfinity, "any number");

    public static NumberRange Size { get; } = AtLeast(0);

    public static NumberRange Count { get; } = AtLeast(1);

    public static NumberRange Share { get; } = new(-Rounding, 1 + Rounding, "a share from 0 to 1");

    public static NumberRange Accuracy { get; } = new(
        -Rounding, 1 + Rounding, "a share from 0 to 1, as the plan's metricName is accuracy");

    public static NumberRange Cosine { get; } = new(-1 - Rounding, 1 + Rounding, "-1 to 1");

    public static NumberRange Finite { get; } =
        new(double.MinValue, double.MaxValue, "a finite number") { IsFinite = true };

    public static NumberRange FiniteSize { get; } =
        new(0, double.MaxValue, "a finite number from 0") { IsFinite = true };

    private bool IsFinite { get; init; }

    public static NumberRange AtLeast(int least) => new(least, double.PositiveInfinity, $"{least} or more");

    /// <summary>What is wrong with a number, in words; null if nothing is.</summary>
    /// <param name="at">The record that it stands in.</param>
    /// <param name="field">Its field.</param>
    /// <param name="value">The number.</param>
    public string? Problem(string at, string field, double? value) =>
        value is not { } x || Holds(x) ? null : $"{at}{field} is {RunJson.Serialize(x)}; expected {Words}";

    /// <summary>The same of the first of several numbers.</summary>
    public string? Problem(string at, string field, IReadOnlyList<double?>? values)
    {
        for (int i = 0; i < (values?.Count ?? 0); i++)
            if (values![i] is { } x && !Holds(x)) return Problem(at, $"{field}[{i}]", x);
        return null;
    }

    private bool Holds(double x) => double.IsNaN(x) ? !IsFinite : x >= Least && x <= Most;
}
