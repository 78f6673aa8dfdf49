using MathNet.Numerics.Distributions;
using MathNet.Numerics.Random;

namespace GradFlow.Theory.Tests;

public sealed class FiniteWidthTests
{
    [Fact]
    public void Narrow_ReLU_nets_have_the_known_values()
    {
        FiniteWidth.FourthMomentGrowth(32, 10).ShouldBe(4.2708809, 1e-7);
        FiniteWidth.TypicalLogGrowth(32).ShouldBe(-0.0412701, 1e-7);
        FiniteWidth.BornDeadProbability(3, 10).ShouldBe(0.7369244, 1e-7);
    }

    [Theory]
    [InlineData(32, 10)]
    [InlineData(80, 4)]
    public void Drawn_nets_keep_the_square_and_scatter_as_published(int width, int depth)
    {
        var squares = DrawSquaredNorms(width, depth, 30_000);
        ShouldAgree(squares, 1);
        squares.Average(s => s * s).ShouldBe(FiniteWidth.FourthMomentGrowth(width, depth), 0.2 * 4.27);
    }

    [Theory]
    [InlineData(32)]
    [InlineData(6)]
    public void Typical_nets_shrink(int width)
    {
        var logs = DrawSquaredNorms(width, 1, 30_000).Where(s => s > 0).Select(s => 0.5 * Math.Log(s)).ToArray();
        ShouldAgree(logs, FiniteWidth.TypicalLogGrowth(width));
        FiniteWidth.TypicalLogGrowth(10_000).ShouldBe(-5 / 4e4, 1e-6);
    }

    [Theory]
    [InlineData(3, 10)]
    [InlineData(4, 25)]
    public void Some_nets_are_born_dead(int width, int depth)
    {
        var dead = DrawSquaredNorms(width, depth, 10_000).Select(s => s == 0 ? 1.0 : 0).ToArray();
        ShouldAgree(dead, FiniteWidth.BornDeadProbability(width, depth));
    }

    // Given its input's norm, a layer's pre-activations are independent Gaussians: no weights have to be drawn.
    private static double[] DrawSquaredNorms(int width, int depth, int nets)
    {
        var random = new MersenneTwister(width * 1000 + depth);
        return [.. Enumerable.Range(0, nets).Select(_ => Draw())];

        double Draw()
        {
            var squared = 1.0;
            for (var layer = 0; layer < depth; layer++)
            {
                var (scale, sum) = (Math.Sqrt(2 * squared / width), 0.0);
                for (var unit = 0; unit < width; unit++)
                {
                    var value = Math.Max(0, scale * Normal.Sample(random, 0, 1));
                    sum += value * value;
                }

                squared = sum;
            }

            return squared;
        }
    }

    private static void ShouldAgree(double[] values, double expected)
    {
        var mean = values.Average();
        var error = Math.Sqrt(values.Sum(v => (v - mean) * (v - mean))) / values.Length;
        mean.ShouldBe(expected, 4 * error);
    }
}
