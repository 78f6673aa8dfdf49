using GradFlow.Autograd;
using GradFlow.Nn;
using GradFlow.Runs;
using GradFlow.Tensors;
using GradFlow.Theory;
using Tanh = GradFlow.Nn.Tanh;

namespace GradFlow.Flow.Tests;

/// <summary>What theory says of recurrent nets, against layers of this engine.</summary>
public sealed class ThroughTimeTruthTests
{
    /// <summary>
    /// Sompolinsky, Crisanti and Sommers (1988): without a drive, tanh units with weights of variance σw²/N settle
    /// into chaos at q*, and differences grow by ½·ln χ per step.
    /// </summary>
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void A_large_chaotic_layer_has_the_exponent_of_mean_field_theory(double sigmaW)
    {
        const int Units = 500, Steps = 400, Settle = 100;
        var theory = new MeanField(Nonlinearities.Tanh, sigmaW * sigmaW);
        Rnn rnn = Cells.Rnn(
            new Tanh("rnn-1"), Cells.Draw("u", sigmaW / Math.Sqrt(Units), Units, Units), Cells.Draw("w", 1, Units, 1));
        using var tape = new Tape();
        Variable output = rnn.Apply(tape.Constant(Kick(Steps)), Pass.Evaluation);

        double lambda = LyapunovExponents.Of(output.Recurrence!.Map!, 0, 1, Settle)[0];
        double expected = Math.Log(theory.Chi()) / 2;
        lambda.ShouldBe(expected, 0.05 * expected);
        double meanSquare = output.Recurrence.StateRms()[Settle..].Average(rms => rms * rms);
        (sigmaW * sigmaW * meanSquare).ShouldBe(theory.FixedPoint(), 0.05 * theory.FixedPoint());
    }

    [Theory]
    [InlineData(1.25)]
    [InlineData(1.1)]
    [InlineData(2)]
    public void A_latch_rests_and_forgets_as_computed(double weight)
    {
        TimeProfile profile = Cells.Profile(
            Cells.Rnn(new Tanh("rnn-1"), Cells.Scalar(weight), Cells.Scalar(1)), Kick(1000), Cells.LastOutputs);
        profile.StateRms![^1]!.Value.ShouldBe(Latch.RestingState(weight), 1e-7);
        profile.Lyapunov!.Value.ShouldBe(Math.Log(Latch.Slope(weight)), 1e-7);
    }

    /// <summary>∂h_T/∂w of h_t = a·h_{t−1} + w·x_t at x = 1 is Σ aᵏ, up to the cut.</summary>
    [Theory]
    [InlineData(0.9, 10, 50)]
    [InlineData(0.5, 3, 7)]
    [InlineData(-0.7, 4, 9)]
    [InlineData(1.05, 7, 21)]
    public void Truncation_keeps_the_computed_share_of_a_gradient(double a, int window, int steps)
    {
        double Gradient(int? cut)
        {
            Rnn rnn = Cells.Rnn(null, Cells.Scalar(a), Cells.Scalar(1), window: cut);
            using var tape = new Tape();
            Tensor ones = Tensor.Zeros(new Shape(1, steps, 1), ElementType.Float64);
            Kernels.FillInPlace(ones, 1);
            tape.Backward(Cells.LastOutputs(rnn.Apply(tape.Constant(ones), Pass.Evaluation)));
            return rnn.Parameters.Weight.Gradient.ToDoubles()[0];
        }
        (Gradient(window) / Gradient(null)).ShouldBe(Truncation.CapturedShare(a, window, steps), 1e-7);
    }

    /// <summary>Pascanu, Mikolov and Bengio (2013): ‖∏J‖ ≤ (γσ₁)ᵗ, at every sample and every length.</summary>
    [Theory]
    [InlineData("tanh", 0.5)]
    [InlineData("tanh", 2)]
    [InlineData("relu", 0.8)]
    [InlineData("identity", 1.1)]
    public void No_measured_product_of_Jacobians_exceeds_Pascanus_bound(string name, double gain)
    {
        const int Units = 16, Steps = 20, Samples = 5;
        Nonlinearity phi = Nonlinearities.Find(name)!;
        Activation? activation = name == "tanh" ? new Tanh("rnn-1") : name == "relu" ? new Relu("rnn-1") : null;
        Tensor u = Cells.Draw("u", gain / Math.Sqrt(Units), Units, Units);
        using var tape = new Tape();
        Variable output = Cells.Rnn(activation, u)
            .Apply(tape.Constant(Cells.Draw("x", 1, Samples, Steps, 3)), Pass.Evaluation);
        StateMap map = output.Recurrence!.Map!;
        double largest = Spectra.SpectralNorm(map.RecurrentMatrix());
        for (int sample = 0; sample < Samples; sample++)
        {
            double[,] product = map.Jacobian(sample, 1);
            for (int step = 2; step < Steps; step++)
            {
                product = Product(map.Jacobian(sample, step), product);
                double bound = Bounds.JacobianNorm(phi, largest, step);
                Spectra.SpectralNorm(product).ShouldBeLessThanOrEqualTo(bound * (1 + 1e-12));
            }
        }
    }

    /// <summary>Input at the first step alone.</summary>
    private static Tensor Kick(int steps)
    {
        Tensor kick = Tensor.Zeros(new Shape(1, steps, 1), ElementType.Float64);
        kick[0, 0, 0] = 1;
        return kick;
    }

    private static double[,] Product(double[,] a, double[,] b)
    {
        int n = a.GetLength(0);
        var product = new double[n, n];
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++)
                for (int k = 0; k < n; k++) product[i, j] += a[i, k] * b[k, j];
        return product;
    }
}
