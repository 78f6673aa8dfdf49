using System.Text.Json.Serialization;

namespace GradFlow.Runs;

/// <summary>
/// The tables that a run's arrays are indexed by; written once, before the first frame.
/// </summary>
/// <param name="Cuts">
/// The tensors that every path from the first parametrised layer's output to the loss crosses, from the first
/// parametrised layer's output (index 0) to the loss's input (last). <see cref="Frame.CutNorms"/> has one entry each.
/// </param>
/// <param name="Links">
/// What lies between two neighbouring cuts: link i leads from cut i to cut i+1, so there is one fewer than cuts.
/// </param>
/// <param name="Parts">
/// The links split by kind; the gains of a link's parts sum to the link's gain. A plain layer is one part; a residual
/// block is its branch's layers plus a <see cref="LinkKind.Skip"/> part that closes the sum.
/// </param>
/// <param name="Signals">The layer outputs that forward statistics are kept for.</param>
/// <param name="Parameters">The trained tensors.</param>
/// <param name="Recurrences">The recurrent layers; null where the net has none.</param>
/// <param name="Attentions">The attention layers; null where the net has none.</param>
/// <param name="Reach">
/// How many time steps away from its own place an output sees the input, at most, where windows of attention and
/// convolutions of stride 1 are all that time steps see of each other: the sum over these layers of w − 1 for a causal
/// window of w, of w/2 (rounded down) for one around its place, of what a kernel reaches to its farther side. Null
/// where an output sees all, where other layers mix time steps too, or where it isn't known.
/// </param>
public sealed record RunStructure(
    IReadOnlyList<CutInfo> Cuts,
    IReadOnlyList<LinkInfo> Links,
    IReadOnlyList<PartInfo> Parts,
    IReadOnlyList<SignalInfo> Signals,
    IReadOnlyList<ParameterInfo> Parameters,
    IReadOnlyList<RecurrenceInfo>? Recurrences = null,
    IReadOnlyList<AttentionInfo>? Attentions = null,
    int? Reach = null)
{
    /// <summary>A structure with nothing in it, for a run that recorded losses alone.</summary>
    public static RunStructure Empty { get; } = new([], [], [], [], []);

    /// <summary>
    /// True where layers work through time, be it that nothing says how, as where another framework's layer can't be
    /// followed step by step: then it is a signal alone, and no row of <see cref="Recurrences"/>.
    /// </summary>
    [JsonIgnore]
    public bool IsRecurrent =>
        Recurrences is { Count: > 0 } || Signals.Any(signal => signal.Kind == LinkKind.Recurrence);

    /// <summary>The number of parametrised layers that the gradient passes on its way back (the net's depth).</summary>
    [JsonIgnore]
    public int Depth => Cuts.Count == 0 ? 0 : Cuts.Max(cut => cut.Layer);
}

/// <summary>A tensor through which all of the gradient flows.</summary>
/// <param name="Name">The stable name of the layer whose output this is, such as <c>linear-3</c>.</param>
/// <param name="Type">That layer's type as the experiment file names it, such as <c>linear</c>.</param>
/// <param name="Layer">How many parametrised layers (at least 1) lie at or before this tensor: its depth.</param>
/// <param name="IsLayerOutput">
/// True where the layer that makes this tensor is itself parametrised by weights (linear, residual block with weights,
/// recurrent), false after an activation, a normalisation and the like. Gradient norm against depth is drawn, and
/// decades per layer are counted, over the cuts for which this is true.
/// </param>
public sealed record CutInfo(string Name, string Type, int Layer, bool IsLayerOutput);

/// <summary>The stretch between two neighbouring cuts.</summary>
/// <param name="Name">The stable name of the layer, such as <c>sigmoid-4</c>.</param>
/// <param name="Type">The layer's type, such as <c>sigmoid</c> or <c>residual</c>.</param>
/// <param name="Kind">Its kind; a block that holds several kinds has <see cref="LinkKind.Skip"/>.</param>
/// <param name="Layer">The depth of the cut that this link leads to (its output).</param>
public sealed record LinkInfo(string Name, string Type, LinkKind Kind, int Layer);

/// <summary>A share of a link's gain, attributed to one kind.</summary>
/// <param name="Link">The index of the link that it belongs to.</param>
/// <param name="Name">The stable name of the layer inside, such as <c>linear-5</c>; of the skip, the block's.</param>
/// <param name="Type">The layer's type, such as <c>linear</c>.</param>
/// <param name="Kind">What it is.</param>
public sealed record PartInfo(int Link, string Name, string Type, LinkKind Kind);

