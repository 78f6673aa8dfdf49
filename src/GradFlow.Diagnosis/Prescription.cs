using GradFlow.Diagnosis.Lags;
using GradFlow.Runs;

namespace GradFlow.Diagnosis;

/// <summary>Remedy ids for a disease and its cause, most promising first; trials decide which of them works.</summary>
internal static class Prescription
{
    public static IReadOnlyList<string> For(string rule, string cause, string? activation = null) => rule switch
    {
        RuleIds.VanishingGradient => ForVanishing(cause, activation),
        RuleIds.ExplodingGradient => ForExploding(cause, activation),
        RuleIds.NonFinite => ForNonFinite(cause, activation),
        RuleIds.DeadUnits => ForDeadUnits(cause, activation),
        RuleIds.SaturatedUnits => ForSaturatedUnits(cause),
        RuleIds.OutputMismatch => ["fix-output", "lower-learning-rate"],
        RuleIds.PoorInitialization => [Init(activation), "orthogonal-init", "lsuv-init", "batch-norm", "layer-norm"],
        _ => ForNoLearning(cause, activation),
    };

    /// <summary>
    /// Remedies for a gradient's way back through time, without what the layer has already or what is known to be vain.
    /// </summary>
    public static IReadOnlyList<string> ThroughTime(Evidence evidence)
    {
        TimeFlow flow = evidence.ThroughTime!;
        string cause = evidence.TimeTroubleCause!;
        string[] amiss =
        [
            .. flow.Judged.Layer.Type == "irnn"
                ? ["identity-init", "orthogonal-init", "leaky-units", "time-skips"]
                : Array.Empty<string>(),
            .. ClipPressure.IsVain(flow, cause, evidence) ? ["clip-norm", "clip-value"] : Array.Empty<string>(),
        ];
        return [.. AllThroughTime(flow, cause).Except(amiss)];
    }

    private static IReadOnlyList<string> AllThroughTime(TimeFlow flow, string cause)
    {
        bool isGated = flow.Judged.GateDecades is not null || flow.Judged.Layer is { Activation: null };
        return (flow.Trouble, cause) switch
        {
            // Truncation ends the gradient of states; attention has none, and sees all of the sequence directly.
            (TimeTrouble.Cut, _) => ["truncated-bptt", "attention", "transformer"],
            (_, CauseIds.DataScale) => ["scale-data", "lower-learning-rate", "clip-norm"],
            (TimeTrouble.Explodes, CauseIds.LearningRate) =>
                ["lower-learning-rate", "warm-up", "clip-norm", "clip-value", "layer-norm", "gru", "lstm"],
            (TimeTrouble.Explodes, _) when isGated =>
                ["orthogonal-init", "clip-norm", "lower-learning-rate", "truncated-bptt"],
            (TimeTrouble.Explodes, _) =>
            [
                "orthogonal-init", "identity-init", "gru", "lstm", "layer-norm", "clip-norm", "lower-learning-rate",
                "truncated-bptt", "clip-value",
            ],
            (_, CauseIds.LearningRate) => ["lower-learning-rate", "clip-norm", "gru", "lstm"],
            (_, _) when flow.Judged.Layer.CarrierName() != "gates" =>
                ["leaky-units", "gru", "lstm", "orthogonal-init", "attention", "transformer", "pretrain"],
            (_, _) when flow.Judged.Layer.Type == "gru" =>
                ["forget-bias", "lstm", "orthogonal-init", "attention", "transformer", "pretrain"],
            (_, _) when isGated => ["forget-bias", "gru", "orthogonal-init", "attention", "transformer", "pretrain"],
            _ =>
            [
                "gru", "lstm", "identity-init", "orthogonal-init", "leaky-units", "time-skips", "layer-norm",
                "attention", "transformer", "echo-state", "pretrain",
            ],
        };
    }

    /// <summary>The remedy for windows of attention that end too soon: none.</summary>
    public static IReadOnlyList<string> ForShortReach { get; } = ["attention"];

