using System.Text.Json;
using GradFlow.Tensors;
using GradFlow.TestKit;

namespace GradFlow.Autograd.Tests;

/// <summary>Reads what tests/reference/make_reference.py wrote.</summary>
internal static class ReferenceData
{
    public static IReadOnlyList<ReferenceCase> Read(string topic)
    {
        string path = RepositoryFiles.At("tests", "reference", $"{topic}.json");
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(path));
        return [.. document.RootElement.GetProperty("cases").EnumerateArray()
            .Select(element => new ReferenceCase(element.Clone()))];
    }
}

/// <summary>One case: named tensors, all in float64, and constants.</summary>
internal sealed class ReferenceCase(JsonElement element)
{
    public string Name => element.GetProperty("name").GetString()!;

    public IReadOnlyDictionary<string, Tensor> Inputs => Tensors("inputs");

    public IReadOnlyDictionary<string, Tensor> Outputs => Tensors("outputs");

    public IReadOnlyDictionary<string, Tensor> Gradients => Tensors("gradients");

    public double Number(string constant) => element.GetProperty("constants").GetProperty(constant).GetDouble();

    public int[] Labels =>
        [.. element.GetProperty("constants").GetProperty("labels").EnumerateArray().Select(label => label.GetInt32())];

    /// <summary>The windows along height and width, of sequences along their length alone.</summary>
    public (Window Rows, Window Columns) Windows
    {
        get
        {
            Window[] windows = [.. element.GetProperty("constants").GetProperty("windows").EnumerateArray()
                .Select(w => new Window(w[0].GetInt32(), w[1].GetInt32(), w[2].GetInt32(), w[3].GetInt32()))];
            return (windows.Length == 2 ? windows[0] : Window.Single, windows[^1]);
        }
    }

    public Convolution Convolution => new(
        Windows.Rows, Windows.Columns, (int)Number("groups"),
        element.GetProperty("constants").GetProperty("circular").GetBoolean());

    public Tensor Constant(string name, ElementType type) =>
        Parse(element.GetProperty("constants").GetProperty(name)).Clone(type);

    private Dictionary<string, Tensor> Tensors(string group) =>
        element.GetProperty(group).EnumerateObject().ToDictionary(
            property => property.Name, property => Parse(property.Value));

    private static Tensor Parse(JsonElement packed)
    {
        Shape shape = new([.. packed.GetProperty("shape").EnumerateArray().Select(extent => extent.GetInt32())]);
        double[] values = [.. packed.GetProperty("values").EnumerateArray().Select(value => value.GetDouble())];
        return Tensor.From(values).Reshape(shape);
    }
}
