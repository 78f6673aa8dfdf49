using System.Text.RegularExpressions;

namespace GradFlow.Experiments;

/// <summary>Makes records from nodes, led by the records' own types; whatever doesn't fit is one clear error.</summary>
internal sealed class SpecBinder(string file)
{
    private readonly SpecTypes _types = new();

    public T Bind<T>(Node node)
        where T : notnull
    {
        SpecType type = _types.Of(typeof(T));
        return node is MappingNode map
            ? (T)BindRecord(type, map)
            : throw Error(node.Line, $"{type.DisplayName} must be a map of keys, found {Words.Describe(node)}");
    }

    private object BindRecord(SpecType type, MappingNode map)
    {
        object record = type.Create();
        foreach (KeyNode node in map.Keys)
        {
            SpecKey key = type.Keys.FirstOrDefault(k => k.Name == node.Name) ?? throw UnknownKey(type, node);
            key.Property.SetValue(record, BindValue(type, key, node.Value, node.Line));
        }

        if (type.Keys.FirstOrDefault(k => k.IsRequired && map.Keys.All(n => n.Name != k.Name)) is { } missing)
            throw Error(map.Line, $"key '{missing.Name}' is missing in {type.DisplayName}");
        Check(record, map.Line, map);
        return record is TrainingSpec training
            ? training with { Lines = new KeyLines(map.Line, map.Keys.ToDictionary(k => k.Name, k => k.Line)) }
            : record;
    }

    private void Check(object record, int line, MappingNode? map)
    {
        if (record is not IConstrained constrained || constrained.FindProblem() is not { } problem)
            return;
        int? keyLine = map?.Keys.FirstOrDefault(k => k.Name == problem.Key)?.Line;
        throw Error(keyLine ?? line, problem.Message);
    }

    private object? BindValue(SpecType owner, SpecKey key, Node node, int line)
    {
        string subject = owner.Type == typeof(Experiment) ? $"'{key.Name}'" : $"'{key.Name}' in {owner.DisplayName}";
        if (node is ScalarNode { IsQuoted: false } scalar)
        {
            if (scalar.Text is "" or "~" or "null")
                throw Error(line, $"{subject} has no value");
            if (key.IsOptional && scalar.Text is "none" or "false")
                return null;
        }

        if (key.ItemType is { } itemType)
            return BindList(key, itemType, node, subject);
        // A number too large for its type is too large for limits below that, which say more.
        bool isTooLarge = key.Limits?.Allows(int.MaxValue) == false && ScalarText.IsTooLarge(key.ValueType, node);
        object value = isTooLarge ? double.MaxValue : BindSingle(key.ValueType, node, subject);
        if (key.Limits is { } limits && !limits.AllowsValue(value))
            throw Error(node.Line, $"{subject} must be {limits}, found {Found(value, node, limits)}");
        if (key.IsFileName && !Regex.IsMatch((string)value, FileNameAttribute.Pattern))
            throw Error(node.Line, $"{subject} must be up to 80 letters, digits, '.', '-' or '_', and begin with a "
                + $"letter or digit, found {Words.Describe(node)}");
        return value;
    }

    /// <summary>What is outside of limits: of a range its end that is.</summary>
    private static string Found(object value, Node node, LimitsAttribute limits) => (value, node) switch
    {
        (LengthRange(var min, var max), SequenceNode) => $"'{(limits.Allows(min) ? max : min)}' in [{min}, {max}]",
        _ => Words.Describe(node),
    };

    private object BindList(SpecKey key, Type itemType, Node node, string subject)
    {
        IReadOnlyList<Node> items = node switch
        {
            SequenceNode sequence => sequence.Items,
            ScalarNode when itemType == typeof(string) => [node],
            _ => throw Error(node.Line, $"{subject} must be a list, found {Words.Describe(node)}"),
        };
        if (items.Count == 0 && key.IsNotEmpty)
            throw Error(node.Line, $"{subject} is empty; expected at least one entry");

        Array values = Array.CreateInstance(itemType, items.Count);
        for (int i = 0; i < items.Count; i++)
            values.SetValue(BindSingle(itemType, items[i], $"an entry of {subject}"), i);
        return Activator.CreateInstance(key.ValueType, values)!;
    }

    private object BindSingle(Type type, Node node, string subject)
    {
        if (type.IsAssignableTo(typeof(CatalogueEntry)))
            return BindEntry(type, node, subject);
        if (type == typeof(LengthRange))
            return BindRange(node, subject);
        if (node is ScalarNode value && IsRecord(type) && _types.Of(type) is { Shorthand: not null } spec)
            return BindChosen(spec, value, node.Line);
        if (node is ScalarNode scalar)
            return ScalarText.Parse(type, scalar) ?? throw WrongType(type, node, subject);
        return IsRecord(type) && node is MappingNode map
            ? BindRecord(_types.Of(type), map)
            : throw WrongType(type, node, subject);
    }

