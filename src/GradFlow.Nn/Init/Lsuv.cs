using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>
/// Layer-sequential unit variance (Mishkin &amp; Matas 2016, algorithm 1): layer by layer, each weight is divided by
/// the standard deviation of the layer's outputs on a first batch, until that is 1. The weights are drawn before,
/// orthogonal by the paper.
/// </summary>
/// <remarks>One pass through the net: a layer is scaled before its output goes on to the next.</remarks>
public static class Lsuv
{
    /// <summary>Scales the weights of a net.</summary>
    /// <param name="net">The net; running averages in it are left as they are.</param>
    /// <param name="batch">The first batch of inputs.</param>
    /// <param name="pass">As in training, with the draws of its first step.</param>
    /// <param name="isScaled">Which layers to scale; null for all that have weights.</param>
    /// <param name="tolerance">How far from 1 the variance may stay; 0.01 by default, 0.1 in the paper.</param>
    /// <param name="mostTurns">How often a layer is scaled at most; 10 by default, as in the paper.</param>
    /// <exception cref="ArgumentOutOfRangeException">The tolerance isn't above 0, or no turn is allowed.</exception>
    public static void ScaleInPlace(
        Module net, Tensor batch, Pass pass, Func<Module, bool>? isScaled = null, double tolerance = 0.01,
        int mostTurns = 10)
    {
        ArgumentNullException.ThrowIfNull(net);
        ArgumentNullException.ThrowIfNull(batch);
        Bounds.RequirePositive(tolerance);
        ArgumentOutOfRangeException.ThrowIfLessThan(mostTurns, 1);
        (string Name, Tensor Value)[] buffers = [.. net.AllBuffers()];
        Tensor[] kept = [.. buffers.Select(buffer => buffer.Value.Clone())];
        using var tape = new Tape { IsRecording = false };
        var walk = new Walk(pass, isScaled ?? (_ => true), tolerance, mostTurns);
        walk.Through(net, tape.Constant(batch));
        foreach ((Tensor value, (_, Tensor buffer)) in kept.Zip(buffers)) Kernels.Copy(value, buffer);
    }

    private sealed record Walk(Pass Pass, Func<Module, bool> IsScaled, double Tolerance, int MostTurns)
    {
        public Variable Through(Module module, Variable x) => module switch
        {
            IWeightLayer layer when IsScaled(module) => Scaled(module, layer, x),
            Sequential => ThroughAll(module.Children, x),
            SkipBlock block => block.Join(x, ThroughAll(block.Children, x)),
            _ => module.Apply(x, Pass),
        };

        private Variable ThroughAll(IReadOnlyList<Module> modules, Variable x)
        {
            foreach (Module module in modules) x = Through(module, x);
            return x;
        }

        /// <summary>Scales until the variance is 1; once suffices but for the bias, which isn't scaled along.</summary>
        private Variable Scaled(Module module, IWeightLayer layer, Variable x)
        {
            Tensor weight = (layer.WeightScale ?? layer.Weight).Value;
            for (int turn = 0; ; turn++)
            {
                Variable y = module.Apply(x, Pass);
                double variance = VarianceOf(y.Value);
                bool canScale = variance > 0 && double.IsFinite(variance) && Kernels.MaxAbs(weight) > 0;
                if (turn == MostTurns || !canScale || Math.Abs(variance - 1) <= Tolerance) return y;
                Kernels.Scale(weight, 1 / Math.Sqrt(variance), weight);
            }
        }

        private static double VarianceOf(Tensor y)
        {
            double mean = Kernels.Sum(y) / y.Size;
            return Math.Max(0, Kernels.SumOfSquares(y) / y.Size - mean * mean);
        }
    }
}
