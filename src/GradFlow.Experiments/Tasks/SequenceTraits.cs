namespace GradFlow.Experiments;

/// <summary>What is known of sequences beside their inputs and what is to be predicted of them.</summary>
public sealed record SequenceTraits
{
    /// <summary>
    /// The time steps of each sample that hold data, padding lies behind them; null where all samples are whole.
    /// </summary>
    public int[]? Lengths { get; init; }

    /// <summary>
    /// Of sequences with a label at every time step: how many at the end of each the accuracy counts.
    /// </summary>
    public int Judged { get; init; } = 1;

    /// <summary>
    /// Of sequences with a label at every time step: the sum of the cross-entropies over one of them, in nats, of the
    /// best prediction that knows the time step and no input; null takes the best constant prediction instead.
    /// </summary>
    public double? BaselineNats { get; init; }

    /// <summary>
    /// Of sequences with something to predict at every time step: true where that is what the inputs of later steps
    /// show, so that a layer that sees these would copy it.
    /// </summary>
    public bool TargetsAreLaterInputs { get; init; }

    /// <summary>What doesn't fit the samples; null if all does.</summary>
    internal string? FindProblem(Dataset data)
    {
        int steps = data.InputShape[0];
        if (Judged < 1 || Judged > steps) return $"judge {Judged} of {steps} time steps";
        if (Lengths is null) return null;
        if (data.InputShape.Length != 2) return "have lengths for samples that are no sequences";
        if (Lengths.Length != data.Count) return $"have {Lengths.Length} lengths for {data.Count} samples";
        int wrong = Array.FindIndex(Lengths, length => length < 1 || length > steps);
        return wrong < 0 ? null : $"have length {Lengths[wrong]} for a sequence of {steps} time steps";
    }
}
