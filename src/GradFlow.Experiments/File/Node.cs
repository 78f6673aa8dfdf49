namespace GradFlow.Experiments;

/// <summary>A piece of a YAML document, with the line on which it begins; 0 where it was not read.</summary>
internal abstract record Node(int Line);

/// <summary>A value; quoted ones are always texts.</summary>
internal sealed record ScalarNode(int Line, string Text, bool IsQuoted = false) : Node(Line);

/// <summary>A list.</summary>
internal sealed record SequenceNode(int Line, IReadOnlyList<Node> Items) : Node(Line);

/// <summary>A map, its keys in the order of the file.</summary>
internal sealed record MappingNode(int Line, IReadOnlyList<KeyNode> Keys) : Node(Line);

/// <summary>A key of a map with its value.</summary>
internal sealed record KeyNode(int Line, string Name, Node Value);
