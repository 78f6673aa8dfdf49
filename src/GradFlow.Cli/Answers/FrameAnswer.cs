using GradFlow.Runs;

namespace GradFlow.Cli.Answers;

/// <summary>What a closely watched step shows of each layer.</summary>
/// <param name="Step">The step, from 0.</param>
/// <param name="Layers">The parametrised layers whose output every path to the loss crosses, from the input on.</param>
internal sealed record FrameAnswer(int Step, IReadOnlyList<LayerAnswer> Layers)
{
    /// <summary>The answer that a frame gives; null where there is none.</summary>
    /// <param name="structure">The tables that the frame is indexed by.</param>
    /// <param name="frame">The frame.</param>
    public static FrameAnswer? Of(RunStructure structure, Frame? frame) => frame is null
        ? null
        : new FrameAnswer(frame.Step, [.. LayerAnswer.Of(structure, frame)]);
}

/// <summary>One layer at one step.</summary>
/// <param name="Name">Its stable name, such as <c>linear-3</c>.</param>
/// <param name="GradientNorm">log10 ‖∂L/∂output‖; −∞ for an exact zero, null where not measured.</param>
/// <param name="Std">Standard deviation of its output over batch and units; null where not measured.</param>
/// <param name="Lyapunov">
/// The top Lyapunov exponent of a recurrent layer's states, in natural logs per time step; null where not measured.
/// </param>
internal sealed record LayerAnswer(string Name, double? GradientNorm, double? Std, double? Lyapunov)
{
    /// <summary>The answers of all layers that a frame gives.</summary>
    public static IEnumerable<LayerAnswer> Of(RunStructure structure, Frame frame)
    {
        var std = new Dictionary<string, double?>();
        for (int i = 0; i < structure.Signals.Count; i++) std[structure.Signals[i].Name] = frame.Forward?.Std?[i];
        var lyapunov = new Dictionary<string, double?>();
        for (int i = 0; i < structure.Recurrences?.Count; i++)
            lyapunov[structure.Recurrences[i].Name] = frame.ThroughTime?[i]?.Lyapunov;
        return structure.Cuts
            .Select((cut, i) => (cut, Norm: frame.CutNorms?[i]))
            .Where(layer => layer.cut.IsLayerOutput)
            .Select(layer => new LayerAnswer(
                layer.cut.Name, layer.Norm, std.GetValueOrDefault(layer.cut.Name),
                lyapunov.GetValueOrDefault(layer.cut.Name)));
    }
}
