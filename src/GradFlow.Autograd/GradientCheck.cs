using GradFlow.Tensors;

namespace GradFlow.Autograd;

/// <summary>
/// Compares reverse-mode derivatives with central differences in float64, along random directions and with a random
/// cotangent, so that neither a lucky symmetry nor an all-ones seed hides a fault.
/// </summary>
public static class GradientCheck
{
    /// <summary>Checks a function of some tensors.</summary>
    /// <param name="function">Builds the result from the inputs, the same way each time it is called.</param>
    /// <param name="inputs">float64 tensors to differentiate at; away from kinks, where no derivative exists.</param>
    /// <param name="seed">Keys the random cotangent and directions.</param>
    /// <param name="directions">Random directions per input.</param>
    /// <param name="step">The finite step h; the truncation error is of order h².</param>
    /// <exception cref="ArgumentException">An input is not float64.</exception>
    public static GradientCheckResult Run(
        Func<Tape, IReadOnlyList<Variable>, Variable> function,
        IReadOnlyList<Tensor> inputs,
        long seed = 0,
        int directions = 3,
        double step = 1e-5)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(inputs);
        foreach (Tensor input in inputs)
        {
            if (input.ElementType != ElementType.Float64)
                throw new ArgumentException($"gradient checking needs float64; got {input}", nameof(inputs));
        }
        Tensor cotangent = RandomLike(Evaluate(function, inputs), new RandomKey(seed, "gradient-check", "cotangent"));
        Tensor?[] gradients = Differentiate(function, inputs, cotangent);
        var worst = new GradientCheckResult(0, -1, 0, 0);
        for (int i = 0; i < inputs.Count; i++)
        {
            for (int d = 0; d < directions; d++)
            {
                Tensor direction = RandomLike(inputs[i], new RandomKey(seed, "gradient-check", $"{i}").At(d));
                double numeric = CentralDifference(function, inputs, i, direction, cotangent, step);
                double analytic = gradients[i] is { } g ? Kernels.Dot(g, direction) : 0;
                double scale = Math.Max(1e-3, Math.Max(Math.Abs(numeric), Math.Abs(analytic)));
                double error = Math.Abs(numeric - analytic) / scale;
                // NaN is the worst of all and stays.
                if (!(error <= worst.RelativeError) && !double.IsNaN(worst.RelativeError))
                    worst = new GradientCheckResult(error, i, analytic, numeric);
            }
        }
        return worst;
    }

    private static Tensor?[] Differentiate(
        Func<Tape, IReadOnlyList<Variable>, Variable> function, IReadOnlyList<Tensor> inputs, Tensor cotangent)
    {
        using var tape = new Tape();
        Variable[] variables = inputs.Select(tape.Input).ToArray();
        return tape.Gradients(function(tape, variables), variables, cotangent);
    }

    private static double CentralDifference(
        Func<Tape, IReadOnlyList<Variable>, Variable> function,
        IReadOnlyList<Tensor> inputs, int which, Tensor direction, Tensor cotangent, double step)
    {
        double At(double h)
        {
            Tensor[] moved = [.. inputs];
            moved[which] = inputs[which].Clone();
            Kernels.AddScaledInPlace(moved[which], h, direction);
            return Kernels.Dot(Evaluate(function, moved), cotangent);
        }
        return (At(step) - At(-step)) / (2 * step);
    }

    private static Tensor Evaluate(Func<Tape, IReadOnlyList<Variable>, Variable> function, IReadOnlyList<Tensor> inputs)
    {
        using var tape = new Tape { IsRecording = false };
        return function(tape, inputs.Select(tape.Input).ToArray()).Value.Clone();
    }

    private static Tensor RandomLike(Tensor tensor, RandomKey key)
    {
        Tensor random = Tensor.Zeros(tensor.Shape, tensor.ElementType);
        Kernels.FillNormalInPlace(random, key, 0, 1);
        return random;
    }
}

/// <summary>The worst disagreement that a gradient check found.</summary>
/// <param name="RelativeError">|numeric − analytic| over the larger of the two (at least 10⁻³).</param>
/// <param name="Input">The input along which it was found; −1 where all agreed exactly.</param>
/// <param name="Analytic">The directional derivative by reverse mode.</param>
/// <param name="Numeric">The same by central differences.</param>
public sealed record GradientCheckResult(double RelativeError, int Input, double Analytic, double Numeric);
