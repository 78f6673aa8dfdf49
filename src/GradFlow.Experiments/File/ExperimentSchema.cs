using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GradFlow.Experiments;

/// <summary>
/// The JSON schema of experiment files (draft 2020-12), by which editors complete and check them. It is made from the
/// same types as the reader, and its descriptions are the types' documentation.
/// </summary>
public sealed class ExperimentSchema
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly SpecTypes _types = new();
    private readonly SpecRenderer _renderer = new();
    private readonly SortedDictionary<string, JsonObject> _definitions = new(StringComparer.Ordinal);
    private readonly Documentation _documentation;

    private ExperimentSchema(Documentation documentation) => _documentation = documentation;

    /// <summary>The schema as indented JSON, ending in a line break.</summary>
    /// <exception cref="FileNotFoundException">The assembly's .xml documentation is not beside it.</exception>
    public static string Generate()
    {
        ExperimentSchema schema = new(Documentation.Of(typeof(Experiment).Assembly));
        JsonObject root = schema.DescribeRecord(typeof(Experiment));
        root.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        root.Insert(1, "title", "GradFlow experiment");
        root["$defs"] = new JsonObject(schema._definitions.Select(d => KeyValuePair.Create(d.Key, (JsonNode?)d.Value)));
        return root.ToJsonString(Indented) + "\n";
    }

    private JsonObject DescribeRecord(Type type)
    {
        SpecType spec = _types.Of(type);
        JsonObject schema = new() { ["description"] = _documentation.Of(type), ["type"] = "object" };
        schema["properties"] = new JsonObject(
            spec.Keys.Select(key => KeyValuePair.Create(key.Name, (JsonNode?)DescribeKey(key))));
        if (spec.Keys.Any(key => key.IsRequired))
            schema["required"] = Array(spec.Keys.Where(key => key.IsRequired).Select(key => key.Name));
        schema["additionalProperties"] = false;
        return schema;
    }

    private JsonObject DescribeKey(SpecKey key)
    {
        JsonObject schema = DescribeValue(key);
        schema.Remove("description");
        schema.Insert(0, "description", _documentation.Of(key.Property));
        if (key.Default is not null)
            schema["default"] = ToJson(_renderer.Render(key.Default));
        return schema;
    }

    private JsonObject DescribeValue(SpecKey key)
    {
        if (key.ValueType == typeof(LengthRange)) return DescribeRange(key);
        JsonObject value = key.ItemType is { } item ? DescribeList(key, item) : DescribeSingle(key.ValueType);
        if (key.Limits is { } limits)
            AddLimits(value, limits);
        if (key.IsFileName)
            value["pattern"] = FileNameAttribute.Pattern.Replace("\\z", "$");
        return key.IsOptional ? AnyOf(value, new JsonObject { ["enum"] = new JsonArray("none", false) }) : value;
    }

    private JsonObject DescribeList(SpecKey key, Type itemType)
    {
        JsonObject list = new() { ["type"] = "array", ["items"] = DescribeSingle(itemType) };
        if (key.IsNotEmpty)
            list["minItems"] = 1;
        return itemType == typeof(string) ? AnyOf(DescribeSingle(itemType), list) : list;
    }

    /// <summary>A whole number, or two of them.</summary>
    private JsonObject DescribeRange(SpecKey key)
    {
        JsonObject Number()
        {
            JsonObject number = DescribeSingle(typeof(int));
            if (key.Limits is { } limits) AddLimits(number, limits);
            return number;
        }

        JsonObject range = new() { ["type"] = "array", ["items"] = Number(), ["minItems"] = 2, ["maxItems"] = 2 };
        return AnyOf(Number(), range);
    }

    private JsonObject DescribeSingle(Type type) =>
        type.IsAssignableTo(typeof(CatalogueEntry)) ? Refer(type)
        : type == typeof(int) ? new JsonObject { ["type"] = "integer" }
        : type == typeof(double) ? new JsonObject { ["type"] = "number" }
        : type == typeof(bool) ? new JsonObject { ["type"] = "boolean" }
        : type == typeof(string) ? new JsonObject { ["type"] = "string", ["minLength"] = 1 }
        : type.IsEnum ? DescribeEnum(type)
        : DescribeEntry(_types.Of(type));

    private JsonObject DescribeEnum(Type type)
    {
        JsonArray choices = [];
        foreach (object value in Enum.GetValues(type))
        {
            choices.Add(new JsonObject
            {
                ["const"] = ScalarText.Write(value),
                ["description"] = _documentation.Of(type.GetField(value.ToString()!)!),
            });
        }

        return new JsonObject { ["anyOf"] = choices };
    }

    private static void AddLimits(JsonObject schema, LimitsAttribute limits)
    {
        AddLimit("minimum", limits.AtLeast);
        AddLimit("exclusiveMinimum", limits.Above);
        AddLimit("maximum", limits.AtMost);
        AddLimit("exclusiveMaximum", limits.Below);

        void AddLimit(string name, double bound)
        {
            if (!double.IsNaN(bound))
                schema[name] = bound;
        }
    }

    private JsonObject Refer(Type catalogue)
    {
        string name = SpecKey.ToKebab(catalogue.Name[..^"Spec".Length]);
        if (_definitions.TryAdd(name, []))
            DescribeCatalogue(catalogue, _definitions[name]);
        return new JsonObject { ["$ref"] = "#/$defs/" + name };
    }

    /// <summary>Either one of the names, or a map of one key.</summary>
    private void DescribeCatalogue(Type catalogue, JsonObject schema)
    {
        JsonArray choices = [];
        JsonObject properties = [];
        foreach ((string name, Type type) in _types.EntriesOf(catalogue))
        {
            SpecType spec = _types.Of(type);
            if (!spec.Keys.Any(key => key.IsRequired))
                choices.Add(new JsonObject { ["const"] = name, ["description"] = _documentation.Of(type) });
            if (spec.Keys.Count > 0)
                properties[name] = DescribeEntry(spec);
        }

        if (properties.Count > 0)
            choices.Add(OneKeyOf(properties));
        schema["description"] = _documentation.Of(catalogue);
        schema["anyOf"] = choices;
    }

    private JsonObject DescribeEntry(SpecType spec)
    {
        JsonObject map = DescribeRecord(spec.Type);
        if (spec.Shorthand is not { } key)
            return map;
        map.Remove("description");
        JsonObject either = AnyOf(DescribeValue(key), map);
        either.Insert(0, "description", _documentation.Of(spec.Type));
        return either;
    }

    private static JsonObject OneKeyOf(JsonObject properties) => new()
    {
        ["type"] = "object",
        ["properties"] = properties,
        ["additionalProperties"] = false,
        ["minProperties"] = 1,
        ["maxProperties"] = 1,
    };

    private static JsonObject AnyOf(params JsonObject[] choices) => new() { ["anyOf"] = new JsonArray([.. choices]) };

    private static JsonArray Array(IEnumerable<string> texts) => [.. texts.Select(text => (JsonNode?)text)];

    private static JsonNode? ToJson(Node node) => node switch
    {
        ScalarNode { IsQuoted: true } text => text.Text,
        ScalarNode { Text: "true" or "false" } truth => truth.Text == "true",
        ScalarNode scalar when double.TryParse(scalar.Text, out _) => JsonNode.Parse(scalar.Text),
        ScalarNode scalar => scalar.Text,
        SequenceNode list => new JsonArray([.. list.Items.Select(ToJson)]),
        MappingNode map => new JsonObject(map.Keys.Select(key => KeyValuePair.Create(key.Name, ToJson(key.Value)))),
        _ => throw new ArgumentException("is no known kind of node", nameof(node)),
    };
}
