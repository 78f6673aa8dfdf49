using System.Text.Json;
using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn.Tests;

/// <summary>A recurrent net with what PyTorch makes of it, by tests/reference/make_reference.py.</summary>
internal sealed class RecurrentReference(JsonElement element)
{
    private static readonly JsonElement Cases = Load();

    public static IEnumerable<string> Names => Cases.EnumerateArray().Select(NameOf);

    public static RecurrentReference Of(string name) => new(Cases.EnumerateArray().Single(e => NameOf(e) == name));

    public Tensor Output => Parse(element.GetProperty("outputs").GetProperty("y"));

    public Tensor Input(string name) => Parse(element.GetProperty("inputs").GetProperty(name));

    public Tensor Gradient(string name) => Parse(element.GetProperty("gradients").GetProperty(name));

    /// <summary>The largest number: sums lose what cancels, so errors are relative to it.</summary>
    public double Scale => element.GetProperty("gradients").EnumerateObject().Select(g => g.Value)
        .Append(element.GetProperty("outputs").GetProperty("y")).Max(packed => Kernels.MaxAbs(Parse(packed)));

    /// <summary>The net with the reference's weights, its parameters named as there.</summary>
    public Sequential Net(ElementType type, bool isCut = true)
    {
        JsonElement constants = element.GetProperty("constants"), window = constants.GetProperty("window");
        string cell = constants.GetProperty("cell").GetString()!;
        int? cut = isCut && window.ValueKind == JsonValueKind.Number ? window.GetInt32() : null;
        var layers = new List<Module>();
        for (int i = 0; i < constants.GetProperty("layers").GetInt32(); i++)
            layers.Add(Recurrences.Layer(cell, $"{cell}-{i}", Parameters(i, type), cut));
        if (constants.GetProperty("last").GetBoolean()) layers.Add(new LastStep("last-step"));
        return new Sequential("net", layers);
    }

    private RecurrentParameters Parameters(int layer, ElementType type)
    {
        JsonElement inputs = element.GetProperty("inputs");
        Parameter? Find(string role) => inputs.TryGetProperty($"{role}-{layer}", out JsonElement packed)
            ? new Parameter($"{role}-{layer}", Parse(packed).Clone(type))
            : null;
        return new(Find("weight")!, Find("recurrent-weight")!, Find("bias"), Find("recurrent-bias"));
    }

    private static string NameOf(JsonElement entry) => entry.GetProperty("name").GetString()!;

    private static Tensor Parse(JsonElement packed) =>
        packed.Numbers("values").ToTensor(ElementType.Float64, [.. packed.Numbers("shape").Select(n => (int)n)]);

    private static JsonElement Load()
    {
        using Stream stream = typeof(RecurrentReference).Assembly.GetManifestResourceStream("recurrent.json")!;
        return JsonDocument.Parse(stream).RootElement.GetProperty("cases").Clone();
    }
}

/// <summary>Recurrent layers with drawn weights.</summary>
internal static class Recurrences
{
    public static Recurrent Layer(string cell, string name, RecurrentParameters parameters, int? window = null) =>
        cell switch
        {
            "lstm" => new Lstm(name, parameters, window),
            "gru" => new Gru(name, parameters, window),
            "rnn-relu" => new Rnn(name, parameters, new Relu(name), window),
            "rnn-identity" => new Rnn(name, parameters, null, window),
            _ => new Rnn(name, parameters, new Tanh(name), window),
        };

    public static Recurrent Draw(
        string cell, int inputs, int units, int? window = null, ElementType type = ElementType.Float64)
    {
        int rows = (cell == "lstm" ? Lstm.Gates : cell == "gru" ? Gru.Gates : 1) * units;
        Parameter Draw(string role, long seed, params int[] extents) =>
            new($"{cell}.{role}", ModuleTests.Random(new Shape(extents), seed, type));
        return Layer(
            cell, cell,
            new(Draw("weight", 1, rows, inputs), Draw("recurrent-weight", 2, rows, units),
                Draw("bias", 3, rows), Draw("recurrent-bias", 4, rows)),
            window);
    }
}
