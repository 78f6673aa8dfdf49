using System.Numerics;
using System.Runtime.CompilerServices;

namespace GradFlow.Tensors;

public static partial class Kernels
{
    /// <summary>d = g + decay·w; s ← s + d²; w ← w − rate·d/(√s + ε).</summary>
    /// <param name="weight">w, dense.</param>
    /// <param name="gradient">g, of w's shape.</param>
    /// <param name="sum">s, of w's shape.</param>
    /// <param name="step">The numbers of this step.</param>
    public static void AdaGradStepInPlace(Tensor weight, Tensor gradient, Tensor sum, in AdaGradStep step)
    {
        RequireSameShape(weight, gradient);
        RequireSameShape(weight, sum);
        if (IsFloat(weight)) Update<float, AdaGradUpdate<float>>(new(step), weight, gradient, sum, null);
        else Update<double, AdaGradUpdate<double>>(new(step), weight, gradient, sum, null);
    }

    private readonly struct AdaGradUpdate<T>(in AdaGradStep step) : IUpdate<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        private readonly Decay<T> _decay = new(step.Decay);
        private readonly Vector<T> _epsilon = new(T.CreateTruncating(step.Epsilon));
        private readonly Vector<T> _minusRate = new(T.CreateTruncating(-step.Rate));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply(ref Vector<T> weight, Vector<T> gradient, ref Vector<T> sum, ref Vector<T> second)
        {
            Vector<T> direction = _decay.Add(gradient, weight);
            sum = MultiplyAdd(direction, direction, sum);
            weight += _minusRate * direction / (Vector.SquareRoot(sum) + _epsilon);
        }
    }
}

/// <summary>The numbers of a step of AdaGrad.</summary>
/// <param name="Rate">The learning rate.</param>
/// <param name="Epsilon">ε.</param>
/// <param name="Decay">L2.</param>
public readonly record struct AdaGradStep(double Rate, double Epsilon, double Decay);
