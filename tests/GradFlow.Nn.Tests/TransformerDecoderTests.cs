using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn.Tests;

public sealed class TransformerDecoderTests
{
    private const int Samples = 3, Steps = 4, Features = 8, Symbols = 6;

    private static readonly int[] Wanted = [0, 5, 2, 1, 3, 3, 4, -1, 1, 0, -1, -1];

    [Theory]
    [InlineData(NormPlacement.Pre)]
    [InlineData(NormPlacement.Post)]
    [InlineData(NormPlacement.Deep)]
    public void It_is_its_blocks_over_the_symbols_that_are_read(NormPlacement norm)
    {
        TransformerBlock block = Block with { Norm = norm };
        TransformerDecoder decoder = Create(block: block);
        int[] right = [5, 4, 3, 2, 1, 0, 0, 1, 2, 3, 4, 5];
        int[] read = [Symbols, 5, 4, 3, Symbols, 1, 0, 0, Symbols, 2, 3, 4];
        Tensor x = Sequences(), cotangent = ModuleTests.Random(new Shape(Samples, Steps, Symbols), 9);
        TransformerBlock causal = block with { Attention = block.Attention with { IsCausal = true } };
        Module[] parts =
        [
            new SinusoidalPositions("p"), causal.Decoder("decoder-1", 4), causal.Decoder("decoder-2", 4),
            .. norm == NormPlacement.Pre ? [new LayerNorm("decoder-norm", Features)] : Array.Empty<Module>(),
            Linear.Create("decoder-output", Features, Symbols, 4),
        ];
        Variable ByHand(Variable memory)
        {
            Variable y = Ops.Reshape(Ops.Embedding(memory.Tape.Use(decoder.Embedding), read), memory.Shape);
            return parts.Aggregate(y, (v, part) => part.Apply(v, Pass.Evaluation with { Memory = memory }));
        }
        double[][] Differentiate(Func<Variable, Variable> net, IEnumerable<Module> modules)
        {
            using var tape = new Tape();
            Variable memory = tape.Input(x), logits = net(memory);
            Variable[] inputs = [memory, tape.Use(decoder.Embedding),
                .. modules.SelectMany(module => module.AllParameters()).Select(tape.Use)];
            return [logits.Value.ToDoubles(),
                .. tape.Gradients(logits, inputs, cotangent).Select(g => g!.ToDoubles())];
        }
        double[][] own = Differentiate(v => decoder.Apply(v, Taught with { Teacher = right }), decoder.Children);
        double[][] expected = Differentiate(ByHand, parts);
        own.Length.ShouldBe(expected.Length);
        for (int i = 0; i < own.Length; i++) own[i].ShouldBe(expected[i], $"number {i}");
    }

    [Fact]
    public void A_net_that_is_judged_reads_what_it_has_written_one_symbol_after_the_other()
    {
        TransformerDecoder decoder = Create();
        int[] written = [.. Enumerable.Repeat(0, Samples * Steps)];
        for (int t = 0; t < Steps; t++)
        {
            // Nothing before a step depends on what comes later, so the other symbols may be any.
            int[] next = Largest(decoder, Taught with { Teacher = written });
            for (int i = 0; i < Samples; i++) written[i * Steps + t] = next[i * Steps + t];
        }
        Largest(decoder, Pass.Evaluation).ShouldBe(written);
        Largest(decoder, Taught with { IsTraining = false }).ShouldBe(written);
        Largest(decoder, Taught with { Teacher = default }).ShouldBe(written);
        Logits(decoder, Taught with { Teacher = written }).ShouldBe(Logits(decoder, Pass.Evaluation));
        Logits(decoder, Taught).ShouldNotBe(Logits(decoder, Pass.Evaluation));
    }

    [Fact]
    public void A_symbol_is_read_by_later_steps_alone()
    {
        TransformerDecoder decoder = Create();
        double[] before = Logits(decoder, Taught);
        int[] others = [.. Wanted];
        others[1] = 0;
        double[] after = Logits(decoder, Taught with { Teacher = others });
        after[..(2 * Symbols)].ShouldBe(before[..(2 * Symbols)]);
        after[(2 * Symbols)..(Steps * Symbols)].ShouldNotBe(before[(2 * Symbols)..(Steps * Symbols)]);
        after[(Steps * Symbols)..].ShouldBe(before[(Steps * Symbols)..], "other samples");
    }

    [Fact]
    public void Half_of_teacher_forcing_is_drawn_by_the_steps_key()
    {
        TransformerDecoder decoder = Create(0.5), always = Create();
        double[] first = Logits(decoder, Taught), forced = Logits(always, Taught);
        Logits(decoder, Taught).ShouldBe(first);
        double[][] later = [.. Enumerable.Range(1, 8).Select(
            step => Logits(decoder, Taught with { Draws = new StepDraws(1, step) }))];
        later.Count(logits => logits.SequenceEqual(first)).ShouldBeLessThan(8);
        later.Count(logits => logits.SequenceEqual(forced)).ShouldBeLessThan(8);
    }

    [Fact]
    public void What_lies_behind_a_samples_length_is_not_looked_at()
    {
        TransformerDecoder decoder = Create();
        Pass pass = Taught with { Lengths = (int[])[4, 2, 1] };
        Tensor x = Sequences();
        double[] before = Logits(decoder, pass, x);
        for (int t = 2; t < Steps; t++) x[1, t, 3] = 99;
        Logits(decoder, pass, x).ShouldBe(before);
        x[1, 1, 3] = 99;
        Logits(decoder, pass, x).ShouldNotBe(before);
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        TransformerDecoder decoder = Create();
        Should.Throw<ArgumentException>(
            () => Logits(decoder, Pass.Evaluation, ModuleTests.Random(new Shape(2, 3, Features + 1), 1)))
            .Message.ShouldContain("expected sequences [n, T, 8]");
        Should.Throw<ArgumentException>(() => Logits(decoder, Taught with { Teacher = (int[])[1] }))
            .Message.ShouldContain("got 1 symbols to read; expected 3·4");
        Should.Throw<ArgumentOutOfRangeException>(() => Create(1.1));
        Linear output = Linear.Create("output", Features, Symbols - 1, seed: 1);
        Should.Throw<ArgumentException>(() => new TransformerDecoder("decoder", decoder.Embedding, [], output))
            .Message.ShouldContain("expected vectors [6, 8]");
    }

    private static TransformerBlock Block => new(Features, new AttentionSettings(2), 12);

    private static Pass Taught => new(true, new StepDraws(1, 0)) { Teacher = Wanted };

    private static TransformerDecoder Create(double teacherForcing = 1, TransformerBlock? block = null) =>
        TransformerDecoder.Create("decoder", Symbols, block ?? Block, times: 2, seed: 4, teacherForcing);

    private static Tensor Sequences() => ModuleTests.Random(new Shape(Samples, Steps, Features), 3);

    private static int[] Largest(TransformerDecoder decoder, Pass pass) => Kernels.LargestInRows(
        Tensor.From(Logits(decoder, pass)).Reshape(new Shape(Samples * Steps, Symbols)));

    private static double[] Logits(TransformerDecoder decoder, Pass pass, Tensor? x = null)
    {
        using var tape = new Tape { IsRecording = false };
        return decoder.Apply(tape.Constant(x ?? Sequences()), pass).Value.ToDoubles();
    }
}
