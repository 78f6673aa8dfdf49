using System.Reflection;

namespace GradFlow.Experiments;

/// <summary>
/// One choice of a catalogue (a layer, an initialisation, a loss, …), written in the experiment file as a bare name or
/// as a map of one key. Adding a choice is adding a sealed record with an <see cref="EntryAttribute"/>.
/// </summary>
public abstract record CatalogueEntry
{
    /// <summary>The name that the experiment file gives it, such as <c>leaky-relu</c>.</summary>
    public string EntryName => GetType().GetCustomAttribute<EntryAttribute>()!.Name;

    /// <summary>Where it was read from.</summary>
    internal SourceLine Source { get; init; }

    /// <summary>The text that the experiment file would have for it, on one line, such as <c>normal: 0.1</c>.</summary>
    public string ToYaml() => YamlText.Inline(new SpecRenderer().Render(this));
}

/// <summary>Gives a record the name by which the experiment file chooses it.</summary>
/// <param name="name">The name, in lower case with hyphens.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class EntryAttribute(string name) : Attribute
{
    /// <summary>The name, in lower case with hyphens.</summary>
    public string Name { get; } = name;
}

/// <summary>Says what the choices of an abstract record are, for error messages and for the schema.</summary>
/// <param name="noun">What one choice is called, such as <c>layer</c>.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
internal sealed class CatalogueAttribute(string noun) : Attribute
{
    public string Noun { get; } = noun;
}
