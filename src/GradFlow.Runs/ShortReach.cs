namespace GradFlow.Runs;

/// <summary>
/// Windows of attention that end before what is needed: what lies further back than they reach together has no way to
/// the output, nor its gradient a way there. The same judgement for every reader of the records.
/// </summary>
/// <param name="Layers">The attention layers.</param>
/// <param name="Reach">Time steps that they reach back together (<see cref="RunStructure.Reach"/>).</param>
/// <param name="Needed">The task's longest dependency; where it isn't known, the farthest step of a sequence.</param>
/// <param name="IsNeedKnown">Whether the task is known to need it.</param>
public sealed record ShortReach(IReadOnlyList<AttentionInfo> Layers, int Reach, int Needed, bool IsNeedKnown)
{
    /// <summary>Reads it off a structure.</summary>
    /// <param name="structure">The net.</param>
    /// <param name="longestDependency">How far back the task needs to see; null where that isn't known.</param>
    /// <returns>Null where the windows reach as far as is needed, or how far they do isn't known.</returns>
    public static ShortReach? Of(RunStructure structure, int? longestDependency)
    {
        ArgumentNullException.ThrowIfNull(structure);
        if (structure is not { Reach: { } reach, Attentions: { Count: > 0 } layers }) return null;
        int? needed = longestDependency ?? StepsOf(structure, layers) - 1;
        return needed > reach
            ? new ShortReach(layers, reach, needed.Value, longestDependency is not null)
            {
                HasKernels = structure.Signals.Any(signal => signal.Type == "conv1d"),
            }
            : null;
    }

    /// <summary>True where convolutions along time add to what the windows reach.</summary>
    public bool HasKernels { get; init; }

    /// <summary>The narrowest window; null where none is recorded.</summary>
    public int? Window => Layers.Min(layer => layer.Window);

    /// <summary>
    /// The windows in words, such as <c>2 layers of attention with windows of 4 time steps</c>, with what adds to them.
    /// </summary>
    public string Windows
    {
        get
        {
            int? widest = Layers.Max(layer => layer.Window);
            string steps = widest == 1 ? "1 time step" : $"{widest} time steps";
            string range = Window == widest ? steps : $"{Window} to {steps}";
            string windows = Layers.Count == 1
                ? $"1 layer of attention with a window of {range}"
                : $"{Layers.Count} layers of attention with windows of {range}";
            return HasKernels ? $"{windows} and convolutions along time" : windows;
        }
    }

    private static int? StepsOf(RunStructure structure, IReadOnlyList<AttentionInfo> layers) => structure.Signals
        .Where(signal => layers.Any(layer => layer.Name == signal.Name)).Max(signal => signal.Places);
}
