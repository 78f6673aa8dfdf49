using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using GradFlow.TestKit;

namespace GradFlow.Runs.Tests;

public sealed partial class SchemaDocumentTests : TemporaryFolder
{
    private static readonly Dictionary<string, Type> Records = new()
    {
        ["header"] = typeof(RunHeader),
        ["step"] = typeof(StepRecord),
        ["frame"] = typeof(Frame),
        ["evaluation"] = typeof(Evaluation),
        ["non-finite"] = typeof(NonFiniteOrigin),
        ["forecast"] = typeof(Forecast),
        ["diagnosis"] = typeof(DiagnosisResult),
        ["repair"] = typeof(RepairResult),
        ["by-length"] = typeof(LossByLength),
        ["order"] = typeof(OrderEffect),
        ["end"] = typeof(RunEnd),
    };

    private const string Example = "example-run.jsonl", RecurrentExample = "example-recurrent-run.jsonl";

    [Fact]
    public void Every_field_of_every_record_is_documented_with_its_type_and_no_other()
    {
        IEnumerable<string> expected = Records.SelectMany(record => Fields(record.Key, record.Value));
        DocumentedFields().Order(StringComparer.Ordinal).ShouldBe(expected.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(Example)]
    [InlineData(RecurrentExample)]
    public void The_examples_are_read_and_written_to_the_letter(string example)
    {
        Run run = JsonLines.Read(At(example));
        RunWriter.Save(In("run.db"), run);
        using var text = new StringWriter();
        JsonLines.Write(RunReader.Load(In("run.db")), text);
        text.ToString().ShouldBe(File.ReadAllText(At(example)));
    }

    [Fact]
    public void The_recurrent_example_holds_every_field_of_the_way_through_time()
    {
        using JsonDocument header = Lines(RecurrentExample, "header").First();
        using JsonDocument frame = Lines(RecurrentExample, "frame").First();
        JsonElement recurrences = header.RootElement.GetProperty("structure").GetProperty("recurrences");
        FieldsIn(recurrences).ShouldBe(Names(typeof(RecurrenceInfo)));
        FieldsIn(frame.RootElement.GetProperty("throughTime")).ShouldBe(Names(typeof(TimeProfile)));
    }

    [Fact]
    public void The_example_holds_every_kind_of_record()
    {
        IEnumerable<string> kinds = File.ReadLines(At(Example))
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("record").GetString()!);
        kinds.Distinct().Order(StringComparer.Ordinal).ShouldBe(Records.Keys.Order(StringComparer.Ordinal));
    }

    private static string At(string example) => RepositoryFiles.At("docs", "schema", example);

    private static IEnumerable<JsonDocument> Lines(string example, string kind) => File.ReadLines(At(example))
        .Select(line => JsonDocument.Parse(line))
        .Where(line => line.RootElement.GetProperty("record").GetString() == kind);

    private static IEnumerable<string> FieldsIn(JsonElement objects) => objects.EnumerateArray()
        .SelectMany(entry => entry.EnumerateObject().Select(field => field.Name))
        .Distinct().Order(StringComparer.Ordinal);

    private static IEnumerable<string> Names(Type record) => record.GetProperties()
        .Select(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name)).Order(StringComparer.Ordinal);

    // One line a field, such as "frame.forward: mean, array of number or null, no".
    private static IEnumerable<string> Fields(string path, Type record)
    {
        var nullability = new NullabilityInfoContext();
        HashSet<string> withoutDefault = ParametersWithoutDefault(record);
        foreach (PropertyInfo property in record.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.GetCustomAttribute<JsonIgnoreAttribute>() is not null) continue;
            NullabilityInfo info = nullability.Create(property);
            bool isRequired = info.ReadState != NullabilityState.Nullable && withoutDefault.Contains(property.Name);
            string name = JsonNamingPolicy.CamelCase.ConvertName(property.Name);
            yield return $"{path}: {name}, {TypeName(info)}, {(isRequired ? "yes" : "no")}";
            (Type inner, string suffix) = info.GenericTypeArguments is [NullabilityInfo element]
                && typeof(System.Collections.IEnumerable).IsAssignableFrom(property.PropertyType)
                ? (element.Type, "[]")
                : (property.PropertyType, "");
            if (!IsRecord(inner)) continue;
            foreach (string field in Fields($"{path}.{name}{suffix}", inner)) yield return field;
        }
    }

    private static HashSet<string> ParametersWithoutDefault(Type record) => record.GetConstructors()
        .MaxBy(constructor => constructor.GetParameters().Length)!
        .GetParameters()
        .Where(parameter => !parameter.HasDefaultValue)
        .Select(parameter => parameter.Name!)
        .ToHashSet();

    private static string TypeName(NullabilityInfo info)
    {
        Type type = Nullable.GetUnderlyingType(info.Type) ?? info.Type;
        if (type == typeof(int) || type == typeof(long)) return "integer";
        if (type == typeof(double)) return "number";
        if (type == typeof(bool)) return "boolean";
        if (type == typeof(string) || type == typeof(DateTimeOffset) || type.IsEnum) return "string";
        if (type == typeof(IReadOnlyDictionary<string, double>)) return "object of numbers";
        if (IsRecord(type)) return "object";
        NullabilityInfo element = info.GenericTypeArguments.Single();
        return $"array of {TypeName(element)}{(element.ReadState == NullabilityState.Nullable ? " or null" : "")}";
    }

    private static bool IsRecord(Type type) => type.IsClass && type.Namespace == typeof(Run).Namespace;

    private static IEnumerable<string> DocumentedFields()
    {
        string[] sections = [];
        foreach (string line in File.ReadLines(RepositoryFiles.At("docs", "schema", "run-jsonl.md")))
        {
            if (line.StartsWith("##", StringComparison.Ordinal))
                sections = [.. Quoted().Matches(line).Select(match => match.Groups[1].Value)];
            if (FieldRow().Match(line) is not { Success: true } row) continue;
            row.Groups[4].Value.Trim().ShouldNotBeEmpty();
            foreach (string section in sections)
                yield return $"{section}: {row.Groups[1].Value}, {row.Groups[2].Value}, {row.Groups[3].Value}";
        }
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"^\| `(\w+)` \| ([\w ]+) \| (yes|no) \|(.*)\|$")]
    private static partial Regex FieldRow();
}
