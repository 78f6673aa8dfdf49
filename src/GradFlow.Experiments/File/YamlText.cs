using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace GradFlow.Experiments;

/// <summary>Writes nodes as YAML for people: short maps on one line, lists of maps an entry per line.</summary>
internal static partial class YamlText
{
    private const int Width = 100;

    public static string Document(MappingNode root)
    {
        StringBuilder text = new();
        WriteKeys(text, root, 0);
        return text.ToString();
    }

    /// <summary>The node on one line, without braces around a map.</summary>
    public static string Inline(Node node)
    {
        string text = Flow(node);
        return node is MappingNode { Keys.Count: > 0 } ? text[2..^2] : text;
    }

    private static void WriteKeys(StringBuilder text, MappingNode map, int indent)
    {
        for (int i = 0; i < map.Keys.Count; i++)
        {
            if (i > 0)
                text.Append(' ', indent);
            text.Append(map.Keys[i].Name).Append(':');
            WriteAfterKey(text, map.Keys[i], indent);
        }
    }

    private static void WriteAfterKey(StringBuilder text, KeyNode key, int indent)
    {
        Node value = key.Value;
        if (!HoldsLayers(key) && FitsOnLine(value, indent))
        {
            text.Append(' ').Append(Flow(value)).Append('\n');
        }
        else
        {
            text.Append('\n').Append(' ', indent + 2);
            WriteBlock(text, value, indent + 2);
        }
    }

    private static void WriteBlock(StringBuilder text, Node node, int indent)
    {
        switch (node)
        {
            case MappingNode { Keys.Count: > 0 } map:
                WriteKeys(text, map, indent);
                break;
            case SequenceNode { Items.Count: > 0 } list:
                WriteItems(text, list, indent);
                break;
            default:
                text.Append(Flow(node)).Append('\n');
                break;
        }
    }

    private static void WriteItems(StringBuilder text, SequenceNode list, int indent)
    {
        for (int i = 0; i < list.Items.Count; i++)
        {
            if (i > 0)
                text.Append(' ', indent);
            text.Append("- ");
            WriteItem(text, list.Items[i], indent + 2);
        }
    }

    /// <summary>An entry that is a map of one key stands without braces: <c>- linear: { out: 64 }</c>.</summary>
    private static void WriteItem(StringBuilder text, Node item, int indent)
    {
        if (item is MappingNode { Keys.Count: 1 } || !FitsOnLine(item, indent))
            WriteBlock(text, item, indent);
        else
            text.Append(Flow(item)).Append('\n');
    }

    private static bool FitsOnLine(Node node, int indent) =>
        !(node is MappingNode map && map.Keys.Any(HoldsLayers)) && indent + Flow(node).Length <= Width;

    /// <summary>Layers stand one per line, so that a changed layer is a changed line.</summary>
    private static bool HoldsLayers(KeyNode key) =>
        key is { Name: "layers" or "model" or "residual" }
        || (key.Value is MappingNode map && map.Keys.Any(HoldsLayers));

    private static string Flow(Node node) => node switch
    {
        ScalarNode scalar => scalar.IsQuoted ? JsonSerializer.Serialize(scalar.Text, LooseJson) : scalar.Text,
        SequenceNode list => "[" + string.Join(", ", list.Items.Select(Flow)) + "]",
        MappingNode { Keys.Count: 0 } => "{}",
        MappingNode map => "{ " + string.Join(", ", map.Keys.Select(k => $"{k.Name}: {Flow(k.Value)}")) + " }",
        _ => throw new ArgumentException("is no known kind of node", nameof(node)),
    };

    /// <summary>Whether a text must stand in quotes to be read as a text by any YAML reader.</summary>
    public static bool NeedsQuotes(string text) => !Plain().IsMatch(text) || Reserved().IsMatch(text);

    private static readonly JsonSerializerOptions LooseJson = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    [GeneratedRegex(@"^[./]*[A-Za-z_][A-Za-z0-9_./-]*\z")]
    private static partial Regex Plain();

    [GeneratedRegex(@"^(null|true|false|yes|no|on|off|none|y|n|\.inf|\.nan)\z", RegexOptions.IgnoreCase)]
    private static partial Regex Reserved();
}
