using MathNet.Numerics.Distributions;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Random;

namespace GradFlow.Theory.Tests;

/// <summary>
/// Nets drawn at random and run forward and backward in plain double precision, one sample per row: what the forecast
/// is held against. It shares no formula with the forecast.
/// </summary>
internal sealed class SampledNet(int samples, int seed)
{
    private delegate (Matrix<double> Output, Func<Matrix<double>, Matrix<double>> Backward) Layer(Matrix<double> input);

    private readonly MersenneTwister _random = new(seed);

    /// <summary>Signals of the given second moment and covariance between samples.</summary>
    public Matrix<double> Input(int width, double q, double c)
    {
        var common = Gaussian(1, width, c);
        return Matrix<double>.Build.Dense(
            samples, width, (_, unit) => common[0, unit] + Normal.Sample(_random, 0, Math.Sqrt(q - c)));
    }

    /// <summary>Squared gains and output mean squares, stage by stage, for a random gradient at the output.</summary>
    public (double[] SquaredGains, double[] SecondMoments) Run(IReadOnlyList<Stage> stages, Matrix<double> input)
    {
        var backward = new Func<Matrix<double>, Matrix<double>>[stages.Count];
        var moments = new double[stages.Count];
        for (var k = 0; k < stages.Count; k++)
        {
            (input, backward[k]) = Draw(stages[k])(input);
            moments[k] = Squares(input) / input.RowCount / input.ColumnCount;
        }

        var gains = new double[stages.Count];
        var gradient = Gaussian(input.RowCount, input.ColumnCount, 1);
        for (var k = stages.Count - 1; k >= 0; k--)
        {
            var below = backward[k](gradient);
            (gains[k], gradient) = (Squares(below) / Squares(gradient), below);
        }

        return (gains, moments);
    }

    private Layer Draw(Stage stage) => stage switch
    {
        DenseStage dense => Dense(dense),
        NonlinearityStage activation => x => (
            x.Map(activation.Nonlinearity.Value, Zeros.Include),
            g => g.PointwiseMultiply(x.Map(activation.Nonlinearity.Slope, Zeros.Include))),
        BatchNormStage norm => x =>
        {
            var (y, back) = Standardize(x.Transpose(), norm.Epsilon);
            return (y.Transpose(), g => back(g.Transpose()).Transpose());
        }
        ,
        LayerNormStage norm => x => Standardize(x, norm.Epsilon),
        RmsNormStage norm => x => DivideByRms(x, norm.Epsilon),
        DropoutStage dropout => Dropout(dropout.DropProbability),
        ZeroPaddingStage padding => x => (
            x.Append(Matrix<double>.Build.Dense(x.RowCount, padding.Outputs - padding.Inputs)),
            g => g.SubMatrix(0, g.RowCount, 0, padding.Inputs)),
        ResidualStage residual => Residual(residual),
        MaxoutStage maxout => x => Maxout(x, maxout.Pieces),
        ReshapeStage => x => (x, g => g),
        _ => throw new ArgumentException($"No way to draw {stage}."),
    };

    private static (Matrix<double>, Func<Matrix<double>, Matrix<double>>) Maxout(Matrix<double> x, int pieces)
    {
        var features = x.ColumnCount / pieces;
        int Largest(int row, int j) => Enumerable.Range(0, pieces).Select(k => j + k * features).MaxBy(i => x[row, i]);
        return (
            Matrix<double>.Build.Dense(x.RowCount, features, (row, j) => x[row, Largest(row, j)]),
            g => Matrix<double>.Build.Dense(
                x.RowCount, x.ColumnCount, (row, i) => Largest(row, i % features) == i ? g[row, i % features] : 0));
    }

    private Layer Dense(DenseStage stage)
    {
        var weights = Gaussian(stage.FanOut, stage.FanIn, stage.WeightVariance);
        var bias = Gaussian(1, stage.FanOut, stage.BiasVariance).Row(0);
        return x =>
        {
            var y = x.TransposeAndMultiply(weights);
            for (var row = 0; row < y.RowCount; row++)
            {
                y.SetRow(row, y.Row(row) + bias);
            }

            return (y, g => g * weights);
        };
    }

    private Layer Dropout(double probability) => x =>
    {
        var mask = x.Map(_ => _random.NextDouble() < probability ? 0 : 1 / (1 - probability), Zeros.Include);
        return (x.PointwiseMultiply(mask), g => g.PointwiseMultiply(mask));
    };

    private Layer Residual(ResidualStage stage)
    {
        var layers = stage.Branch.Select(Draw).ToArray();
        Layer shortcut = stage.Shortcut is null ? x => (x, g => g) : Draw(stage.Shortcut);
        return x =>
        {
            var y = x;
            var (skip, skipBack) = shortcut(x);
            var backward = new Stack<Func<Matrix<double>, Matrix<double>>>();
            foreach (var layer in layers)
            {
                (y, var back) = layer(y);
                backward.Push(back);
            }

            return (skip + stage.Scale * y, g => skipBack(g) + backward.Aggregate(
                stage.Scale * g, (b, back) => back(b)));
        };
    }

    // Rows to mean 0 and variance 1.
    private static (Matrix<double> Output, Func<Matrix<double>, Matrix<double>> Backward) Standardize(
        Matrix<double> x, double epsilon)
    {
        var means = x.RowSums() / x.ColumnCount;
        var centered = Matrix<double>.Build.Dense(x.RowCount, x.ColumnCount, (i, j) => x[i, j] - means[i]);
        var scales = centered.EnumerateRows().Select(row => Math.Sqrt(row * row / x.ColumnCount + epsilon)).ToArray();
        var y = Matrix<double>.Build.Dense(x.RowCount, x.ColumnCount, (i, j) => centered[i, j] / scales[i]);
        return (y, Backward);

        Matrix<double> Backward(Matrix<double> g)
        {
            var ones = g.RowSums() / g.ColumnCount;
            var along = g.PointwiseMultiply(y).RowSums() / g.ColumnCount;
            return Matrix<double>.Build.Dense(
                g.RowCount, g.ColumnCount, (i, j) => (g[i, j] - ones[i] - y[i, j] * along[i]) / scales[i]);
        }
    }

    // Rows to mean square 1.
    private static (Matrix<double> Output, Func<Matrix<double>, Matrix<double>> Backward) DivideByRms(
        Matrix<double> x, double epsilon)
    {
        var scales = x.EnumerateRows().Select(row => Math.Sqrt(row * row / x.ColumnCount + epsilon)).ToArray();
        var y = Matrix<double>.Build.Dense(x.RowCount, x.ColumnCount, (i, j) => x[i, j] / scales[i]);
        return (y, Backward);

        Matrix<double> Backward(Matrix<double> g)
        {
            var along = g.PointwiseMultiply(y).RowSums() / g.ColumnCount;
            return Matrix<double>.Build.Dense(
                g.RowCount, g.ColumnCount, (i, j) => (g[i, j] - y[i, j] * along[i]) / scales[i]);
        }
    }

    private Matrix<double> Gaussian(int rows, int columns, double variance) =>
        Matrix<double>.Build.Dense(rows, columns, (_, _) => Math.Sqrt(variance) * Normal.Sample(_random, 0, 1));

    private static double Squares(Matrix<double> matrix) => matrix.Enumerate().Sum(v => v * v);
}