    private static IReadOnlyList<string> ForVanishing(string cause, string? activation) => cause switch
    {
        CauseIds.Activation => ["relu", "he-init", "batch-norm", "layer-norm", "residual", "scaled-residual"],
        CauseIds.WeightScale =>
            [Init(activation), "orthogonal-init", "lsuv-init", "batch-norm", "layer-norm", "scaled-residual"],
        CauseIds.LearningRate => ["lower-learning-rate", "warm-up", "clip-norm", "leaky-relu", "batch-norm"],
        CauseIds.DataScale => ["scale-data", "batch-norm", "layer-norm"],
        CauseIds.Recurrence => ["orthogonal-init", "layer-norm", "residual"],
        _ => ["residual", "scaled-residual", "orthogonal-init", Init(activation), "batch-norm", "layer-norm", "adam"],
    };

    private static IReadOnlyList<string> ForExploding(string cause, string? activation) => cause switch
    {
        CauseIds.Normalization => ["residual", "layer-norm", "lower-learning-rate", "clip-norm", "adaptive-clip"],
        CauseIds.ResidualScale =>
            ["scaled-residual", "layer-norm", "lower-learning-rate", "clip-norm", "adaptive-clip"],
        CauseIds.LearningRate => ["lower-learning-rate", "warm-up", "clip-norm", "layer-norm", "weight-norm"],
        CauseIds.Depth =>
            ["orthogonal-init", "layer-norm", "batch-norm", "clip-norm", "lower-learning-rate", "adaptive-clip",
                "adam"],
        CauseIds.Recurrence => ["orthogonal-init", "lstm", "gru", "clip-norm", "lower-learning-rate"],
        _ => [Init(activation), "orthogonal-init", "batch-norm", "layer-norm", "scaled-residual", "clip-norm",
            "lower-learning-rate"],
    };

    private static IReadOnlyList<string> ForNonFinite(string cause, string? activation) => cause switch
    {
        CauseIds.LearningRate => ["lower-learning-rate", "warm-up", "clip-norm", "adaptive-clip"],
        CauseIds.DataScale => ["scale-data", "batch-norm", "lower-learning-rate", "clip-norm"],
        CauseIds.LossOrOutput => ["fix-output", "lower-learning-rate", "clip-norm"],
        _ => ForExploding(cause, activation),
    };

    private static IReadOnlyList<string> ForDeadUnits(string cause, string? activation) => cause switch
    {
        CauseIds.LearningRate => ["lower-learning-rate", "warm-up", Sloped(activation), "batch-norm", "clip-norm"],
        CauseIds.DataScale => ["scale-data", "batch-norm", Sloped(activation)],
        _ => ["he-init", Sloped(activation), "batch-norm", "layer-norm"],
    };

    /// <summary>An activation in place of one whose slope is 0 somewhere.</summary>
    private static string Sloped(string? activation) => activation is "relu6" or "hard-tanh" ? "gelu" : "leaky-relu";

    private static IReadOnlyList<string> ForSaturatedUnits(string cause) => cause switch
    {
        CauseIds.LearningRate =>
            ["lower-learning-rate", "warm-up", "clip-norm", "batch-norm", "layer-norm", "weight-decay"],
        CauseIds.DataScale => ["scale-data", "batch-norm", "layer-norm"],
        _ => ["xavier-init", "orthogonal-init", "batch-norm", "layer-norm", "relu"],
    };

    private static IReadOnlyList<string> ForNoLearning(string cause, string? activation) => cause switch
    {
        CauseIds.LearningRate =>
            ["raise-learning-rate", "lower-learning-rate", "warm-up", "batch-norm", "schedule", "adam"],
        CauseIds.DataScale => ["scale-data", "batch-norm", "layer-norm", "lower-learning-rate"],
        CauseIds.LossOrOutput => ["fix-output", Init(activation), "lower-learning-rate", "warm-up"],
        _ => ForVanishing(cause, activation),
    };

    /// <summary>
    /// Rectifiers need He's factor of 2 for their silent half; bounded activations need Xavier's 1; others what theory
    /// finds for them, where it finds something.
    /// </summary>
    private static string Init(string? activation) => activation switch
    {
        "tanh" or "sigmoid" or "softsign" or "hard-tanh" => "xavier-init",
        "elu" or "selu" or "prelu" or "rrelu" => "critical-gain",
        _ => "he-init",
    };
}
