using System.Text.Json;
using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn.Tests;

/// <summary>Values from PyTorch, made by the scripts in tests/reference.</summary>
internal static class Reference
{
    public static JsonElement Root { get; } = Load("nn.json");

    /// <summary>What attention.py has made.</summary>
    public static JsonElement Attention { get; } = Load("attention.json");

    /// <summary>What training.py has made.</summary>
    public static JsonElement Training { get; } = Load("training.json");

    public static IEnumerable<JsonElement> Cases(string section) => new[] { Root, Training }
        .Where(root => root.TryGetProperty(section, out _))
        .SelectMany(root => root.GetProperty(section).EnumerateArray());

    public static JsonElement Case(string section, string name) =>
        Cases(section).Single(entry => entry.GetProperty("name").GetString() == name);

    public static double[] Numbers(this JsonElement element, string property) =>
        element.GetProperty(property).Numbers();

    public static double[] Numbers(this JsonElement element) =>
        element.EnumerateArray().Select(e => e.GetDouble()).ToArray();

    public static double[][] Rows(this JsonElement element, string property) =>
        element.GetProperty(property).EnumerateArray().Select(Numbers).ToArray();

    public static double Number(this JsonElement element, string property, double otherwise) =>
        element.TryGetProperty(property, out JsonElement value) ? value.GetDouble() : otherwise;

    /// <summary>A tensor of numbers that were float32 to begin with, or of float64.</summary>
    public static Tensor ToTensor(this double[] values, ElementType type = ElementType.Float32, params int[] extents) =>
        Tensor.From(values, extents).Clone(type);

    private static JsonElement Load(string name)
    {
        using Stream stream = typeof(Reference).Assembly.GetManifestResourceStream(name)!;
        return JsonDocument.Parse(stream).RootElement.Clone();
    }
}

/// <summary>Parameters whose gradient is given rather than computed.</summary>
internal static class Given
{
    public static Parameter Parameter(string name, double[] values, ElementType type = ElementType.Float32) =>
        new(name, values.ToTensor(type));

    /// <summary>Replaces the gradient: by way of d(w·g)/dw, as only a backward pass may write one.</summary>
    public static void SetGradient(this Parameter parameter, double[] gradient)
    {
        parameter.ClearGradient();
        using var tape = new Tape();
        tape.Backward(tape.Use(parameter), gradient.ToTensor(parameter.Value.ElementType, [.. parameter.Value.Shape]));
    }
}
