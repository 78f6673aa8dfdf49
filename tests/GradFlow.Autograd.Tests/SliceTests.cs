using GradFlow.Tensors;

namespace GradFlow.Autograd.Tests;

public sealed class SliceTests
{
    [Fact]
    public void Stretches_of_very_different_size_add_at_the_largest_and_lose_nothing_that_shows_beside_it()
    {
        double[] norms = NormsOfStretches([1e-30, 1, 1e30, 1e20]);
        norms[0].ShouldBe(90, 1e-6);
    }

    [Fact]
    public void A_stretch_that_gets_exact_zeros_does_not_flush_a_vanished_one()
    {
        double[] norms = NormsOfStretches([1e-30, 0, 0, 0]);
        norms[0].ShouldBe(-90, 1e-6);
    }

    [Fact]
    public void Only_zeros_are_zero() => NormsOfStretches([0, 0, 0, 0])[0].ShouldBe(double.NegativeInfinity);

    [Fact]
    public void Norms_that_were_asked_for_agree_with_gradients_and_leave_parameters_alone()
    {
        var weight = new Parameter("w", Draws.Twofold("w", 3, 3));
        using var tape = new Tape();
        Variable x = tape.Input(Draws.Twofold("x", 2, 3)), h = Ops.Tanh(Ops.MatMul(x, tape.Use(weight)));
        Variable loss = Ops.Sum(Ops.Sin(Ops.MatMul(h, tape.Use(weight))));
        double[] norms = tape.Log10GradientNorms(loss, [h, x, tape.Constant(Tensor.Zeros(new Shape(2)))]);
        Tensor?[] gradients = tape.Gradients(loss, [h, x]);
        weight.HasGradient.ShouldBeFalse();
        norms[0].ShouldBe(Kernels.Log10Norm(gradients[0]!), 1e-12);
        norms[1].ShouldBe(Kernels.Log10Norm(gradients[1]!), 1e-12);
        norms[2].ShouldBe(double.NegativeInfinity);
    }

    /// <summary>The norm at x of a loss Σ s³·x_i over stretches of x with factor s each, three times applied.</summary>
    private static double[] NormsOfStretches(double[] factors)
    {
        using var tape = new Tape();
        Variable x = tape.Input(Tensor.From(new float[factors.Length]));
        Variable? sum = null;
        for (int i = 0; i < factors.Length; i++)
        {
            Variable part = Ops.Slice(x, 0, i, 1);
            for (int turn = 0; turn < 3; turn++) part = Ops.Scale(part, factors[i]);
            sum = sum is null ? part : Ops.Add(sum, part);
        }
        return tape.Log10GradientNorms(Ops.Sum(sum!), [x]);
    }
}
