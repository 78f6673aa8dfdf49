using System.Text.Json;
using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn.Tests;

/// <summary>Layers that read both ways, and orthogonal recurrences, with what PyTorch makes of them.</summary>
public sealed class BidirectionalTests
{
    private static readonly JsonElement Cases = Load();

    public static TheoryData<string> Names =>
        [.. Cases.EnumerateArray().Select(e => e.GetProperty("name").GetString()!)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Outputs_and_gradients_are_those_of_PyTorch(string name)
    {
        JsonElement element = Cases.EnumerateArray().Single(e => e.GetProperty("name").GetString() == name);
        JsonElement constants = element.GetProperty("constants"), inputs = element.GetProperty("inputs");
        string cell = constants.GetProperty("cell").GetString()!;
        int[] lengths = constants.TryGetProperty("lengths", out JsonElement given)
            ? [.. given.EnumerateArray().Select(length => length.GetInt32())]
            : [];
        Module layer = cell == "orthogonal" ? Orthogonal(inputs) : new Bidirectional(
            cell, Recurrences.Layer(cell, "ahead", Parameters(inputs, "-ahead")),
            Recurrences.Layer(cell, "back", Parameters(inputs, "-back")));
        using var tape = new Tape();
        Variable x = tape.Input(Parse(inputs.GetProperty("x")));
        Variable y = layer.Apply(x, ModuleTests.Training(0) with { Lengths = lengths });

        Tensor cotangent = Parse(inputs.GetProperty("cotangent")), expected = Parse(
            element.GetProperty("outputs").GetProperty("y")), actual = y.Value.Clone();
        for (int i = 0; i < lengths.Length; i++)
            for (int t = lengths[i]; t < x.Shape[1]; t++)
                for (int j = 0; j < y.Shape[2]; j++) (cotangent[i, t, j], actual[i, t, j]) = (0, 0);
        actual.ToDoubles().ShouldBe(expected.ToDoubles(), 1e-12);
        Parameter[] parameters = [.. layer.AllParameters()];
        Tensor?[] gradients = tape.Gradients(y, [x, .. parameters.Select(tape.Use)], cotangent);
        string[] names = ["x", .. parameters.Select(p => p.Name)];
        for (int i = 0; i < names.Length; i++)
            gradients[i]!.ToDoubles().ShouldBe(
                Parse(element.GetProperty("gradients").GetProperty(names[i])).ToDoubles(), 1e-11, names[i]);
    }

    [Fact]
    public void Reading_back_is_reading_a_reversed_sequence_and_begins_with_zeros()
    {
        Recurrent layer = Recurrences.Draw("gru", 3, 4);
        var both = new Bidirectional("gru-1", Recurrences.Layer("gru", "ahead", layer.Parameters), Recurrences.Layer(
            "gru", "back", layer.Parameters));
        Tensor x = ModuleTests.Random(new Shape(2, 5, 3), 7, ElementType.Float64);
        using var tape = new Tape { IsRecording = false };
        var carried = new CarriedStates();
        var pass = Pass.Evaluation with { Carried = carried };
        Tensor first = both.Apply(tape.Constant(x), pass).Value.Clone();
        Tensor second = both.Apply(tape.Constant(x), pass).Value.Clone();

        double[] Half(Tensor y, int half) => y.Slice(2, 4 * half, 4).Clone().ToDoubles();
        Half(second, 0).ShouldNotBe(Half(first, 0), "the first layer carries its state");
        Half(second, 1).ShouldBe(Half(first, 1));
        carried["ahead"].ShouldNotBeNull();
        carried["back"].ShouldBeNull();
        Half(both.Apply(Ops.ReverseSteps(tape.Constant(x)), Pass.Evaluation).Value, 0).ShouldBe(
            Half(Ops.ReverseSteps(tape.Constant(first)).Value, 1));
    }

    private static OrthogonalRnn Orthogonal(JsonElement inputs)
    {
        RecurrentParameters parameters = Parameters(inputs, "");
        Tensor start = Tensor.Zeros(parameters.RecurrentWeight.Value.Shape, ElementType.Float64);
        for (int i = 0; i < start.Shape[0]; i++) start[i, i] = 1;
        return new OrthogonalRnn("orthogonal-rnn-1", parameters, start, new Tanh("orthogonal-rnn-1"));
    }

    private static RecurrentParameters Parameters(JsonElement inputs, string suffix)
    {
        Parameter Find(string role) => new(role + suffix, Parse(inputs.GetProperty(role + suffix)));
        return new(Find("weight"), Find("recurrent-weight"), Find("bias"), Find("recurrent-bias"));
    }

    private static Tensor Parse(JsonElement packed) =>
        packed.Numbers("values").ToTensor(ElementType.Float64, [.. packed.Numbers("shape").Select(n => (int)n)]);

    private static JsonElement Load()
    {
        using Stream stream = typeof(BidirectionalTests).Assembly.GetManifestResourceStream("through-time.json")!;
        return JsonDocument.Parse(stream).RootElement.GetProperty("cases").Clone();
    }
}
