using GradFlow.Tensors;

namespace GradFlow.Autograd.Tests;

public sealed class CheckpointTests
{
    private const int Width = 16, Rows = 32;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Losses_and_gradients_are_the_same_bits_with_segments_of_any_length(int threads)
    {
        float[] whole = Train(threads, depth: 12, segment: null);
        foreach (int segment in new[] { 1, 3, 5, 12, 20 })
            Train(threads, 12, segment).ShouldBe(whole, $"{segment} per segment");
    }

    [Fact]
    public void Gradients_beyond_the_range_of_float32_are_the_same_too()
    {
        double[] whole = Norms(segment: null);
        Norms(segment: 7).ShouldBe(whole);
        whole[0].ShouldBeLessThan(-60, "so that exponents carry the rest");
    }

    [Fact]
    public void A_watcher_sees_what_it_sees_without_segments()
    {
        RecordingObserver whole = new(), parted = new();
        Step(new TensorPool(), Parameters(6), null, whole);
        Step(new TensorPool(), Parameters(6), 2, parted);
        Seen(parted).ShouldBe(Seen(whole));
        foreach ((Variable mine, Variable other) in parted.Completed.Keys.Zip(whole.Completed.Keys))
        {
            mine.Index.ShouldBe(other.Index);
            parted.Completed[mine].Exponent.ShouldBe(whole.Completed[other].Exponent);
            parted.Completed[mine].Mantissa.ToDoubles().ShouldBe(whole.Completed[other].Mantissa.ToDoubles());
        }
    }

