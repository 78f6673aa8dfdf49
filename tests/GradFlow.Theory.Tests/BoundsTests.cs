using MathNet.Numerics.Distributions;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Random;

namespace GradFlow.Theory.Tests;

public sealed class BoundsTests
{
    [Theory]
    [InlineData(20, 9.094947017729282e-13)]
    [InlineData(3, 1 / 64.0)]
    [InlineData(0, 1)]
    public void Sigmoids_pass_at_most_a_quarter_per_layer(int layers, double bound) =>
        Bounds.JacobianNorm(Nonlinearities.Sigmoid, 1, layers).ShouldBe(bound, 1e-15 * bound);

    [Fact]
    public void Quarters_underflow_where_the_formats_end()
    {
        Bounds.FirstZeroPower((Half)0.25f).ShouldBe(13);
        Bounds.FirstZeroPower(0.25f).ShouldBe(75);
        Bounds.FirstZeroPower(0.25).ShouldBe(538);
        Bounds.FirstZeroPower(0.5).ShouldBe(1075);
        Bounds.FirstZeroPower(0.0).ShouldBe(1);
        Should.Throw<ArgumentOutOfRangeException>(() => Bounds.FirstZeroPower(0.9));
        Should.Throw<ArgumentOutOfRangeException>(() => Bounds.FirstZeroPower(double.NaN));
    }

    [Theory]
    [InlineData("tanh")]
    [InlineData("sigmoid")]
    public void No_recurrent_Jacobian_exceeds_Pascanus_bound(string name)
    {
        var phi = Nonlinearities.Find(name)!;
        var random = new MersenneTwister(8);
        for (var sample = 0; sample < 20; sample++)
        {
            var weights = Matrix<double>.Build.Dense(12, 12, (_, _) => Normal.Sample(random, 0, 0.4));
            var state = Vector<double>.Build.Dense(12, _ => Normal.Sample(random, 0, 0.1));
            var jacobian = Matrix<double>.Build.DenseIdentity(12);
            var largest = Spectra.SpectralNorm(weights.ToArray());
            for (var t = 1; t <= 15; t++)
            {
                var before = weights * state;
                state = before.Map(phi.Value, Zeros.Include);
                jacobian = Matrix<double>.Build.DenseOfDiagonalVector(before.Map(phi.Slope, Zeros.Include))
                    * weights * jacobian;
                jacobian.L2Norm().ShouldBeLessThanOrEqualTo(Bounds.JacobianNorm(phi, largest, t) * (1 + 1e-12));
            }
        }
    }

    [Fact]
    public void Clipping_by_norm_keeps_the_direction_and_by_value_does_not()
    {
        ClippingAngles.ByNorm([10, 0.1], 1).ShouldBe(0, 1e-12);
        ClippingAngles.ByValue([10, 0.1], 1).ShouldBe(5.13765, 1e-5);
        ClippingAngles.ByValue([0.3, -0.1], 1).ShouldBe(0, 1e-12);

        // Two values: the difference of two slopes' angles.
        var angle = double.RadiansToDegrees(Math.Atan2(1, 2) - Math.Atan2(1, 50));
        ClippingAngles.ByValue([50, -1], 2).ShouldBe(angle, 1e-10);
    }

    [Fact]
    public void Clipping_angles_need_a_gradient_and_a_threshold()
    {
        Should.Throw<ArgumentException>(() => ClippingAngles.ByValue([0, 0], 1));
        Should.Throw<ArgumentOutOfRangeException>(() => ClippingAngles.ByNorm([1], 0));
    }
}
