using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn.Tests;

public sealed class AttentionDecoderTests
{
    private const int Samples = 3, Steps = 4, Inputs = 5, Symbols = 6, Units = 7;

    private static readonly int[] Wanted = [0, 5, 2, 1, 3, 3, 4, -1, 1, 0, -1, -1];

    [Fact]
    public void Gradients_of_all_parameters_and_the_input_are_those_of_central_differences()
    {
        AttentionDecoder decoder = Twofold();
        Tensor x = Sequences(), cotangent = Normal("cotangent", Samples, Steps, Symbols);
        Tensor[] at = [x, .. decoder.OwnParameters.Select(p => p.Value)];
        Tensor?[] gradients = GradientsOf(decoder, x, cotangent);
        for (int i = 0; i < at.Length; i++)
        {
            Tensor direction = Normal($"direction {i}", [.. at[i].Shape]), kept = at[i].Clone();
            double slope = 0;
            foreach (int sign in new[] { -1, 1 })
            {
                Tensor moved = Tensor.Zeros(kept.Shape, ElementType.Float64);
                Kernels.Scale(direction, sign * 1e-5, moved);
                Kernels.Add(kept, moved, at[i]);
                slope += sign * Kernels.Dot(Logits(decoder, x, Taught), cotangent) / 2e-5;
            }
            Kernels.Copy(kept, at[i]);
            double along = Kernels.Dot(gradients[i].ShouldNotBeNull(), direction);
            string name = i == 0 ? "x" : decoder.OwnParameters[i - 1].Name;
            along.ShouldBe(slope, 1e-6 * Math.Max(1, Math.Abs(slope)), name);
        }
    }

    [Fact]
    public void A_net_that_is_judged_reads_its_own_symbols_and_one_that_trains_the_right_ones()
    {
        AttentionDecoder decoder = Twofold();
        Tensor x = Sequences();
        double[] own = Logits(decoder, x, Pass.Evaluation).ToDoubles();
        Logits(decoder, x, Taught with { IsTraining = false }).ToDoubles().ShouldBe(own);
        Logits(decoder, x, Taught with { Teacher = default }).ToDoubles().ShouldBe(own);
        int[] written = Kernels.LargestInRows(Tensor.From(own).Reshape(new Shape(Samples * Steps, Symbols)));
        Logits(decoder, x, Taught with { Teacher = written }).ToDoubles().ShouldBe(own, "it is taught what it wrote");
        Logits(decoder, x, Taught).ToDoubles().ShouldNotBe(own);
    }

    [Fact]
    public void Half_of_teacher_forcing_is_drawn_by_the_steps_key()
    {
        AttentionDecoder decoder = Twofold(0.5), always = Twofold();
        Tensor x = Sequences();
        double[] first = Logits(decoder, x, Taught).ToDoubles();
        Logits(decoder, x, Taught).ToDoubles().ShouldBe(first);
        double[][] later = [.. Enumerable.Range(1, 8).Select(
            step => Logits(decoder, x, Taught with { Draws = new StepDraws(1, step) }).ToDoubles())];
        later.Count(logits => logits.SequenceEqual(first)).ShouldBeLessThan(8);
        later.Count(logits => logits.SequenceEqual(Logits(always, x, Taught).ToDoubles())).ShouldBeLessThan(8);
    }

    [Fact]
    public void What_lies_behind_a_samples_length_is_not_looked_at()
    {
        AttentionDecoder decoder = Twofold();
        Pass pass = Taught with { Lengths = (int[])[4, 2, 1] };
        Tensor x = Sequences();
        double[] before = Logits(decoder, x, pass).ToDoubles();
        for (int t = 2; t < Steps; t++) x[1, t, 3] = 99;
        Logits(decoder, x, pass).ToDoubles().ShouldBe(before);
        x[1, 1, 3] = 99;
        Logits(decoder, x, pass).ToDoubles().ShouldNotBe(before);
    }

    [Fact]
    public void Inputs_that_do_not_fit_are_refused()
    {
        AttentionDecoder decoder = Twofold();
        Should.Throw<ArgumentException>(() => Logits(decoder, Normal("x", 2, 3, Inputs + 1), Pass.Evaluation))
            .Message.ShouldContain("expected sequences [n, T, 5]");
        Should.Throw<ArgumentException>(() => Logits(decoder, Sequences(), Taught with { Teacher = (int[])[1] }))
            .Message.ShouldContain("got 1 symbols to read; expected 3·4");
        Should.Throw<ArgumentOutOfRangeException>(() => Twofold(1.1));
    }

    private static Pass Taught => new(true, new StepDraws(1, 0)) { Teacher = Wanted };

    private static Tensor Sequences() => Normal("x", Samples, Steps, Inputs);

    private static Tensor Logits(AttentionDecoder decoder, Tensor x, Pass pass)
    {
        using var tape = new Tape { IsRecording = false };
        return decoder.Apply(tape.Constant(x), pass).Value.Clone();
    }

    private static Tensor?[] GradientsOf(AttentionDecoder decoder, Tensor x, Tensor cotangent)
    {
        using var tape = new Tape();
        Variable input = tape.Input(x), logits = decoder.Apply(input, Taught);
        return tape.Gradients(logits, [input, .. decoder.OwnParameters.Select(tape.Use)], cotangent);
    }

    /// <summary>A decoder with weights in float64.</summary>
    private static AttentionDecoder Twofold(double teacherForcing = 1)
    {
        AttentionDecoderParameters p =
            AttentionDecoder.Create("decoder", Inputs, Symbols, Units, 3, seed: 4).Parameters;
        Parameter Of(Parameter single) => new(single.Name, single.Value.Clone(ElementType.Float64));
        return new AttentionDecoder(
            "decoder",
            new AttentionDecoderParameters(
                Of(p.Embedding), Of(p.KeyWeight), Of(p.QueryWeight), Of(p.Scores), Of(p.BeginWeight), Of(p.BeginBias),
                new RecurrentParameters(
                    Of(p.Cell.Weight), Of(p.Cell.RecurrentWeight), Of(p.Cell.Bias!), Of(p.Cell.RecurrentBias!)),
                Of(p.OutputWeight), Of(p.OutputBias)),
            teacherForcing);
    }

    private static Tensor Normal(string name, params int[] shape)
    {
        var dimensions = new Shape(shape);
        return Tensor.From([.. Enumerable.Range(0, dimensions.Size).Select(
            i => new RandomKey(7, name).Normal(i))]).Reshape(dimensions);
    }
}
