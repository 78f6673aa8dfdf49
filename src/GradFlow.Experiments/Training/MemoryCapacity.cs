using GradFlow.Autograd;
using GradFlow.Nn;
using GradFlow.Tensors;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace GradFlow.Experiments;

/// <summary>
/// How much of its past input a recurrent layer's state still holds (Jaeger 2001, "Short term memory in echo state
/// networks", eq. 1): MC = Σ_k MC_k, where MC_k is the squared correlation of the input k time steps ago with what the
/// best linear readout of the present state makes of it, for inputs that are independent and uniform on [−1, 1]. Of a
/// layer with n units it is at most n; a linear one reaches n, unless its weights are special. What of a state is
/// smaller than its numbers resolve beside the rest is lost: of random linear weights from some fifty units on, of
/// float32 from some twenty.
/// </summary>
public static class MemoryCapacity
{
    /// <summary>Measures MC_k of the delays k = 0, 1, ….</summary>
    /// <param name="layer">The layer; of one input per time step. Weights in float64 resolve more of the past.</param>
    /// <param name="key">What the inputs are drawn from.</param>
    /// <param name="delays">How many delays, at least 1.</param>
    /// <param name="steps">
    /// Time steps that are fitted, at least two more than there are units. What chance adds to a squared correlation,
    /// about units/steps, is taken off (the adjusted R² of Ezekiel 1930).
    /// </param>
    /// <param name="washout">Time steps before them, in which the layer forgets that it began at 0.</param>
    /// <returns>
    /// MC_k by delay, at most 1, and near 0 on either side of it where nothing is left; their sum approaches MC as
    /// there are more delays.
    /// </returns>
    /// <exception cref="ArgumentException">The layer has several inputs.</exception>
    public static IReadOnlyList<double> ByDelay(
        Recurrent layer, RandomKey key, int delays, int steps = 20_000, int washout = 1000)
    {
        ArgumentNullException.ThrowIfNull(layer);
        ArgumentOutOfRangeException.ThrowIfLessThan(delays, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, layer.Units + 2);
        ArgumentOutOfRangeException.ThrowIfNegative(washout);
        int inputs = layer.Parameters.Weight.Value.Shape[1], all = Math.Max(washout, delays) + steps;
        if (inputs != 1)
            throw new ArgumentException(
                $"'{layer.Name}' reads {inputs} inputs per time step; expected 1", nameof(layer));
        Tensor u = Tensor.Zeros(new Shape(1, all, 1), ElementType.Float64);
        Kernels.FillUniformInPlace(u, key, -1, 1);
        Matrix<double> states = Centred(StatesOf(layer, u), all - steps, steps);
        double[] input = u.ToDoubles();
        Matrix<double> past = Centred(
            Matrix<double>.Build.Dense(all, delays, (t, k) => t >= k ? input[t - k] : 0), all - steps, steps);
        // States of many linear units are nearly dependent; their normal equations would square how nearly.
        Matrix<double> seen = states.QR(QRMethod.Thin).Q.TransposeThisAndMultiply(past);
        double Explained(int k) => seen.Column(k) * seen.Column(k) / (past.Column(k) * past.Column(k));
        double lost = (steps - 1.0) / (steps - layer.Units - 1);
        return [.. Enumerable.Range(0, delays).Select(k => 1 - (1 - Explained(k)) * lost)];
    }

    private static Matrix<double> StatesOf(Recurrent layer, Tensor u)
    {
        using var tape = new Tape { IsRecording = false };
        Tensor states = layer.Apply(
            tape.Constant(u.Clone(layer.Parameters.Weight.Value.ElementType)), Pass.Evaluation).Value;
        double[] numbers = states.ToDoubles();
        return Matrix<double>.Build.Dense(states.Shape[1], layer.Units, (t, i) => numbers[t * layer.Units + i]);
    }

    /// <summary>The last rows, less their means.</summary>
    private static Matrix<double> Centred(Matrix<double> rows, int first, int count)
    {
        Matrix<double> last = rows.SubMatrix(first, count, 0, rows.ColumnCount);
        Vector<double> means = last.ColumnSums() / count;
        return last - Matrix<double>.Build.Dense(count, rows.ColumnCount, (_, j) => means[j]);
    }
}
