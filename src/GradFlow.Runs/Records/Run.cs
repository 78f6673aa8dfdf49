namespace GradFlow.Runs;

/// <summary>Everything that a run has recorded, in memory: what rules judge and the page draws.</summary>
/// <param name="Header">What was known before the first step.</param>
/// <param name="Steps">Every step, in order.</param>
/// <param name="Frames">The closely watched steps, in order.</param>
/// <param name="Evaluations">The judgements on whole splits, in order.</param>
/// <param name="NonFinite">
/// Where the first non-finite number came from; null if all was finite or it wasn't found.
/// </param>
/// <param name="Forecast">What theory expected; null if it wasn't asked.</param>
/// <param name="Diagnosis">The verdict with its findings; null before one was made.</param>
/// <param name="Repair">What was tried and kept; null if nothing was.</param>
/// <param name="End">How the run ended; null while it runs or where it was killed.</param>
public sealed record Run(
    RunHeader Header,
    IReadOnlyList<StepRecord> Steps,
    IReadOnlyList<Frame> Frames,
    IReadOnlyList<Evaluation> Evaluations,
    NonFiniteOrigin? NonFinite = null,
    Forecast? Forecast = null,
    DiagnosisResult? Diagnosis = null,
    RepairResult? Repair = null,
    RunEnd? End = null)
{
    /// <summary>The net judged by the length of sequences, at the end; null where that has no meaning.</summary>
    public LossByLength? ByLength { get; init; }

    /// <summary>
    /// What the order of the time steps means to the net, at the end; null where it reads no sequences of three steps
    /// or more, where its output doesn't depend on what comes before the last one, or where nobody measured it.
    /// </summary>
    public OrderEffect? Order { get; init; }
}

/// <summary>How a run ended.</summary>
/// <param name="Reason">
/// <c>completed</c> (all steps), <c>verdict</c> (stopped since the verdict stood), <c>early-stop</c> (the validation
/// loss had stopped improving), <c>non-finite</c> or <c>interrupted</c> (by the user).
/// </param>
/// <param name="Seconds">Wall-clock time of the training, all its parts together where it was resumed.</param>
/// <param name="WatchShare">Share of that time spent on watching, from 0 to 1; null if not measured.</param>
/// <param name="BestStep">
/// Steps taken when the net was at its best, to which an early stop has put it back; null elsewhere. The last
/// evaluations are then of that net.
/// </param>
/// <param name="TimedFrom">
/// Steps taken before the time began to count, as it does anew after a kill, which leaves no time; null where it counts
/// all.
/// </param>
public sealed record RunEnd(
    string Reason, double Seconds, double? WatchShare, int? BestStep = null, int? TimedFrom = null);
