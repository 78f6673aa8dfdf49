using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn.Tests;

public sealed class EmbeddingTests
{
    private static readonly double[] Words = [2, 0, 1, 2, 2, 3];

    [Theory]
    [InlineData(ElementType.Float32)]
    [InlineData(ElementType.Float64)]
    public void Words_by_number_and_one_hot_words_have_the_same_vectors(ElementType type)
    {
        Parameter weight = Weight(type);
        Tensor numbers = Words.ToTensor(type, 2, 3);
        Tensor oneHot = Words.SelectMany(word => Enumerable.Range(0, 4).Select(k => k == word ? 1.0 : 0)).ToArray()
            .ToTensor(type, 2, 3, 4);
        using var tape = new Tape();
        Tensor y = new Embedding("e", weight).Apply(tape.Constant(numbers), Pass.Evaluation).Value;
        y.Shape.ShouldBe(new Shape(2, 3, 5));
        y.ToDoubles().ShouldBe(Words.SelectMany(word => weight.Value.Slice(0, (int)word, 1).ToDoubles()));
        new Embedding("e", weight, isOneHot: true).Apply(tape.Constant(oneHot), Pass.Evaluation).Value.ToDoubles()
            .ShouldBe(y.ToDoubles());
    }

    [Fact]
    public void The_gradient_goes_to_the_words_that_occur_and_adds_up()
    {
        Parameter weight = Weight(ElementType.Float64);
        using var tape = new Tape();
        Variable y = new Embedding("e", weight).Apply(
            tape.Constant(new double[] { 2, 0, 2 }.ToTensor(ElementType.Float64, 1, 3)), Pass.Evaluation);
        Tensor g = ModuleTests.Random(y.Shape, 3, ElementType.Float64);
        tape.Backward(y, g);
        Tensor rows = g.Reshape(new Shape(3, 5));
        for (int k = 0; k < 5; k++)
        {
            weight.Gradient[0, k].ShouldBe(rows[1, k]);
            weight.Gradient[2, k].ShouldBe(rows[0, k] + rows[2, k], 1e-15);
            (weight.Gradient[1, k], weight.Gradient[3, k]).ShouldBe((0, 0));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Padding_holds_no_words(bool isOneHot)
    {
        Parameter weight = Weight(ElementType.Float64);
        double[] numbers = [2, 0, 0, 0, 3, 1];
        double[] oneHot = [.. numbers.SelectMany((word, place) => Enumerable.Range(0, 4).Select(
            k => k == word && place is 0 or 3 or 4 ? 1.0 : 0))];
        Tensor x = isOneHot
            ? oneHot.ToTensor(ElementType.Float64, 2, 3, 4)
            : numbers.ToTensor(ElementType.Float64, 2, 3);
        using var tape = new Tape();
        Variable y = new Embedding("e", weight, isOneHot).Apply(
            tape.Constant(x), Pass.Evaluation with { Lengths = new[] { 1, 2 } });
        y.Value.ToDoubles().ShouldBe(
            [.. Vector(2), .. new double[10], .. Vector(0), .. Vector(3), .. new double[5]]);
        tape.Backward(y, Tensor.Full(y.Shape, 1, ElementType.Float64));
        weight.Gradient.ToDoubles().ShouldBe(
            [.. Enumerable.Repeat(1.0, 5), .. new double[5], .. Enumerable.Repeat(1.0, 10)]);

        double[] Vector(int word) => weight.Value.Slice(0, word, 1).ToDoubles();
    }

    [Theory]
    [InlineData(4)]
    [InlineData(-1)]
    [InlineData(0.5)]
    [InlineData(double.NaN)]
    public void What_is_no_word_is_refused(double number) => Message(
        new Embedding("words-1", Weight(ElementType.Float64)), new[] { number }.ToTensor(ElementType.Float64, 1, 1))
        .ShouldContain("expected a whole number from 0 to 3");

    [Fact]
    public void Rows_that_are_not_one_hot_are_refused()
    {
        var embedding = new Embedding("words-1", Weight(ElementType.Float64), isOneHot: true);
        Message(embedding, Tensor.Zeros(new Shape(2, 4), ElementType.Float64)).ShouldContain("a row without a 1");
        Message(embedding, Tensor.Zeros(new Shape(2, 3), ElementType.Float64)).ShouldContain("rows of 3 for 4 words");
    }

    private static Parameter Weight(ElementType type) => new("e.weight", ModuleTests.Random(new Shape(4, 5), 2, type));

    private static string Message(Module module, Tensor x)
    {
        using var tape = new Tape();
        return Should.Throw<ArgumentException>(() => module.Apply(tape.Constant(x), Pass.Evaluation)).Message;
    }
}
