using System.Text.Json;
using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn.Tests;

/// <summary>Attention layers and Transformer blocks against PyTorch's, and what only they have.</summary>
public sealed class AttentionTests
{
    private static readonly JsonElement Sizes = Reference.Attention.GetProperty("sizes");
    private static readonly int Features = Size("features"), Heads = Size("heads");

    public static TheoryData<string> Names =>
        [.. Reference.Attention.GetProperty("cases").EnumerateArray().Select(c => c.GetProperty("name").GetString()!)];

    /// <summary>Sums of some dozens of float32 products lose a few units of the last place of the largest.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Outputs_and_gradients_are_PyTorchs(string name)
    {
        JsonElement reference = Reference.Attention.GetProperty("cases").EnumerateArray()
            .Single(c => c.GetProperty("name").GetString() == name);
        Module module = ModuleOf(name);
        JsonElement parameters = reference.GetProperty("parameters");
        foreach (Parameter parameter in module.AllParameters())
            Kernels.Copy(
                parameters.GetProperty(TorchName(name, parameter.Name)).Numbers("value")
                    .ToTensor(extents: [.. parameter.Value.Shape]), parameter.Value);
        using var tape = new Tape();
        Variable x = tape.Input(Input(reference, "x")), y = module.Apply(x, PassOf(reference, name, tape));
        ShouldBeNear(y.Value, reference.Numbers("output"), name);
        tape.Backward(y, reference.Numbers("cotangent").ToTensor(extents: [.. y.Shape]));
        foreach (Parameter parameter in module.AllParameters())
            ShouldBeNear(
                parameter.Gradient, parameters.GetProperty(TorchName(name, parameter.Name)).Numbers("gradient"),
                $"{name} {parameter.Name}");
        ShouldBeNear(
            tape.Gradients(y, [x], reference.Numbers("cotangent").ToTensor(extents: [.. y.Shape]))[0]!,
            reference.GetProperty("inputs").GetProperty("x").Numbers("gradient"), $"{name} x");
    }

    [Fact]
    public void Sinusoidal_positions_are_those_of_the_paper()
    {
        using var tape = new Tape();
        Tensor zeros = Tensor.Zeros(new Shape(2, 50, 8), ElementType.Float64);
        Tensor y = new SinusoidalPositions("p").Apply(tape.Constant(zeros), Pass.Evaluation).Value;
        y[1, 0, 0].ShouldBe(0);
        y[1, 0, 1].ShouldBe(1);
        y[0, 3, 0].ShouldBe(Math.Sin(3), 1e-15);
        y[0, 49, 5].ShouldBe(Math.Cos(49 / Math.Pow(10000, 0.5)), 1e-15);
    }

    [Fact]
    public void Learned_positions_are_trained_up_to_the_steps_that_there_are()
    {
        LearnedPositions positions = LearnedPositions.Create("p", 5, 3, seed: 1);
        using var tape = new Tape();
        Variable y = positions.Apply(tape.Constant(Tensor.Zeros(new Shape(2, 4, 3))), Pass.Evaluation);
        y.Value.Slice(0, 1, 1).ToDoubles().ShouldBe(positions.Weight.Value.Slice(0, 0, 4).ToDoubles());
        tape.Backward(Ops.Sum(y));
        positions.Weight.Gradient.ToDoubles().ShouldBe([.. Enumerable.Repeat(2.0, 12), 0, 0, 0]);
    }

    /// <summary>Truth: α = (2N)^¼ and β = (8N)^−¼, and the pair of an encoder with a decoder.</summary>
    [Fact]
    public void Deep_norm_has_the_scales_of_the_paper()
    {
        DeepNorm.Of(8).Alpha.ShouldBe(2, 1e-12);
        DeepNorm.Of(32).Beta.ShouldBe(0.25, 1e-12);
        DeepNorm.OfDecoder(27).Alpha.ShouldBe(3, 1e-12);
        DeepNorm.OfDecoder(108).Beta.ShouldBe(1 / 6.0, 1e-12);
        DeepNorm.OfEncoder(2, 16).ShouldBe(new DeepNorm(0.81 * Math.Sqrt(Math.Sqrt(4)), 0.87 / Math.Sqrt(2)));
    }

