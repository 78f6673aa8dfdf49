using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn.Tests;

/// <summary>Layers that end sequences see what each holds and not the padding behind it.</summary>
public sealed class PaddingTests
{
    private static readonly int[] Lengths = [2, 4, 1];

    public static TheoryData<string> Ends => ["last-step", "max", "average"];

    [Theory]
    [MemberData(nameof(Ends))]
    public void A_padded_sequence_ends_as_it_does_alone(string end)
    {
        Module layer = end switch
        {
            "last-step" => new LastStep("end"),
            "max" => new GlobalPool("end", PoolingKind.Max),
            _ => new GlobalPool("end", PoolingKind.Average),
        };
        using var tape = new Tape();
        Tensor x = Tensor.Zeros(new Shape(3, 4, 2), ElementType.Float64);
        Kernels.FillNormalInPlace(x, new RandomKey(1, "x"), -3, 1);

        Variable input = tape.Input(x), padded = layer.Apply(input, Pass.Evaluation with { Lengths = Lengths });

        padded.Shape.ShouldBe(new Shape(3, 2));
        double[] gradient = tape.Gradients(Ops.Sum(padded), [input])[0]!.ToDoubles();
        for (int i = 0; i < 3; i++)
        {
            Variable alone = tape.Input(x.Slice(0, i, 1).Slice(1, 0, Lengths[i]).Clone());
            Variable y = layer.Apply(alone, Pass.Evaluation);
            double[] own = tape.Gradients(Ops.Sum(y), [alone])[0]!.ToDoubles();
            for (int k = 0; k < 2; k++) padded.Value[i, k].ShouldBe(y.Value[0, k], 1e-14);
            for (int k = 0; k < 8; k++)
                gradient[(8 * i) + k].ShouldBe(k < own.Length ? own[k] : 0, 1e-15);
        }
    }

    [Fact]
    public void Lengths_must_be_those_of_the_batch()
    {
        using var tape = new Tape();
        Variable x = tape.Input(Tensor.Zeros(new Shape(3, 4, 2)));

        Should.Throw<ArgumentException>(() => new LastStep("end").Apply(
            x, Pass.Evaluation with { Lengths = new[] { 1, 2 } })).Message.ShouldContain("2 time steps of [3, 4, 2]");
        Should.Throw<ArgumentException>(() => new LastStep("end").Apply(
            x, Pass.Evaluation with { Lengths = new[] { 1, 5, 2 } }));
        Should.Throw<ArgumentException>(() => new GlobalPool("end", PoolingKind.Max).Apply(
            x, Pass.Evaluation with { Lengths = new[] { 1, 2 } })).Message.ShouldContain("expected one per sample");
    }
}
