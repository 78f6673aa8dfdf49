using GradFlow.Autograd;
using GradFlow.Runs;
using GradFlow.Tensors;

namespace GradFlow.Flow;

/// <summary>
/// Watches a replayed step for the first number that is not finite, and names the op and layer that made it of finite
/// ones. Attach it to the tape of the replay, then ask <see cref="Origin"/>.
/// </summary>
/// <param name="step">The step that is replayed.</param>
public sealed class FiniteCheck(int step) : ITapeObserver
{
    /// <summary>Where the first non-finite number came from; null while all is finite.</summary>
    public NonFiniteOrigin? Origin { get; private set; }

    /// <inheritdoc/>
    public void Recorded(Variable result)
    {
        ArgumentNullException.ThrowIfNull(result);
        if (Origin is not null || Kernels.CountNonFinite(Dense(result.Value)) == 0) return;
        foreach (Variable input in result.Inputs)
        {
            if (Kernels.CountNonFinite(Dense(input.Value)) == 0) continue;
            Origin = input.Parameter is { } parameter
                ? new NonFiniteOrigin(
                    Math.Max(0, step - 1), "update", LayerOf(parameter), "optimizer", KindOf(parameter.Value))
                : new NonFiniteOrigin(step, "data", "input", "data", KindOf(Dense(input.Value)));
            return;
        }
        Origin = new NonFiniteOrigin(
            step, "forward", LayerOf(result), result.Operation ?? "", KindOf(Dense(result.Value)));
    }

    /// <inheritdoc/>
    public void Contributed(Variable consumer, int input, Cotangent share)
    {
        ArgumentNullException.ThrowIfNull(consumer);
        if (Origin is not null || Kernels.CountNonFinite(share.Mantissa) == 0) return;
        Origin = new NonFiniteOrigin(
            step, "backward", LayerOf(consumer), consumer.Operation ?? "", KindOf(share.Mantissa));
    }

    /// <inheritdoc/>
    /// <remarks>A parameter's gradient that only overflows when it becomes plain float32 is found here.</remarks>
    public void Completed(Variable variable, Cotangent cotangent)
    {
        ArgumentNullException.ThrowIfNull(variable);
        if (Origin is not null || variable.Parameter is not { } parameter) return;
        double largest = parameter.Value.ElementType == ElementType.Float32 ? float.MaxValue : double.MaxValue;
        if (cotangent.Log10MaxAbs > Math.Log10(largest))
            Origin = new NonFiniteOrigin(step, "backward", LayerOf(parameter), "gradient", "inf");
    }

    private static Tensor Dense(Tensor tensor) => tensor.IsContiguous ? tensor : tensor.Clone();

    private static string LayerOf(Variable variable) => variable.Scope.Length == 0 ? "loss" : variable.Scope;

    private static string LayerOf(Parameter parameter) =>
        parameter.Name.LastIndexOf('.') is > 0 and var dot ? parameter.Name[..dot] : parameter.Name;

    private static string KindOf(Tensor tensor) => double.IsNaN(Kernels.MaxAbs(tensor)) ? "nan" : "inf";
}
