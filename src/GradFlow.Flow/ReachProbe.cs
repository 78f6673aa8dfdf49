using GradFlow.Autograd;
using GradFlow.Nn;
using GradFlow.Tensors;

namespace GradFlow.Flow;

/// <summary>
/// How far an output sees, where windows of attention and kernels along time are all that its time steps see of each
/// other. They add up over layers: the farthest step that a layer sees has seen as far in the layer before (the
/// receptive field: Luo, Li, Urtasun &amp; Zemel 2016).
/// </summary>
internal static class ReachProbe
{
    /// <summary>
    /// Σ (w − 1) over causal windows, Σ ⌊w/2⌋ over those around a step, and Σ max(p, d·(k − 1) − p) over kernels of k
    /// steps, d apart, with p steps of padding; null without any, and with anything that isn't known to leave each time
    /// step to itself.
    /// </summary>
    /// <param name="model">The net; a layer that stands in it twice counts twice.</param>
    /// <param name="topology">Its modules.</param>
    /// <param name="tape">The tape with its forward pass.</param>
    public static int? Of(Module model, Topology topology, Tape tape)
    {
        // Scalars are losses; what else is computed beside the net may mix time steps too.
        bool isAllInModules = tape.Variables.All(
            v => v.Shape.Size == 1 || v.Inputs.Count == 0 || topology.ModuleOf(v) is not null);
        Module[] modules = [.. model.SelfAndDescendants()];
        int?[] windows = [.. modules.Where(module => !IsPointwise(module)).Select(ReachOf)];
        if (!isAllInModules || windows.Length == 0 || windows.Any(window => window is null)) return null;
        return windows.Sum();
    }

    private static int? ReachOf(Module module) => module switch
    {
        MultiHeadAttention { IsCross: false } layer => StructureProbe.InfoOf(layer, 0).Reach,
        Conv1d { How: { IsCircular: false, Columns: { Stride: 1 } kernel } } => Farther(kernel),
        _ => null,
    };

    /// <summary>Of a kernel that lies from p steps before a place on, the farther end.</summary>
    private static int Farther(Window kernel) =>
        Math.Max(kernel.Padding, kernel.Dilation * (kernel.Size - 1) - kernel.Padding);

    /// <summary>True of what is known to make a time step's output of that step's input alone.</summary>
    private static bool IsPointwise(Module module) => module is Sequential or SkipBlock or Linear or Embedding
        or LayerNorm or RmsNorm or BatchNorm or Dropout or ScalarBias or LastStep or SinusoidalPositions
        or LearnedPositions or Activation or Softmax or Maxout;
}
