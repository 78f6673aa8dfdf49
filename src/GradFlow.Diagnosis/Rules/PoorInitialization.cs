using GradFlow.Runs;

namespace GradFlow.Diagnosis.Rules;

/// <summary>The weights' scale at step 0 makes the signal or the gradient grow or shrink through the layers.</summary>
public sealed class PoorInitialization : Rule
{
    /// <inheritdoc/>
    public override string Id => RuleIds.PoorInitialization;

    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(Evidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.StartFrame is null) yield break;

        double? forward = SignalGrowth.Of(evidence);
        // Residual sums that make the gradient grow make the signal grow too, at any scale of the weights.
        bool isForward = evidence.TroubleCause != CauseIds.ResidualScale
            && forward is { } growth && Math.Abs(growth) >= evidence.Thresholds.ForwardDecades;
        bool isBackward = evidence.TroubleCause == CauseIds.WeightScale;
        bool isConstant = evidence.Fails && HiddenWeights(evidence).Any(IsConstant);
        if (!isForward && !isBackward && !isConstant) yield break;

        Severity healthy = evidence.Learning.State == LearningState.Learned ? Severity.Info : Severity.Warning;
        yield return new Finding(
            Id, CauseIds.WeightScale, isConstant ? Severity.Critical : healthy, Where(evidence), 0,
            Numbers(evidence, forward), Explain(evidence, isForward ? forward : null, isBackward, isConstant),
            Prescription.For(Id, CauseIds.WeightScale, evidence.Flow?.Attribution.Activation));
    }

    /// <summary>A single unit has no copies, and the spread of a single number is always 0.</summary>
    private static bool IsConstant(ParameterInfo weight) => weight is { InitialStd: 0, FanOut: > 1 };

    private static IEnumerable<ParameterInfo> HiddenWeights(Evidence evidence) =>
        evidence.Structure.Parameters.Where(p => p.Role == "weight" && p.FanIn > 0 && !p.IsFrozen);

    /// <summary>The middle σw = std·√fan-in over the weights; null where the drawn values weren't recorded.</summary>
    private static double? Sigma(Evidence evidence)
    {
        double[] sorted = [.. HiddenWeights(evidence).Where(weight => weight.InitialStd is not null)
            .Select(weight => weight.InitialStd!.Value * Math.Sqrt(weight.FanIn)).Order()];
        return sorted.Length > 0 ? sorted[sorted.Length / 2] : null;
    }

    private static LayerSpan? Where(Evidence evidence) => evidence.Flow?.Layers.Span;

    private static Dictionary<string, double> Numbers(Evidence evidence, double? forward)
    {
        Dictionary<string, double> numbers = [];
        if (Sigma(evidence) is { } sigma) numbers["sigmaW"] = sigma;
        if (evidence.Flow?.Attribution.Critical is { IsUsable: true } critical)
            numbers["criticalSigma"] = critical.SigmaW;
        if (forward is { } decades) numbers["forwardDecades"] = decades;
        if (evidence.Flow is { } flow) numbers["decadesPerLayer"] = flow.First.DecadesPerLayer;
        return numbers;
    }

    private static string Explain(Evidence evidence, double? forward, bool isBackward, bool isConstant)
    {
        if (isConstant)
            return "A layer's weights all start with the same value, so its units stay copies of each other.";
        List<string> sentences = [];
        if (Sigma(evidence) is { } sigma)
            sentences.Add($"The weights start at σw = {InWords.Number(sigma)} (standard deviation times √fan-in)"
                + $"{Need(evidence)}.");
        if (isBackward && evidence.Flow!.First.DecadesPerLayer is var slope)
            sentences.Add(double.IsFinite(slope)
                ? $"The gradient {InWords.Change(slope)} decades per layer at step 0."
                : "No gradient passes them at step 0.");
        if (forward is { } decades)
            sentences.Add($"The signal {(decades > 0 ? "grows" : "shrinks")} by {InWords.Decades(decades)} decades "
                + "from the first layer to the last at step 0.");
        return string.Join(" ", sentences);
    }

    private static string Need(Evidence evidence) =>
        evidence.Flow?.Attribution is { Critical: { IsUsable: true } critical } gains
            ? $" where {InWords.Activation(gains.Activation)} needs {InWords.Number(critical.SigmaW)}"
            : "";
}
