using GradFlow.Autograd;
using GradFlow.Flow;
using GradFlow.Nn;
using GradFlow.Runs;
using GradFlow.Tensors;

namespace GradFlow;

/// <summary>What the first watched step shows of a training that nobody has described.</summary>
/// <param name="Structure">The net's tables.</param>
/// <param name="Batch">Samples in the step.</param>
/// <param name="Loss">The loss by its op; <c>custom</c> where it isn't one of the catalogue.</param>
/// <param name="InputRms">Root mean square of the step's inputs; null where they weren't found.</param>
/// <param name="InputMaxAbs">The largest magnitude among them, likewise.</param>
internal sealed record FirstPass(
    RunStructure Structure, int Batch, string Loss, double? InputRms, double? InputMaxAbs)
{
    /// <summary>Reads a tape on which the net was applied and which is about to be walked back.</summary>
    public static FirstPass Of(Module net, Tape tape, Variable result)
    {
        RunStructure structure = StructureProbe.Describe(net, tape, result);
        HashSet<string> modules = [.. net.SelfAndDescendants().Select(module => module.Name)];
        string loss = LossOf(tape, modules);
        if (InputOf(tape, modules) is not { Size: > 0 } input) return new FirstPass(structure, 1, loss, null, null);
        Tensor dense = input.IsContiguous ? input : input.Clone();
        return new FirstPass(
            structure, input.Shape.Count > 0 ? input.Shape[0] : 1, loss,
            Math.Sqrt(Kernels.SumOfSquares(dense) / dense.Size), Kernels.MaxAbs(dense));
    }

    /// <summary>What the net's first op was given beside parameters.</summary>
    private static Tensor? InputOf(Tape tape, HashSet<string> modules) => tape.Variables
        .FirstOrDefault(variable => variable.Operation is not null && modules.Contains(variable.Scope))?.Inputs
        .FirstOrDefault(input => input.Parameter is null)?.Value;

    private static string LossOf(Tape tape, HashSet<string> modules) => tape.Variables
        .LastOrDefault(variable => !modules.Contains(variable.Scope)
            && Losses.All.Any(loss => loss.Name == variable.Operation))?.Operation ?? "custom";
}