/// <summary>A layer output whose forward statistics are kept.</summary>
/// <param name="Name">The stable name of the layer.</param>
/// <param name="Type">Its type, such as <c>sigmoid</c>.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Layer">How many parametrised layers lie at or before it.</param>
/// <param name="Units">How many units (features or channels) it has.</param>
/// <param name="Places">
/// At how many places of a sample each unit stands (time steps, pixels of a map); null for one, or where unknown.
/// </param>
public sealed record SignalInfo(string Name, string Type, LinkKind Kind, int Layer, int Units, int? Places = null);

/// <summary>A trained tensor.</summary>
/// <param name="Name">The stable name, such as <c>linear-3.weight</c>.</param>
/// <param name="LayerName">The name of the layer that holds it.</param>
/// <param name="Layer">The depth of that layer, from 1.</param>
/// <param name="Role">
/// <c>weight</c>, <c>bias</c>, <c>gain</c>, <c>shift</c>, or of a recurrent layer's path from its own last state
/// <c>recurrent-weight</c> and <c>recurrent-bias</c>, from an earlier one <c>skip-weight</c>.
/// </param>
/// <param name="Shape">Its shape.</param>
/// <param name="FanIn">Inputs per output unit; 0 where it has no meaning.</param>
/// <param name="FanOut">Outputs per input unit; 0 where it has no meaning.</param>
/// <param name="Init">
/// The initialisation as the experiment file writes it, such as <c>he-normal</c>; null if unknown.
/// </param>
/// <param name="InitialStd">The standard deviation of the drawn values before step 0; null if not recorded.</param>
/// <param name="IsFrozen">True where training leaves it alone by wish.</param>
public sealed record ParameterInfo(
    string Name,
    string LayerName,
    int Layer,
    string Role,
    IReadOnlyList<int> Shape,
    int FanIn,
    int FanOut,
    string? Init = null,
    double? InitialStd = null,
    bool IsFrozen = false)
{
    /// <summary>The optimiser's weight decay (L2) for it; null where there is none, or it isn't known.</summary>
    public double? WeightDecay { get; init; }
}

/// <summary>A recurrent layer, through whose states the gradient travels in time.</summary>
/// <param name="Name">The stable name of the layer, such as <c>rnn-1</c>.</param>
/// <param name="Type">
/// Its type as the experiment file names it, such as <c>rnn</c>, <c>lstm</c>, <c>leaky-rnn</c> or <c>lru</c>.
/// </param>
/// <param name="Layer">The depth of its output.</param>
/// <param name="Units">Numbers in its output at one time step.</param>
/// <param name="Steps">Time steps of a sequence, at most, where lengths differ.</param>
/// <param name="Activation">
/// The non-linearity between one state and the next, such as <c>tanh</c>; null where gates lie there, or nothing.
/// </param>
/// <param name="Window">
/// Time steps after which the gradient is cut (truncated back-propagation), counted from the end of the sequence; null
/// where it runs to the start.
/// </param>
/// <param name="State">
/// Numbers that it hands on from one time step to the next (h, of an LSTM h and c); null if unknown.
/// </param>
public sealed record RecurrenceInfo(
    string Name,
    string Type,
    int Layer,
    int Units,
    int Steps,
    string? Activation = null,
    int? Window = null,
    int? State = null)
{
    /// <summary>
    /// What carries part of the state on without the weights, where anything does: <c>gates</c>, the <c>leaks</c> of
    /// leaky units, or the <c>eigenvalues</c> of a linear recurrent unit.
    /// </summary>
    public string CarrierName() => Type switch { "leaky-rnn" => "leaks", "lru" => "eigenvalues", _ => "gates" };
}

/// <summary>An attention layer.</summary>
/// <param name="Name">The stable name of the layer, such as <c>attention-1</c>.</param>
/// <param name="Layer">The depth of its output.</param>
/// <param name="Heads">Its heads.</param>
/// <param name="Window">
/// How many time steps around itself a time step sees, of causal attention itself and those before; null for all, or
/// where it isn't known.
/// </param>
/// <param name="IsCausal">Whether a time step sees itself and earlier ones alone; null where it isn't known.</param>
public sealed record AttentionInfo(string Name, int Layer, int Heads, int? Window = null, bool? IsCausal = null)
{
    /// <summary>
    /// Time steps between a time step and the farthest that it sees: w − 1 of a causal window of w, ⌊w/2⌋ of one around
    /// it; null where it sees all, or it isn't known.
    /// </summary>
    [JsonIgnore]
    public int? Reach => (Window, IsCausal) switch
    {
        ({ } window, true) => window - 1,
        ({ } window, false) => window / 2,
        _ => null,
    };
}
