using GradFlow.Autograd;
using GradFlow.Nn;
using GradFlow.Tensors;
using MathNet.Numerics.LinearAlgebra;

namespace GradFlow.Experiments;

/// <summary>
/// Fits a net's last layer to the data by ridge regression (Hoerl &amp; Kennard 1970): the least of
/// Σ ‖y − W·x − b‖² + α·‖W‖² over all samples, and all their time steps that count, x being what comes into the layer.
/// Classes are fitted as ones and zeros.
/// </summary>
internal static class RidgeReadout
{
    private const int SamplesAtOnce = 256;

    /// <summary>Sets W and b.</summary>
    /// <param name="net">The net, whose last module is a <see cref="Linear"/>.</param>
    /// <param name="batches">The training data, with values as targets.</param>
    /// <param name="alpha">α, at least 0.</param>
    /// <returns>What is wrong; null if the fit stands.</returns>
    public static string? FitInPlace(Sequential net, Batches batches, double alpha)
    {
        var layer = (Linear)net.Children[^1];
        var sums = new Moments(layer.Weight.Value.Shape[1], layer.Weight.Value.Shape[0]);
        for (int first = 0; first < batches.Count; first += SamplesAtOnce)
        {
            int[] rows = [.. Enumerable.Range(first, Math.Min(SamplesAtOnce, batches.Count - first))];
            using var tape = new Tape { IsRecording = false };
            Variable x = batches.Inputs(tape, rows);
            Pass pass = Pass.Evaluation with { Lengths = batches.Lengths(rows) };
            foreach (Module module in net.Children.SkipLast(1)) x = module.Apply(x, pass);
            sums.Add(x.Value, batches.Targets(tape, rows).Values!);
        }
        return sums.TrySolve(layer, alpha)
            ? null
            : $"what comes into it is linearly dependent or not finite, so that 'ridge' with {alpha} has no solution; "
                + "expected a larger number";
    }

    /// <summary>Sums over samples of (x, 1)·(x, 1)ᵀ and (x, 1)·yᵀ, in float64.</summary>
    private sealed class Moments(int inputs, int outputs)
    {
        private readonly Tensor _products = Tensor.Zeros(new Shape(inputs + 1, inputs + 1), ElementType.Float64);
        private readonly Tensor _wanted = Tensor.Zeros(new Shape(inputs + 1, outputs), ElementType.Float64);

        public void Add(Tensor x, Tensor targets)
        {
            double[] features = x.ToDoubles(), values = targets.ToDoubles();
            int[] counted = [.. Enumerable.Range(0, features.Length / inputs).Where(
                row => !Enumerable.Range(row * outputs, outputs).Any(i => double.IsNaN(values[i])))];
            if (counted.Length == 0) return;
            Tensor own = Tensor.Zeros(new Shape(counted.Length, inputs + 1), ElementType.Float64);
            Tensor wanted = Tensor.Zeros(new Shape(counted.Length, outputs), ElementType.Float64);
            for (int i = 0; i < counted.Length; i++)
            {
                Span<double> row = own.AsSpan<double>().Slice(i * (inputs + 1), inputs + 1);
                features.AsSpan(counted[i] * inputs, inputs).CopyTo(row);
                row[inputs] = 1;
                values.AsSpan(counted[i] * outputs, outputs).CopyTo(wanted.AsSpan<double>()[(i * outputs)..]);
            }
            AddProduct(own, own, _products);
            AddProduct(own, wanted, _wanted);
        }

        /// <summary>Without a bias, the last row and column are left out.</summary>
        public bool TrySolve(Linear layer, double alpha)
        {
            int size = layer.Bias is null ? inputs : inputs + 1;
            Matrix<double> left = MatrixOf(_products, size, size), right = MatrixOf(_wanted, size, outputs);
            for (int i = 0; i < inputs; i++) left[i, i] += alpha;
            Matrix<double> solution;
            try
            {
                solution = left.Cholesky().Solve(right);
            }
            catch (ArgumentException)
            {
                return false;
            }
            if (solution.Enumerate().Any(value => !double.IsFinite(value))) return false;
            Kernels.Copy(TensorOf(solution.SubMatrix(0, inputs, 0, outputs)).Transpose(), layer.Weight.Value);
            if (layer.Bias is { } bias)
                Kernels.Copy(Tensor.From(solution.Row(inputs).ToArray()), bias.Value);
            return true;
        }

        private static void AddProduct(Tensor left, Tensor right, Tensor sum)
        {
            Tensor product = Tensor.Zeros(sum.Shape, ElementType.Float64);
            Kernels.MatMul(left.Transpose(), right, product);
            Kernels.AddInPlace(sum, product);
        }

        private static Matrix<double> MatrixOf(Tensor tensor, int rows, int columns) =>
            Matrix<double>.Build.Dense(rows, columns, (i, j) => tensor[i, j]);

        private static Tensor TensorOf(Matrix<double> matrix) =>
            Tensor.From(matrix.ToRowMajorArray()).Reshape(new Shape(matrix.RowCount, matrix.ColumnCount));
    }
}
