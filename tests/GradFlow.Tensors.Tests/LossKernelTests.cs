namespace GradFlow.Tensors.Tests;

public sealed class LossKernelTests
{
    private static readonly int[] Labels = [2, 0, 4, 4];

    [Fact]
    public void Softmax_and_cross_entropy_agree_with_their_formulas()
    {
        foreach (ElementType type in Layouts.Types)
        {
            Tensor x = Layouts.Dense(new Shape(4, 5), type), p = Tensor.Zeros(x.Shape, type),
                q = Tensor.Zeros(x.Shape, type);
            double loss = Kernels.SoftmaxCrossEntropy(x, Labels, p), expected = 0, bound = 16 * Layouts.Rounding(type);
            Kernels.Softmax(x, q);
            q.ToDoubles().ShouldBe(p.ToDoubles());
            Tensor g = Tensor.Zeros(x.Shape, type);
            Kernels.SoftmaxCrossEntropyBackward(p, Labels, 0.5, g);
            for (int i = 0; i < 4; i++)
            {
                double total = Enumerable.Range(0, 5).Sum(j => Math.Exp(x[i, j]));
                expected += (Math.Log(total) - x[i, Labels[i]]) / 4;
                for (int j = 0; j < 5; j++)
                {
                    p[i, j].ShouldBe(Math.Exp(x[i, j]) / total, bound);
                    g[i, j].ShouldBe(0.5 * (Math.Exp(x[i, j]) / total - (j == Labels[i] ? 1 : 0)), bound);
                }
            }
            loss.ShouldBe(expected, 4 * bound);
        }
    }

    [Fact]
    public void Enormous_logits_neither_overflow_nor_turn_into_NaN()
    {
        Tensor x = Tensor.From([1000f, 0f, -1000f, -1000f], 2, 2), p = Tensor.Zeros(x.Shape);
        Kernels.SoftmaxCrossEntropy(x, [1, 0], p).ShouldBe((1000 + Math.Log(2)) / 2, 1e-4);
        p.ToDoubles().ShouldBe([1, 0, 0.5, 0.5]);
        Tensor logits = Tensor.From([1000.0, -1000, 1000, 40]), targets = Tensor.From([1.0, 0, 0, 1]);
        Kernels.BinaryCrossEntropy(logits, targets).ShouldBe((1000 + Math.Exp(-40)) / 4, 1e-12);
    }

    [Fact]
    public void A_confident_answers_loss_is_small_but_not_zero() =>
        Kernels.BinaryCrossEntropy(Tensor.From([40.0]), Tensor.From([1.0])).ShouldBe(Math.Exp(-40), 1e-32);

    [Fact]
    public void Elementwise_losses_agree_with_their_formulas()
    {
        foreach (ElementType type in Layouts.Types)
        {
            Tensor x = Layouts.Dense(new Shape(3, 7), type), t = Layouts.Dense(x.Shape, type, "t"),
                g = Tensor.Zeros(x.Shape, type);
            Kernels.Sigmoid(t, t);
            var pairs = x.ToDoubles().Zip(t.ToDoubles()).ToArray();
            Kernels.MeanSquaredError(x, t)
                .ShouldBe(pairs.Average(p => (p.First - p.Second) * (p.First - p.Second)), 1e-14);
            Kernels.BinaryCrossEntropy(x, t).ShouldBe(
                pairs.Average(p =>
                    -p.Second * Math.Log(Sigmoid(p.First)) - (1 - p.Second) * Math.Log(1 - Sigmoid(p.First))), 1e-14);
            Kernels.BinaryCrossEntropyBackward(x, t, 0.25, g);
            for (int i = 0; i < pairs.Length; i++)
                g.ToDoubles()[i]
                    .ShouldBe(0.25 * (Sigmoid(pairs[i].First) - pairs[i].Second), 8 * Layouts.Rounding(type));
            Should.Throw<ArgumentException>(() => Kernels.BinaryCrossEntropyBackward(x, t, 1, t));
        }
    }

    [Fact]
    public void Labels_that_do_not_fit_are_named()
    {
        Tensor x = Tensor.Zeros(new Shape(2, 3)), p = Tensor.Zeros(x.Shape);
        Should.Throw<ArgumentException>(() => Kernels.SoftmaxCrossEntropy(x, [0, 3], p)).Message
            .ShouldContain("label 3 with 3 outputs");
        Should.Throw<ArgumentException>(() => Kernels.SoftmaxCrossEntropy(x, [0], p)).Message.ShouldContain("1 labels");
        Should.Throw<ArgumentException>(() => Kernels.SoftmaxCrossEntropyBackward(p, [-2, 0], 1, x));
        Should.Throw<ArgumentException>(() => Kernels.Softmax(Tensor.Zeros(new Shape(3)), Tensor.Zeros(new Shape(3))));
        Should.Throw<ArgumentException>(() => Kernels.MeanSquaredError(x, Tensor.Zeros(new Shape(3, 2))));
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
}