    /// <summary>LayerNorm(α·x + f(x)), written out.</summary>
    [Fact]
    public void A_deep_block_normalises_the_scaled_skip_and_draws_smaller_weights()
    {
        DeepNorm scales = DeepNorm.Of(18);
        TransformerBlock block = new(8, new AttentionSettings(2), 16) { Norm = NormPlacement.Deep, Deep = scales };
        Sequential deep = block.Encoder("b", 3);
        using var tape = new Tape();
        Variable x = tape.Constant(ModuleTests.Random(new Shape(2, 5, 8), 1));
        Variable f = deep.Children[0].Children[0].Apply(x, Pass.Evaluation);
        var norm = new LayerNorm("n", 8);
        Tensor expected = norm.Apply(Ops.Add(Ops.Scale(x, scales.Alpha), f), Pass.Evaluation).Value;
        Tensor y = deep.Children[1].Apply(deep.Children[0].Apply(x, Pass.Evaluation), Pass.Evaluation).Value;
        y.ToDoubles().ShouldBe(expected.ToDoubles(), 1e-6);

        double Rms(Tensor tensor) => Math.Sqrt(Kernels.SumOfSquares(tensor) / tensor.Size);
        AttentionParameters drawn = AttentionParameters.Create("a", 256, 1, scales.Beta);
        double unit = 1 / Math.Sqrt(256), error = 4 / Math.Sqrt(2 * 256 * 256);
        Rms(drawn.Weight.Value.Slice(0, 0, 512)).ShouldBe(unit, unit * error);
        Rms(drawn.Weight.Value.Slice(0, 512, 256)).ShouldBe(unit * scales.Beta, unit * error);
        Rms(drawn.OutWeight.Value).ShouldBe(unit * scales.Beta, unit * error);
    }

    [Fact]
    public void A_causal_layer_sees_nothing_of_what_comes_later()
    {
        MultiHeadAttention layer = MultiHeadAttention.Create("a", 6, new AttentionSettings(2, IsCausal: true), 1);
        Tensor x = ModuleTests.Random(new Shape(1, 5, 6), 1), changed = x.Clone();
        Kernels.FillInPlace(changed.Slice(1, 3, 2), 9);
        double[] Start(Tensor of)
        {
            using var tape = new Tape();
            return layer.Apply(tape.Constant(of), Pass.Evaluation).Value.Slice(1, 0, 3).ToDoubles();
        }
        Start(changed).ShouldBe(Start(x));
    }

    /// <summary>Large enough for products and norms to be shared among threads.</summary>
    [Fact]
    public void A_block_has_the_same_bits_on_one_thread_and_on_two()
    {
        double[] Run(int threads)
        {
            int before = Workers.Threads;
            Workers.Use(threads);
            try
            {
                Sequential block = new TransformerBlock(64, new AttentionSettings(4), 64).Encoder("b", 1);
                using var tape = new Tape();
                Variable y = block.Apply(tape.Input(ModuleTests.Random(new Shape(16, 70, 64), 1)), Pass.Evaluation);
                tape.Backward(y, ModuleTests.Random(new Shape(16, 70, 64), 2));
                return [.. y.Value.ToDoubles(), .. block.AllParameters().SelectMany(p => p.Gradient.ToDoubles())];
            }
            finally
            {
                Workers.Use(before);
            }
        }
        Run(2).ShouldBe(Run(1));
    }

    [Fact]
    public void A_checkpointed_stack_has_the_same_gradients()
    {
        double[] Gradients(int? segment)
        {
            TransformerBlock block = new(8, new AttentionSettings(2), 16) { Dropout = 0.2 };
            var net = new Sequential(
                "net", [.. Enumerable.Range(0, 4).SelectMany(i => block.Encoder($"b{i}", 1).Children)])
            {
                SegmentLength = segment,
            };
            using var tape = new Tape();
            Variable y = net.Apply(tape.Input(ModuleTests.Random(new Shape(2, 5, 8), 1)), ModuleTests.Training(0));
            tape.Backward(y, ModuleTests.Random(new Shape(2, 5, 8), 2));
            return [.. net.AllParameters().SelectMany(p => p.Gradient.ToDoubles())];
        }
        Gradients(3).ShouldBe(Gradients(null));
    }

