namespace GradFlow.Runs;

/// <summary>The names of the kinds of records, in the database and in JSON lines.</summary>
internal static class RecordKinds
{
    internal const string Header = "header";
    internal const string Step = "step";
    internal const string Frame = "frame";
    internal const string Evaluation = "evaluation";
    internal const string NonFinite = "non-finite";
    internal const string Forecast = "forecast";
    internal const string Diagnosis = "diagnosis";
    internal const string Repair = "repair";
    internal const string ByLength = "by-length";
    internal const string Order = "order";
    internal const string End = "end";

    /// <summary>Those of which a run has at most one.</summary>
    internal static IReadOnlyList<string> Single { get; } =
        [Header, NonFinite, Forecast, Diagnosis, Repair, ByLength, Order, End];
}