    private LengthRange BindRange(Node node, string subject)
    {
        IReadOnlyList<Node> ends = node is SequenceNode { Items.Count: 2 } list ? list.Items : [node, node];
        int[] numbers = [.. ends.OfType<ScalarNode>().Select(end => ScalarText.Parse(typeof(int), end)).OfType<int>()];
        if (numbers.Length < 2)
            throw Error(
                node.Line,
                $"{subject} must be a whole number, or the least and the most, such as [50, 100]; found "
                    + Words.Describe(node));
        return numbers[0] <= numbers[1]
            ? new LengthRange(numbers[0], numbers[1])
            : throw Error(node.Line, $"{subject} is from {numbers[0]} to {numbers[1]}; expected the least first");
    }

    private static bool IsRecord(Type type) =>
        Nullable.GetUnderlyingType(type) is null && !type.IsValueType && type != typeof(string);

    private InvalidExperimentException WrongType(Type type, Node node, string subject) => Error(
        node.Line,
        type.IsEnum && node is ScalarNode word
            ? $"{subject} is {Words.Describe(node)}; {Words.Suggest(word.Text, ScalarText.NamesOf(type))}"
            : $"{subject} must be {ScalarText.Describe(type, node)}, found {Words.Describe(node)}");

    private object BindEntry(Type catalogue, Node node, string subject)
    {
        (string name, Node? value) = node switch
        {
            ScalarNode scalar => (scalar.Text, null),
            MappingNode { Keys.Count: 1 } map => (map.Keys[0].Name, map.Keys[0].Value),
            MappingNode map => throw Error(map.Line, $"{subject} must be {Form(catalogue)}, found a map of "
                + (map.Keys.Count == 0 ? "no keys" : $"the keys {string.Join(", ", map.Keys.Select(k => k.Name))}")),
            _ => throw Error(node.Line, $"{subject} must be {Form(catalogue)}, found a list"),
        };
        IReadOnlyDictionary<string, Type> entries = _types.EntriesOf(catalogue);
        if (!entries.TryGetValue(name, out Type? type))
            throw Error(node.Line, $"{SpecType.NounOf(catalogue)} {Words.Quote(name)} is unknown; "
                + Words.Suggest(name, [.. entries.Keys]));
        var entry = (CatalogueEntry)BindChosen(_types.Of(type), value, node.Line);
        return entry with { Source = new SourceLine(node.Line) };
    }

    private static string Form(Type catalogue)
    {
        string noun = SpecType.NounOf(catalogue);
        return $"the name of {("aeiou".Contains(noun[0]) ? "an" : "a")} {noun} or a map with that name as its one key";
    }

    private object BindChosen(SpecType type, Node? value, int line) => value switch
    {
        MappingNode map => BindRecord(type, map),
        null or ScalarNode { IsQuoted: false, Text: "" or "~" or "null" } => BindBare(type, line),
        _ when type.Shorthand is { } key => BindRecord(
            type, new MappingNode(line, [new KeyNode(value.Line, key.Name, value)])),
        _ when type.Keys.Count == 0 => throw Error(line, $"{type.DisplayName} takes no value; write it as a bare name"),
        _ => throw Error(value.Line, $"{type.DisplayName} must be a map of the keys "
            + $"{string.Join(", ", type.Keys.Select(k => k.Name))}, found {Words.Describe(value)}"),
    };

    private object BindBare(SpecType type, int line)
    {
        string missing = string.Join(", ", type.Keys.Where(k => k.IsRequired).Select(k => $"{k.Name}: …"));
        if (missing.Length > 0)
            throw Error(line, $"{type.DisplayName} needs more than its name; write {type.Name}: {{ {missing} }}");
        object record = type.Create();
        Check(record, line, null);
        return record;
    }

    private InvalidExperimentException UnknownKey(SpecType type, KeyNode node) => Error(
        node.Line,
        type.Keys.Count == 0
            ? $"key {Words.Quote(node.Name)} is unknown in {type.DisplayName}, which takes no keys"
            : $"key {Words.Quote(node.Name)} is unknown in {type.DisplayName}; "
                + Words.Suggest(node.Name, [.. type.Keys.Select(k => k.Name)]));

    private InvalidExperimentException Error(int line, string problem) => new(file, line, problem);
}