    [Fact]
    public void What_does_not_fit_is_named()
    {
        string Message(Action action) => Should.Throw<ArgumentException>(action).Message;
        Message(() => MultiHeadAttention.Create("a", 6, new AttentionSettings(4), 1)).ShouldContain(
            "'a' got 6 features and 4 heads");
        Message(() => MultiHeadAttention.Create("a", 6, new AttentionSettings(2, IsCausal: true), 1, isCross: true))
            .ShouldContain("sees all of its memory");
        using var tape = new Tape();
        Variable x = tape.Constant(ModuleTests.Random(new Shape(2, 5, 6), 1));
        Message(() => MultiHeadAttention.Create("a", 6, new AttentionSettings(2), 1, isCross: true)
            .Apply(x, Pass.Evaluation)).ShouldContain("expected Pass.Memory");
        Message(() => MultiHeadAttention.Create("a", 4, new AttentionSettings(2), 1).Apply(x, Pass.Evaluation))
            .ShouldBe("'a' got [2, 5, 6]; expected sequences [n, T, 4]");
        Message(() => LearnedPositions.Create("p", 4, 6, 1).Apply(x, Pass.Evaluation)).ShouldContain("at most 4");
    }

    private static int Size(string name) => Sizes.GetProperty(name).GetInt32();

    private static Module ModuleOf(string name)
    {
        if (IsLayer(name))
        {
            bool isDecoder = name[0] == 'd';
            TransformerBlock block = new(Features, new AttentionSettings(Heads, IsCausal: isDecoder), Size("hidden"))
            {
                Norm = name.Contains("pre") ? NormPlacement.Pre : NormPlacement.Post,
                Activation = n => name.Contains("gelu") ? new Gelu(n) : new Relu(n),
            };
            return isDecoder ? block.Decoder("b", 1) : block.Encoder("b", 1);
        }
        var settings = new AttentionSettings(
            Heads, IsCausal: name.Contains("causal"),
            Window: name.Contains("window") ? name[^1] - '0' : null);
        return MultiHeadAttention.Create("b-attention", Features, settings, 1, name.StartsWith("cross"));
    }

    private static Pass PassOf(JsonElement reference, string name, Tape tape)
    {
        bool hasMemory = reference.GetProperty("inputs").TryGetProperty("memory", out _);
        int[] lengths = reference.TryGetProperty("lengths", out JsonElement given)
            ? [.. given.Numbers().Select(n => (int)n)]
            : [];
        Pass pass = ModuleTests.Training(0);
        if (!hasMemory) return pass with { Lengths = lengths };
        return pass with { Memory = tape.Input(Input(reference, "memory")), MemoryLengths = lengths };
    }

    private static Tensor Input(JsonElement reference, string name) =>
        reference.GetProperty("inputs").GetProperty(name).Numbers("value").ToTensor(
            extents: [Size("samples"), Size(name == "x" ? "steps" : "memory"), Features]);

    /// <summary>PyTorch's name of a parameter of attention, or of a layer of which attention is a part.</summary>
    private static string TorchName(string name, string parameter)
    {
        (string module, string role) = (parameter[..parameter.IndexOf('.')], parameter[(parameter.IndexOf('.') + 1)..]);
        bool isDecoder = name.StartsWith("decoder", StringComparison.Ordinal), isLayer = IsLayer(name);
        if (role is "gain" or "shift")
        {
            int norm = module.Contains("feed-forward") ? isDecoder ? 3 : 2 : module.Contains("cross") ? 2 : 1;
            return $"norm{norm}.{(role == "gain" ? "weight" : "bias")}";
        }
        if (module.Contains("feed-forward")) return $"linear{(module.EndsWith("-in") ? 1 : 2)}.{role}";
        string prefix = !isLayer ? "" : module.Contains("cross") ? "multihead_attn." : "self_attn.";
        return prefix + role switch
        {
            "weight" => "in_proj_weight",
            "bias" => "in_proj_bias",
            "out-weight" => "out_proj.weight",
            _ => "out_proj.bias",
        };
    }

    private static bool IsLayer(string name) => name.Split(' ')[0] is "encoder" or "decoder";

    private static void ShouldBeNear(Tensor tensor, double[] expected, string what) => tensor.ToDoubles().ShouldBe(
        expected, 64 * Math.Pow(2, -24) * Math.Max(1, expected.Max(Math.Abs)), what);
}
