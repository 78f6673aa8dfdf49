using GradFlow.Runs;

namespace GradFlow.Diagnosis.Gains;

/// <summary>Says in plain words how a gradient vanishes or explodes, and why.</summary>
internal sealed class GainWording(GradientFlow flow, string cause, Evidence evidence)
{
    private readonly GainAttribution _gains = flow.Attribution;
    private readonly bool _vanishes = flow.LogRatio < 0;

    /// <summary>What was measured: <paramref name="subject"/> is <c>The gradient</c> or <c>It</c>.</summary>
    public string Measure(string subject)
    {
        string since = $"from step {flow.SinceStep(evidence.Thresholds)} on";
        (int first, int last) = (flow.Layers.First.Layer, flow.Layers.Last.Layer);
        if (double.IsNegativeInfinity(flow.LogRatio))
            return $"{subject} is exactly zero at layer {first}, while layer {last} receives some, {since}.";
        (string verb, string link) = _vanishes ? ("loses", "of") : ("grows by", "times");
        return $"{subject} {verb} {InWords.Decades(flow.DecadesPerLayer)} decades per layer: layer {first} receives "
            + $"{InWords.Factor(flow.LogRatio)} {link} what layer {last} does, {since}.";
    }

    /// <summary>The cause with its numbers, without a verb: <c>the sigmoid's slope (97 % of the decay)</c>.</summary>
    public string Cause => cause switch
    {
        CauseIds.Activation => $"the {InWords.Activation(_gains.Activation)}'s slope{OfWhole(LinkKind.Activation)}",
        CauseIds.WeightScale when double.IsNegativeInfinity(_gains.Decades(LinkKind.Weights)) =>
            "weights that are zero",
        CauseIds.WeightScale when double.IsNegativeInfinity(_gains.Decades(LinkKind.Activation)) =>
            "units whose slope is 0 for every sample, since weights and biases start on the wrong side",
        CauseIds.WeightScale => $"{Weights}{OfWhole(LinkKind.Weights)}",
        CauseIds.Normalization => $"the normalisation layers{OfWhole(LinkKind.Normalization)}",
        CauseIds.ResidualScale => $"the residual sums{OfWhole(LinkKind.Skip)}",
        CauseIds.Recurrence => $"the recurrent weights{OfWhole(LinkKind.Recurrence)}",
        CauseIds.Depth => $"the depth of {evidence.Structure.Depth} layers, each of which changes it by "
            + $"{InWords.Decades(flow.DecadesPerLayer)} decades only",
        CauseIds.DataScale when !evidence.HasUnscaledInputs && evidence.HasUnscaledTargets =>
            $"targets of variance {InWords.Number(evidence.Plan.BaselineLoss!.Value)}, whose errors make large steps",
        CauseIds.DataScale => $"inputs of root mean square {InWords.Number(evidence.Plan.InputRms ?? double.NaN)}, "
            + "which drive the units onto their flat ends",
        CauseIds.LossOrOutput => $"{evidence.Shrinker!.Value.Name}, which takes the weights away",
        _ when !evidence.HasLargeSteps => "the training itself, most likely by steps that are too large",
        _ => "steps so large that the training brought it about",
    };

    /// <summary>The cause as a sentence of its own.</summary>
    public string CauseSentence
    {
        get
        {
            string whole = _vanishes ? "decay" : "growth";
            string? bound = _gains.Activation == "sigmoid" ? ", which is at most ¼" : null;
            if (cause == CauseIds.Activation && Share(LinkKind.Activation) is { } share)
                return $"{share} of the {whole} is the {InWords.Activation(_gains.Activation)}'s slope{bound}.";
            if (cause == CauseIds.LearningRate)
                return $"At step {flow.First.Frame.Step} it was sound, with {InWords.Decades(flow.First.LogRatio)} "
                    + "decades in all; the training brought it about, "
                    + (evidence.HasLargeSteps
                        ? "with steps that are too large."
                        : "most likely with steps that are too large, which the records do not prove.");
            return $"The cause is {Cause}.{Bars}";
        }
    }

    private string Weights
    {
        get
        {
            string size = _vanishes && _gains.Excess(LinkKind.Weights) <= 0 ? "too small" : "too large";
            string have = _gains.WeightGain is { } gain ? $", with a gain of {InWords.Number(gain)} per layer" : "";
            string need = have.Length > 0 && _gains.Critical is { IsUsable: true } critical
                ? $" where {InWords.Activation(_gains.Activation)} needs {InWords.Number(critical.SigmaW)}"
                : "";
            return $"weights that are {size}{have}{need}";
        }
    }

    /// <summary>
    /// Where the measured decay sits in the activation although the weights are to blame: how the two belong together.
    /// </summary>
    private string Bars =>
        cause == CauseIds.WeightScale && _vanishes && _gains.Excess(LinkKind.Weights) is < 0 and var excess
        && _gains.Critical is { IsUsable: true } && double.IsFinite(excess)
        && _gains.Decades(LinkKind.Activation) is var taken && double.IsFinite(taken)
            && taken < _gains.Decades(LinkKind.Weights)
            ? $" Measured, the {InWords.Activation(_gains.Activation)} takes {PerLayer(taken)} decades per layer, "
                + $"which critical weights would give back; these are {PerLayer(excess)} short of it."
            : "";

    private string PerLayer(double decades) => InWords.Decades(decades / _gains.WeightLayers);

    private string OfWhole(LinkKind kind) =>
        Share(kind) is { } share ? $" ({share} of the {(_vanishes ? "decay" : "growth")})" : "";

    /// <summary>A share that reads well: none where it says little, all where kinds work against each other.</summary>
    private string? Share(LinkKind kind) =>
        _gains.Share(kind) is var share and > 0.05 ? InWords.Percent(Math.Min(1, share)) : null;
}
