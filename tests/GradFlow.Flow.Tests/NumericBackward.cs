using GradFlow.Autograd;
using GradFlow.Nn;
using GradFlow.Tensors;

namespace GradFlow.Flow.Tests;

/// <summary>
/// Cotangents by central differences in float64: what gains are compared with, without any reverse mode.
/// </summary>
internal static class NumericBackward
{
    private const double Step = 1e-5;

    /// <summary>Jᵀ·g of a module at an input, over the whole batch, column by column of its Jacobian.</summary>
    public static Tensor Pull(Module module, Tensor input, Tensor cotangent)
    {
        Tensor result = Tensor.Zeros(input.Shape, ElementType.Float64);
        for (int i = 0; i < input.Size; i++)
        {
            Tensor ahead = Moved(module, input, i, Step), behind = Moved(module, input, i, -Step);
            Kernels.AddScaledInPlace(ahead, -1, behind);
            result.AsSpan<double>()[i] = Kernels.Dot(ahead, cotangent) / (2 * Step);
        }
        return result;
    }

    public static Tensor Output(Module module, Tensor input)
    {
        using var tape = new Tape { IsRecording = false };
        return module.Apply(tape.Constant(input), new Pass(true, new StepDraws(3, 0))).Value.Clone();
    }

    /// <summary>
    /// The cotangents of a chain: of its input, of each module's output, the last being the given one.
    /// </summary>
    public static Tensor[] PullThrough(IReadOnlyList<Module> chain, Tensor input, Tensor cotangent)
    {
        var inputs = new List<Tensor> { input };
        foreach (Module module in chain) inputs.Add(Output(module, inputs[^1]));
        var cotangents = new Tensor[chain.Count + 1];
        cotangents[^1] = cotangent;
        for (int i = chain.Count - 1; i >= 0; i--) cotangents[i] = Pull(chain[i], inputs[i], cotangents[i + 1]);
        return cotangents;
    }

    public static double Log10Norm(Tensor tensor) => 0.5 * Math.Log10(tensor.ToDoubles().Sum(x => x * x));

    private static Tensor Moved(Module module, Tensor input, int element, double step)
    {
        Tensor moved = input.Clone();
        moved.AsSpan<double>()[element] += step;
        return Output(module, moved);
    }
}
