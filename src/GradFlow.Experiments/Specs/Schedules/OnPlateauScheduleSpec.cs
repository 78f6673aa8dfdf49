namespace GradFlow.Experiments;

/// <summary>The rate falls where progress stops, by the rules of PyTorch's <c>ReduceLROnPlateau</c>.</summary>
[Entry("on-plateau")]
public sealed record OnPlateauScheduleSpec : ScheduleSpec
{
    /// <summary>What shall improve.</summary>
    [Written]
    public Progress Of { get; init; }

    /// <summary>Training steps between two looks at it; an epoch by default.</summary>
    [Limits(AtLeast = 1, AtMost = 1e9)]
    public int? Every { get; init; }

    /// <summary>What the rate is multiplied by where it doesn't improve.</summary>
    [Written]
    [Limits(Above = 0, Below = 1)]
    public double Factor { get; init; } = 0.1;

    /// <summary>Looks in a row without an improvement that are borne.</summary>
    [Written]
    [Limits(AtLeast = 0, AtMost = 1e9)]
    public int Patience { get; init; } = 10;

    /// <summary>The share of the best value by which a value must be better.</summary>
    [Limits(AtLeast = 0, Below = 1)]
    public double Threshold { get; init; } = 1e-4;

    /// <summary>Looks after a change that don't count.</summary>
    [Limits(AtLeast = 0, AtMost = 1e9)]
    public int Cooldown { get; init; }

    /// <summary>The lowest rate, as a share of the optimiser's.</summary>
    [Limits(AtLeast = 0, AtMost = 1)]
    public double FinalFactor { get; init; }
}

/// <summary>What tells whether a training gets on.</summary>
public enum Progress
{
    /// <summary>The mean loss over the validation data, without regularisers.</summary>
    ValidationLoss,

    /// <summary>The accuracy on the validation data; higher is better.</summary>
    ValidationMetric,

    /// <summary>The mean, since the last look, of the loss that is minimised.</summary>
    TrainingLoss,
}