    [Fact]
    public void A_result_that_was_let_go_is_computed_again_where_it_is_asked_for()
    {
        Parameter[] parameters = Parameters(9);
        using var whole = new Tape();
        using var parted = new Tape();
        Apply(whole, parameters, null);
        Apply(parted, parameters, 3);
        foreach (int turn in new[] { 0, 1 })
            for (int i = 0; i < whole.Variables.Count; i++)
                parted.Variables[i].Value.ToDoubles().ShouldBe(whole.Variables[i].Value.ToDoubles(), $"{turn}: {i}");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Memory_grows_with_the_root_of_the_depth(bool isRecording)
    {
        double Growth(Func<int, int?> segment) =>
            Bytes(1024, segment(1024), isRecording) / Bytes(64, segment(64), isRecording);
        Growth(depth => (int)Math.Sqrt(depth)).ShouldBe(4, tolerance: 0.6);
        // Cotangents that wait for parameters' gradients, at most 64, come on top of both.
        Growth(_ => null).ShouldBeGreaterThan(isRecording ? 11 : 15);
    }

    [Fact]
    public void A_pool_stops_growing_after_the_first_step()
    {
        var pool = new TensorPool();
        Parameter[] parameters = Parameters(20);
        Step(pool, parameters, 4);
        long first = pool.AllocatedBytes;
        for (int step = 0; step < 5; step++) Step(pool, parameters, 4);
        pool.AllocatedBytes.ShouldBe(first);
    }

    [Fact]
    public void Steps_with_and_without_segments_may_follow_each_other()
    {
        var pool = new TensorPool();
        Parameter[] parameters = Parameters(10);
        float[] first = Step(pool, parameters, null);
        foreach (int? segment in new int?[] { 3, 3, null, 4, 1, null }) Step(pool, parameters, segment).ShouldBe(first);
    }

    [Fact]
    public void A_segment_inside_of_another_is_part_of_it()
    {
        Parameter[] parameters = Parameters(4);
        float[] Gradients(Func<Tape, Variable, Func<Variable, Variable>, Variable> outer)
        {
            using var tape = new Tape();
            Variable Two(Variable x, int at) => Layer(Layer(x, parameters, at), parameters, at + 1);
            Variable y = outer(tape, tape.Constant(Draws.Single("x", Rows, Width)), x =>
                tape.Checkpoint(Two(x, 0), inner => Two(inner, 2)));
            foreach (Parameter parameter in parameters) parameter.ClearGradient();
            tape.Backward(Ops.Mean(y * y));
            return [.. parameters.SelectMany(p => p.Gradient.AsSpan<float>().ToArray())];
        }
        Gradients((tape, x, f) => tape.Checkpoint(x, f)).ShouldBe(Gradients((_, x, f) => f(x)));
    }

    [Fact]
    public void A_view_as_a_segments_result_keeps_its_numbers()
    {
        using var tape = new Tape();
        Variable x = tape.Input(Draws.Single("x", 4, 6));
        Variable First(Variable v) => Ops.Reshape(Ops.Tanh(v), new Shape(6, 4));
        Variable y = tape.Checkpoint(x, First);
        Variable z = tape.Checkpoint(y, v => Ops.Sin(Ops.Reshape(v, new Shape(3, 8))));
        Tensor? parted = tape.Gradients(Ops.Sum(z * z), [x])[0];
        Variable again = Ops.Sin(Ops.Reshape(First(x), new Shape(3, 8)));
        parted!.ToDoubles().ShouldBe(tape.Gradients(Ops.Sum(again * again), [x])[0]!.ToDoubles());
    }

    [Fact]
    public void Running_statistics_are_told_once()
    {
        int told = 0;
        using var tape = new Tape();
        Variable one = tape.Constant(Tensor.Full(new Shape(Width), 1)),
            zero = tape.Constant(Tensor.Full(new Shape(Width), 0));
        Variable x = tape.Input(Draws.Single("x", Rows, Width));
        for (int i = 0; i < 3; i++)
            x = tape.Checkpoint(x, v => Ops.Tanh(Ops.BatchNorm(v, one, zero, statistics: (_, _) => told++)));
        tape.Gradients(Ops.Sum(x), [tape.Variables[0]]);
        told.ShouldBe(3);
    }

    [Fact]
    public void An_inner_result_used_outside_is_refused()
    {
        using var tape = new Tape();
        Variable? inner = null;
        using (tape.EnterScope("tanh-1"))
            tape.Checkpoint(tape.Input(Draws.Single("x", 4, 6)), x => Ops.Sin(inner = Ops.Tanh(x)));
        Should.Throw<InvalidOperationException>(() => Ops.Exp(inner!)).Message
            .ShouldStartWith("'tanh' of layer 'tanh-1' lies inside a checkpointed segment");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_segment_that_makes_other_ops_the_second_time_is_refused(int times)
    {
        using var tape = new Tape();
        int turn = 0;
        Variable Deep(Variable x)
        {
            int ops = turn++ == 0 ? 2 : times;
            for (int i = 0; i < ops; i++) x = Ops.Tanh(x);
            return x;
        }
        Variable input = tape.Input(Draws.Single("x", 4, 6));
        Variable y = tape.Checkpoint(tape.Checkpoint(input, Deep), Ops.Sin);
        Should.Throw<InvalidOperationException>(() => tape.Gradients(Ops.Sum(y), [input])).Message
            .ShouldContain("has made other ops");
    }

    private static List<string> Seen(RecordingObserver observer) =>
        [.. observer.Events.Select(e => $"{e.Event} {e.Variable.Index} {e.Variable.Operation}")];

    private static float[] Train(int threads, int depth, int? segment)
    {
        int before = Workers.Threads;
        Workers.Use(threads);
        try
        {
            var pool = new TensorPool();
            Parameter[] parameters = Parameters(depth);
            var seen = new List<float>();
            for (int step = 0; step < 4; step++)
            {
                seen.AddRange(Step(pool, parameters, segment));
                foreach (Parameter p in parameters) Kernels.AddScaledInPlace(p.Value, -0.1, p.Gradient);
            }
            return [.. seen];
        }
        finally
        {
            Workers.Use(before);
        }
    }

    private static double[] Norms(int? segment)
    {
        Parameter[] parameters = [.. Enumerable.Range(0, 40).Select(
            i => Draws.Parameter($"w{i}", 0.003, Width, Width))];
        using var tape = new Tape();
        Variable x = tape.Input(Draws.Single("x", Rows, Width));
        Variable y = Parted(
            tape, x, parameters.Length, segment, (v, i) => Ops.Sin(Ops.Affine(v, tape.Use(parameters[i]), null)));
        return [.. tape.Log10GradientNorms(Ops.Sum(y), [x, .. parameters.Select(tape.Use)])];
    }

    private static double Bytes(int depth, int? segment, bool isRecording)
    {
        var pool = new TensorPool();
        using var tape = new Tape(pool) { IsRecording = isRecording };
        Variable y = Apply(tape, Parameters(depth), segment);
        if (isRecording) tape.Backward(Ops.Mean(y * y));
        return pool.AllocatedBytes;
    }

    private static Parameter[] Parameters(int depth) =>
        [.. Enumerable.Range(0, depth).Select(i => Draws.Parameter($"w{i}", 1 / Math.Sqrt(Width), Width, Width))];

    /// <summary>The loss and all gradients.</summary>
    private static float[] Step(TensorPool pool, Parameter[] parameters, int? segment, ITapeObserver? observer = null)
    {
        using var tape = new Tape(pool, observer);
        Variable y = Apply(tape, parameters, segment), loss = Ops.Mean(y * y);
        foreach (Parameter parameter in parameters) parameter.ClearGradient();
        tape.Backward(loss);
        return [(float)loss.Value[[]], .. parameters.SelectMany(p => p.Gradient.AsSpan<float>().ToArray())];
    }

    private static Variable Apply(Tape tape, Parameter[] parameters, int? segment) => Parted(
        tape, tape.Constant(Draws.Single("x", Rows, Width)), parameters.Length, segment,
        (x, i) => Layer(x, parameters, i));

    /// <summary>
    /// A layer of one kind or another: ops that wait, ops that don't, random ones, and a shared parameter.
    /// </summary>
    private static Variable Layer(Variable x, Parameter[] parameters, int i)
    {
        Variable y = Ops.Affine(x, x.Tape.Use(parameters[i]), null);
        return (i % 4) switch
        {
            0 => Ops.Tanh(y),
            1 => Ops.Rrelu(y, 0.1, 0.3, new RandomKey(i, "slopes")),
            2 => x + 0.5 * Ops.Dropout(Ops.MatMul(y, x.Tape.Use(parameters[0])), 0.2, new RandomKey(i, "dropout")),
            _ => Ops.HardTanh(y, -2, 2),
        };
    }

    private static Variable Parted(Tape tape, Variable x, int depth, int? segment, Func<Variable, int, Variable> layer)
    {
        int length = segment ?? depth;
        for (int first = 0; first < depth; first += length)
        {
            int from = first, to = Math.Min(first + length, depth);
            Variable Stretch(Variable v)
            {
                for (int i = from; i < to; i++) v = layer(v, i);
                return v;
            }
            x = segment is null ? Stretch(x) : tape.Checkpoint(x, Stretch);
        }
        return x;
    }
}
