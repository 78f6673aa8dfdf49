namespace GradFlow.Runs;

/// <summary>The names of the diseases that rules look for.</summary>
public static class RuleIds
{
    /// <summary>The gradient shrinks geometrically on its way back.</summary>
    public const string VanishingGradient = "vanishing-gradient";

    /// <summary>The gradient grows geometrically on its way back.</summary>
    public const string ExplodingGradient = "exploding-gradient";

    /// <summary>
    /// The gradient shrinks geometrically on its way back through the time steps of a recurrent layer.
    /// </summary>
    public const string VanishingThroughTime = "vanishing-through-time";

    /// <summary>The gradient grows geometrically on its way back through the time steps of a recurrent layer.</summary>
    public const string ExplodingThroughTime = "exploding-through-time";

    /// <summary>A loss, activation, gradient or weight is NaN or infinite.</summary>
    public const string NonFinite = "non-finite";

    /// <summary>Units whose slope is 0 for every sample.</summary>
    public const string DeadUnits = "dead-units";

    /// <summary>Units of a bounded activation that sit on its flat ends.</summary>
    public const string SaturatedUnits = "saturated-units";

    /// <summary>The signal or gradient scale is wrong from the first step on.</summary>
    public const string PoorInitialization = "poor-initialization";

    /// <summary>A last activation that does not fit the loss.</summary>
    public const string OutputMismatch = "output-mismatch";

    /// <summary>The output does not depend on the order of the time steps before the last.</summary>
    public const string OrderBlindness = "order-blindness";

    /// <summary>The loss does not leave that of a constant prediction.</summary>
    public const string NoLearning = "no-learning";
}

/// <summary>The names of the causes that findings give.</summary>
public static class CauseIds
{
    /// <summary>The non-linearity's slope.</summary>
    public const string Activation = "activation";

    /// <summary>The size of the weights.</summary>
    public const string WeightScale = "weight-scale";

    /// <summary>The number of layers.</summary>
    public const string Depth = "depth";

    /// <summary>The recurrent weights, or the gates that carry a state on.</summary>
    public const string Recurrence = "recurrence";

    /// <summary>What time steps see of each other: the windows of attention, and whether it tells their places.
    /// </summary>
    public const string Attention = "attention";

    /// <summary>A normalisation layer.</summary>
    public const string Normalization = "normalization";

    /// <summary>The size of residual branches.</summary>
    public const string ResidualScale = "residual-scale";

    /// <summary>The step size.</summary>
    public const string LearningRate = "learning-rate";

    /// <summary>Clipping that takes nearly all of every gradient.</summary>
    public const string Clipping = "clipping";

    /// <summary>The scale of the inputs.</summary>
    public const string DataScale = "data-scale";

    /// <summary>The loss, or an output that does not fit it.</summary>
    public const string LossOrOutput = "loss-or-output";

    /// <summary>The number format.</summary>
    public const string Precision = "precision";

    /// <summary>The number of samples per step.</summary>
    public const string BatchSize = "batch-size";
}
