using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace GradFlow.Experiments.Tests;

/// <summary>Checks YAML against the part of JSON schema that the experiment's schema uses.</summary>
internal sealed class SchemaCheck(JsonNode root)
{
    private static readonly string[] Known =
    [
        "$schema", "title", "description", "default", "$defs", "$ref", "anyOf", "const", "enum", "type", "properties",
        "required", "additionalProperties", "items", "minItems", "maxItems", "minLength", "pattern", "minimum",
        "maximum", "exclusiveMinimum", "exclusiveMaximum", "minProperties", "maxProperties",
    ];

    public string? FindProblem(YamlNode node) => Check(root, node, "");

    private string? Check(JsonNode schema, YamlNode node, string path)
    {
        foreach ((string keyword, JsonNode? value) in schema.AsObject())
        {
            Known.ShouldContain(keyword);
            if (value is not null && CheckKeyword(keyword, value, schema, node, path) is { } problem)
                return problem;
        }

        return null;
    }

    private string? CheckKeyword(string keyword, JsonNode value, JsonNode schema, YamlNode node, string path) =>
        keyword switch
        {
            "$ref" => Check(root["$defs"]![value.GetValue<string>()["#/$defs/".Length..]]!, node, path),
            "anyOf" => value.AsArray().Any(s => Check(s!, node, path) is null) ? null : $"{path} fits no choice",
            "const" => Same(value, node) ? null : $"{path} is not {value}",
            "enum" => value.AsArray().Any(v => Same(v!, node)) ? null : $"{path} is none of {value}",
            "type" => TypesOf(node).Contains(value.GetValue<string>()) ? null : $"{path} is no {value}",
            "required" => node is YamlMappingNode map
                && value.AsArray().All(k => map.Children.ContainsKey(k!.ToString()))
                ? null
                : $"{path} lacks one of {value}",
            "properties" => CheckProperties(value, node, path),
            "additionalProperties" => node is not YamlMappingNode keys
                || keys.Children.Keys.All(k => schema["properties"]![k.ToString()] is not null)
                ? null
                : $"{path} has other keys",
            "items" => node is YamlSequenceNode list
                ? list.Select(n => Check(value, n, path + "[]")).FirstOrDefault(p => p is not null)
                : null,
            "minItems" => node is YamlSequenceNode { Children.Count: 0 } ? $"{path} is empty" : null,
            "maxItems" => node is YamlSequenceNode items && items.Children.Count > value.GetValue<int>()
                ? $"{path} has too many entries"
                : null,
            "minLength" => node.ToString().Length == 0 ? $"{path} is empty" : null,
            "minProperties" or "maxProperties" => node is YamlMappingNode { Children.Count: 1 }
                ? null
                : $"{path} needs one key",
            "minimum" => Number(node) >= value.GetValue<double>() ? null : $"{path} is below {value}",
            "maximum" => Number(node) <= value.GetValue<double>() ? null : $"{path} is above {value}",
            "exclusiveMinimum" => Number(node) > value.GetValue<double>() ? null : $"{path} is not above {value}",
            "exclusiveMaximum" => Number(node) < value.GetValue<double>() ? null : $"{path} is not below {value}",
            _ => null,
        };

    private string? CheckProperties(JsonNode properties, YamlNode node, string path) => node is not YamlMappingNode map
        ? null
        : map.Children.Where(c => properties[c.Key.ToString()] is not null)
            .Select(c => Check(properties[c.Key.ToString()]!, c.Value, $"{path}.{c.Key}"))
            .FirstOrDefault(p => p is not null);

    private static bool Same(JsonNode value, YamlNode node) =>
        node is YamlScalarNode scalar && scalar.Value == value.ToString();

    private static double Number(YamlNode node) => double.Parse(node.ToString(), CultureInfo.InvariantCulture);

    private static string[] TypesOf(YamlNode node) => node switch
    {
        YamlMappingNode => ["object"],
        YamlSequenceNode => ["array"],
        YamlScalarNode { Style: ScalarStyle.Plain } s when int.TryParse(s.Value, out _) => ["integer", "number"],
        YamlScalarNode { Style: ScalarStyle.Plain } s when double.TryParse(s.Value, out _) => ["number"],
        YamlScalarNode { Style: ScalarStyle.Plain, Value: "true" or "false" } => ["boolean"],
        YamlScalarNode { Style: ScalarStyle.Plain, Value: "" or "null" } => ["null"],
        _ => ["string"],
    };
}
