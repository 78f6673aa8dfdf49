using MathNet.Numerics;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Random;

namespace GradFlow.Theory.Tests;

public sealed class JacobianProductsTests
{
    [Fact]
    public void Newmans_exponents_have_their_known_values()
    {
        JacobianProducts.GaussianExponents(10)[0].ShouldBe(-0.0516601, 1e-7);
        JacobianProducts.GaussianExponents(10, 3)[0].ShouldBe(Math.Log(3) - 0.0516601, 1e-7);
        JacobianProducts.CriticalGaussianGain(10).ShouldBe(1.0530178, 1e-7);
        JacobianProducts.GaussianExponents(4)
            .ShouldBe([-0.1351814, -0.3283286, -0.6351814, -1.3283286], 1e-7);
    }

    [Theory]
    [InlineData(1, 0.7)]
    [InlineData(4, 1)]
    [InlineData(10, 1.2)]
    public void Products_of_Gaussian_matrices_have_Newmans_exponents(int size, double gain)
    {
        const int steps = 4000;
        var random = new MersenneTwister(size);
        var factors = Enumerable.Range(0, steps).Select(_ => Gaussian(random, size, gain / Math.Sqrt(size)));
        var measured = JacobianProducts.MeasureExponents(factors);
        var expected = JacobianProducts.GaussianExponents(size, gain);
        for (var i = 0; i < size; i++)
        {
            var variance = Trigamma((size - i) / 2.0) / 4;
            measured[i].ShouldBe(expected[i], 4 * Math.Sqrt(variance / steps), $"exponent {i}");
        }
    }

    [Theory]
    [InlineData(2, 150_000)]
    [InlineData(10, 25_000)]
    public void At_the_critical_gain_a_product_neither_grows_nor_shrinks(int size, int steps)
    {
        const double tolerance = 0.005;
        var standardError = Math.Sqrt(Trigamma(size / 2.0) / 4 / steps);
        (3 * standardError).ShouldBeLessThan(tolerance, "so many factors are enough for it");

        var random = new MersenneTwister(size);
        var factors = Enumerable.Range(0, steps).Select(_ => Gaussian(random, size, 1 / Math.Sqrt(size)));
        var critical = Math.Exp(-JacobianProducts.MeasureExponents(factors)[0]);
        critical.ShouldBe(JacobianProducts.CriticalGaussianGain(size), tolerance * critical);
    }

    [Fact]
    public void Exponents_of_a_repeated_diagonal_are_its_logs() =>
        JacobianProducts.MeasureExponents(Enumerable.Repeat(new double[,] { { 2, 0 }, { 0, 0.5 } }, 30))
            .ShouldBe([Math.Log(2), -Math.Log(2)], 1e-12);

    [Theory]
    [InlineData("identity", false, 4)]
    [InlineData("relu", false, 7)]
    [InlineData("relu", true, 4)]
    [InlineData("identity", true, 1)]
    public void Jacobians_of_three_layers_spread_as_published(string phi, bool orthogonal, double moment)
    {
        var nonlinearity = Nonlinearities.Find(phi)!;
        JacobianProducts.NormalizedSecondMoment(nonlinearity, 1, 3, orthogonal).ShouldBe(moment, 1e-12);

        const int size = 150;
        var random = new MersenneTwister(5);
        var spread = Enumerable.Range(0, 6).Average(_ => SpreadOfJacobian(random, size, nonlinearity, orthogonal));
        spread.ShouldBe(moment, 0.05 * moment);
    }

    [Theory]
    [InlineData(1, 4)]
    [InlineData(2, 6.75)]
    [InlineData(3, 256 / 27.0)]
    public void The_largest_singular_value_of_a_product_grows_with_its_length(int depth, double squared)
    {
        JacobianProducts.LargestSquaredSingularValue(depth).ShouldBe(squared, 1e-12);

        const int size = 200;
        var random = new MersenneTwister(depth);
        var product = Matrix<double>.Build.DenseIdentity(size);
        for (var layer = 0; layer < depth; layer++)
        {
            product = Matrix<double>.Build.DenseOfArray(Gaussian(random, size, 1 / Math.Sqrt(size))) * product;
        }

        // Edges fluctuate by n^(−2/3), mostly downwards.
        var measured = LargestSquaredSingularValue(product);
        measured.ShouldBeInRange(0.92 * squared, 1.03 * squared);
    }

    [Fact]
    public void Products_need_square_factors()
    {
        Should.Throw<ArgumentException>(() => JacobianProducts.MeasureExponents([]));
        Should.Throw<ArgumentException>(() => JacobianProducts.MeasureExponents([new double[2, 3]]));
        Should.Throw<ArgumentOutOfRangeException>(() => JacobianProducts.GaussianExponents(3, 0));
    }

    private static double SpreadOfJacobian(MersenneTwister random, int size, Nonlinearity phi, bool orthogonal)
    {
        var jacobian = Matrix<double>.Build.DenseIdentity(size);
        var signal = Vector<double>.Build.Dense(size, _ => Normal.Sample(random, 0, 1));
        for (var layer = 0; layer < 3; layer++)
        {
            var weights = Matrix<double>.Build.DenseOfArray(Gaussian(random, size, 1 / Math.Sqrt(size)));
            weights = orthogonal ? weights.QR().Q : weights;
            var before = weights * signal;
            signal = before.Map(phi.Value, Zeros.Include);
            var slopes = Matrix<double>.Build.DenseOfDiagonalVector(before.Map(phi.Slope, Zeros.Include));
            jacobian = slopes * (weights * jacobian);
        }

        var gram = jacobian * jacobian.Transpose();
        return gram.Enumerate().Sum(v => v * v) / size / Math.Pow(gram.Trace() / size, 2);
    }

    // By power iteration, independently of the singular values that the library computes.
    private static double LargestSquaredSingularValue(Matrix<double> matrix)
    {
        var direction = Vector<double>.Build.Dense(matrix.ColumnCount, 1);
        for (var k = 0; k < 300; k++)
        {
            direction = matrix.TransposeThisAndMultiply(matrix * direction).Normalize(2);
        }

        return Math.Pow((matrix * direction).L2Norm(), 2);
    }

    private static double[,] Gaussian(MersenneTwister random, int size, double deviation)
    {
        var entries = new double[size, size];
        for (var k = 0; k < entries.Length; k++)
        {
            entries[k / size, k % size] = deviation * Normal.Sample(random, 0, 1);
        }

        return entries;
    }

    private static double Trigamma(double x) =>
        (SpecialFunctions.DiGamma(x + 1e-5) - SpecialFunctions.DiGamma(x - 1e-5)) / 2e-5;
}
