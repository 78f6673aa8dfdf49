using System.Text.Json;
using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn.Tests;

public sealed class LossTests
{
    public static TheoryData<string> Names { get; } = [.. Losses.All.Select(loss => loss.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Value_and_gradient_agree_with_PyTorch(string name)
    {
        JsonElement reference = Reference.Case("losses", name);
        int[] shape = reference.GetProperty("shape").EnumerateArray().Select(e => e.GetInt32()).ToArray();
        double[] target = reference.Numbers("target");
        using var tape = new Tape();
        Variable output = tape.Input(reference.Numbers("output").ToTensor(ElementType.Float64, shape));
        Loss loss = Losses.Find(name);
        Variable value = loss.Evaluate(output, loss.IsClassification
            ? Target.Of(target.Select(label => (int)label).ToArray())
            : Target.Of(target.ToTensor(ElementType.Float64, shape)));
        value.Value[[]].ShouldBe(reference.GetProperty("value").GetDouble(), 1e-12);
        tape.Gradients(value, [output])[0]!.ToDoubles().ShouldBe(reference.Numbers("gradient"), 1e-12);
    }

    [Fact]
    public void Binary_labels_mean_the_same_as_values_of_0_and_1()
    {
        using var tape = new Tape();
        Variable logits = tape.Input(Tensor.From([0.3f, -2, 5], 3, 1));
        var loss = new BinaryCrossEntropy();
        double byLabel = loss.Evaluate(logits, Target.Of((int[])[1, 0, 1])).Value[[]];
        byLabel.ShouldBe(loss.Evaluate(logits, Target.Of(Tensor.From([1f, 0, 1], 3, 1))).Value[[]]);
    }

    [Fact]
    public void A_loss_says_what_it_cannot_compare()
    {
        using var tape = new Tape();
        Variable outputs = tape.Input(Tensor.Zeros(new Shape(3, 2)));
        Variable logits = tape.Input(Tensor.Zeros(new Shape(3, 1)));
        Message(() => new CrossEntropy().Evaluate(outputs, Target.Of(outputs.Value)))
            .ShouldContain("class labels; got values of shape [3, 2]");
        Message(() => new MeanSquaredError().Evaluate(outputs, Target.Of((int[])[0, 1, 1])))
            .ShouldContain("compares with values; got 3");
        Message(() => new CrossEntropy().Evaluate(outputs, Target.Of((int[])[0, 2, 1])))
            .ShouldContain("label 2 with 2 outputs");
        Message(() => new BinaryCrossEntropy().Evaluate(outputs, Target.Of((int[])[0, 1, 1])))
            .ShouldContain("one logit per label");
        Message(() => new BinaryCrossEntropy().Evaluate(logits, Target.Of((int[])[0, 2, 1])))
            .ShouldContain("expects 0 or 1");
        Message(() => Losses.Find("crossentropy")).ShouldContain("expected one of cross-entropy, binary-cross-entropy");
    }

    [Fact]
    public void Accuracy_counts_the_largest_output()
    {
        Accuracy.Of(Tensor.From([1f, 2, 3, 3, 2, 1, 0, 9, 0], 3, 3), [2, 0, 0]).ShouldBe(2 / 3.0);
        Accuracy.Of(Tensor.From([1.0, 1.0], 1, 2), [0]).ShouldBe(1, "the first of equals");
    }

    [Fact]
    public void Accuracy_of_a_single_logit_has_its_threshold_at_0()
    {
        Accuracy.Of(Tensor.From([-0.1f, 0.1f, 0, 7], 4, 1), [0, 1, 0, 0]).ShouldBe(0.75);
        Accuracy.Of(Tensor.From([-0.1f, 0.1f], 2), [1, 1]).ShouldBe(0.5);
    }

    [Fact]
    public void Accuracy_counts_outputs_that_are_not_numbers_as_wrong()
    {
        Accuracy.Of(Tensor.From([float.NaN, 0, 0, float.NaN], 2, 2), [0, 1]).ShouldBe(0);
        Accuracy.Of(Tensor.From([float.NaN, float.NaN], 2, 1), [0, 1]).ShouldBe(0);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Time_steps_count_like_samples(string name)
    {
        double[] numbers = [0.2, 0.3, 0.1, 0.9, 0.4, 0.5, 0.6, 0.7, 0.8, 0.35, 0.15, 0.25];
        Loss loss = Losses.Find(name);
        using var tape = new Tape();
        Variable flat = tape.Input(numbers.ToTensor(ElementType.Float64, 6, 2));
        Variable steps = tape.Input(numbers.ToTensor(ElementType.Float64, 2, 3, 2));
        bool takesLabels = loss is CrossEntropy or NllProbabilities;
        Target Of(int[] shape) => takesLabels
            ? Target.Of((int[])[0, 1, 1, 0, 1, 0])
            : Target.Of(numbers.Reverse().ToArray().ToTensor(ElementType.Float64, shape));

        Variable expected = loss.Evaluate(flat, Of([6, 2])), actual = loss.Evaluate(steps, Of([2, 3, 2]));

        actual.Value[[]].ShouldBe(expected.Value[[]]);
        Tensor gradient = tape.Gradients(actual, [steps])[0]!;
        gradient.Shape.ShouldBe(steps.Shape);
        gradient.ToDoubles().ShouldBe(tape.Gradients(expected, [flat])[0]!.ToDoubles());
        string refusal = Message(() => loss.Evaluate(steps, takesLabels ? Target.Of((int[])[0, 1]) : Of([3, 2, 2])));
        refusal.ShouldContain(takesLabels ? "2 labels" : "expects the same shape");
    }

    [Fact]
    public void Accuracy_is_of_every_step_or_of_the_last()
    {
        Tensor output = Tensor.From([1f, 0, 1, 0, 0, 1, 0, 1, 1, 0, 1, 0], 2, 3, 2);
        Accuracy.Of(output, [0, 0, 0, 0, 0, 0]).ShouldBe(4 / 6.0);
        Accuracy.OfLastStep(output, [1, 1]).ShouldBe(0.5);
        Accuracy.OfLastStep(Tensor.From([1f, 0, 0, 1], 2, 2), [0, 1]).ShouldBe(1, "there is but one step");
        Message(() => Accuracy.Of(output, [1, 1])).ShouldContain("[n, steps, classes] and n·steps labels");
        Message(() => Accuracy.OfLastStep(output, [1, 1, 1])).ShouldContain("3 labels for outputs of shape [2, 3, 2]");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_is_not_counted_changes_neither_the_mean_nor_the_gradient_of_the_others(string name)
    {
        double[] numbers = [0.2, 0.3, 0.1, 0.9, 0.4, 0.5, 0.6, 0.7];
        Loss loss = Losses.Find(name);
        bool takesLabels = loss is CrossEntropy or NllProbabilities;
        using var tape = new Tape();
        Variable all = tape.Input(numbers.ToTensor(ElementType.Float64, 1, 4, 2));
        Variable counted = tape.Input(((double[])[.. numbers[..2], .. numbers[4..6]]).ToTensor(
            ElementType.Float64, 1, 2, 2));
        const double Gap = double.NaN;

        Variable padded = loss.Evaluate(all, takesLabels
            ? Target.Of((int[])[1, -1, 0, -1])
            : Target.Of(((double[])[0.3, 0.6, Gap, Gap, 1, 0.2, Gap, Gap]).ToTensor(ElementType.Float64, 1, 4, 2)));
        Variable whole = loss.Evaluate(counted, takesLabels
            ? Target.Of((int[])[1, 0])
            : Target.Of(((double[])[0.3, 0.6, 1, 0.2]).ToTensor(ElementType.Float64, 1, 2, 2)));

        padded.Value[[]].ShouldBe(whole.Value[[]], 1e-15);
        double[] gradient = tape.Gradients(padded, [all])[0]!.ToDoubles();
        double[] expected = tape.Gradients(whole, [counted])[0]!.ToDoubles();
        gradient[..2].ShouldBe(expected[..2]);
        gradient[4..6].ShouldBe(expected[2..]);
        gradient[2..4].Concat(gradient[6..]).ShouldAllBe(g => g == 0);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_batch_of_nothing_that_counts_has_no_loss_and_no_gradient(string name)
    {
        Loss loss = Losses.Find(name);
        using var tape = new Tape();
        Variable output = tape.Input(((double[])[0.2, 0.3, 0.1, 0.9]).ToTensor(ElementType.Float64, 2, 2));

        Variable none = loss.Evaluate(output, loss is CrossEntropy or NllProbabilities
            ? Target.Of((int[])[-1, -1])
            : Target.Of(((double[])[double.NaN, double.NaN, double.NaN, double.NaN]).ToTensor(
                ElementType.Float64, 2, 2)));

        none.Value[[]].ShouldBe(0);
        tape.Gradients(none, [output])[0]!.ToDoubles().ShouldBe([0, 0, 0, 0]);
    }

    [Fact]
    public void A_label_that_is_not_asked_for_is_neither_right_nor_wrong()
    {
        Tensor outputs = Tensor.From([1f, 2, 3, 3, 2, 1, 0, 9, 0], 3, 3);

        Accuracy.Of(outputs, [2, -1, 0]).ShouldBe(0.5);
        Accuracy.Of(Tensor.From([-0.1f, 0.1f, 5], 3, 1), [0, 0, -1]).ShouldBe(0.5);
        Accuracy.Of(outputs, [-1, -1, -1]).ShouldBe(double.NaN);
        using var tape = new Tape();
        Variable logits = tape.Input(Tensor.From([0.3f, -2, 5], 3, 1));
        var loss = new BinaryCrossEntropy();
        loss.Evaluate(logits, Target.Of((int[])[1, -1, 1])).Value[[]].ShouldBe(loss.Evaluate(
            tape.Input(Tensor.From([0.3f, 5], 2, 1)), Target.Of((int[])[1, 1])).Value[[]]);
    }

    private static string Message(Action action) => Should.Throw<ArgumentException>(action).Message;
}
