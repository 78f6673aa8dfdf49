using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace GradFlow.Experiments;

/// <summary>
/// Reads YAML text into nodes. What an experiment file has no use for, and what could make a small file expensive
/// (anchors and aliases, tags, several documents, deep nesting), is refused.
/// </summary>
internal sealed class YamlNodes
{
    private const int MaxDepth = 50;

    private readonly string _file;
    private readonly Parser _parser;
    private int _line = 1;

    private YamlNodes(string text, string file)
    {
        _file = file;
        _parser = new Parser(new StringReader(text));
    }

    public static Node Read(string text, string file)
    {
        YamlNodes nodes = new(text, file);
        try
        {
            return nodes.ReadDocument();
        }
        catch (YamlException e)
        {
            int line = Math.Max(nodes._line, (int)e.End.Line);
            throw new InvalidExperimentException(file, line, "is not valid YAML: " + Sentence(e), e);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or IndexOutOfRangeException)
        {
            // The parser answers some unclosed brackets with these instead of its own exception.
            throw new InvalidExperimentException(
                file, nodes._line, "is not valid YAML; is a bracket, brace or quote left open?", e);
        }
    }

    private Node ReadDocument()
    {
        Expect<StreamStart>();
        if (_parser.Current is StreamEnd)
            throw new InvalidExperimentException(_file, null, "is empty; expected an experiment");
        Expect<DocumentStart>();
        Node root = ReadNode(0);
        Expect<DocumentEnd>();
        return _parser.Current is StreamEnd ? root : throw Refused("holds a second document; expected one experiment");
    }

    private void Expect<T>()
        where T : ParsingEvent
    {
        if (_parser.Current is null)
            Advance();
        if (_parser.Current is not T)
            throw Refused("is not valid YAML");
        Advance();
    }

    private Node ReadNode(int depth)
    {
        if (depth > MaxDepth)
            throw Refused($"is nested more than {MaxDepth} levels deep");
        if (_parser.Current is AnchorAlias)
            throw Refused("has an alias (*), which is not supported; use 'repeat' for equal layers");
        if (_parser.Current is not NodeEvent node)
            throw Refused("is not valid YAML");
        if (!node.Anchor.IsEmpty)
            throw Refused("has an anchor (&), which is not supported; use 'repeat' for equal layers");
        if (!node.Tag.IsEmpty)
            throw Refused("has a tag (!), which is not supported");

        int line = _line;
        Advance();
        return node switch
        {
            Scalar scalar => new ScalarNode(line, scalar.Value, scalar.Style != ScalarStyle.Plain),
            SequenceStart => ReadSequence(line, depth),
            _ => ReadMapping(line, depth),
        };
    }

    private SequenceNode ReadSequence(int line, int depth)
    {
        List<Node> items = [];
        while (_parser.Current is not SequenceEnd)
            items.Add(ReadNode(depth + 1));
        Advance();
        return new SequenceNode(line, items);
    }

    private MappingNode ReadMapping(int line, int depth)
    {
        List<KeyNode> keys = [];
        Dictionary<string, int> lines = [];
        while (_parser.Current is not MappingEnd)
        {
            int keyLine = _line;
            if (ReadNode(depth + 1) is not ScalarNode key)
                throw new InvalidExperimentException(_file, keyLine, "a key must be a word, found a list or a map");
            if (!lines.TryAdd(key.Text, keyLine))
                throw new InvalidExperimentException(
                    _file, keyLine, $"key {Words.Quote(key.Text)} stands twice, first on line {lines[key.Text]}");
            keys.Add(new KeyNode(keyLine, key.Text, ReadNode(depth + 1)));
        }

        Advance();
        return new MappingNode(line, keys);
    }

    /// <summary>Goes on, and keeps the line: events that stand for nothing visible claim to be on line 1.</summary>
    private void Advance()
    {
        _parser.MoveNext();
        if (_parser.Current is { } current)
            _line = Math.Max(_line, (int)current.Start.Line);
    }

    private InvalidExperimentException Refused(string problem) => new(_file, _line, problem);

    private static string Sentence(YamlException e)
    {
        string text = e.Message;
        return text.Length == 0 ? "unreadable" : char.ToLowerInvariant(text[0]) + text[1..].TrimEnd('.');
    }
}
