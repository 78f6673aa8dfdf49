namespace GradFlow.Experiments;

/// <summary>Makes nodes from records: what the file says of them, defaults left out unless they matter.</summary>
internal sealed class SpecRenderer
{
    private static readonly ScalarNode None = new(0, "none");

    private readonly SpecTypes _types = new();

    public Node Render(object? value) => value switch
    {
        null => None,
        CatalogueEntry entry => RenderEntry(entry),
        string text => new ScalarNode(0, text, YamlText.NeedsQuotes(text)),
        IEnumerable<object> list => new SequenceNode(0, [.. list.Select(Render)]),
        LengthRange { IsFixed: true } length => Render(length.Min),
        LengthRange range => new SequenceNode(0, [Render(range.Min), Render(range.Max)]),
        bool or int or double or Enum => new ScalarNode(0, ScalarText.Write(value)),
        _ => RenderRecord(value),
    };

    private Node RenderRecord(object record)
    {
        IReadOnlyList<KeyNode> keys = RenderKeys(record);
        return IsShort(record, keys) ? keys[0].Value : new MappingNode(0, keys);
    }

    private bool IsShort(object record, IReadOnlyList<KeyNode> keys) =>
        keys.Count == 1 && keys[0].Name == _types.Of(record.GetType()).Shorthand?.Name;

    private Node RenderEntry(CatalogueEntry entry)
    {
        IReadOnlyList<KeyNode> keys = RenderKeys(entry);
        if (keys.Count == 0)
            return new ScalarNode(0, entry.EntryName);
        Node value = IsShort(entry, keys) ? keys[0].Value : new MappingNode(0, keys);
        return new MappingNode(0, [new KeyNode(0, entry.EntryName, value)]);
    }

    private IReadOnlyList<KeyNode> RenderKeys(object record)
    {
        SpecType type = _types.Of(record.GetType());
        return
        [
            .. type.Keys
                .Select(key => (Key: key, Value: key.Property.GetValue(record)))
                .Where(k => IsTold(k.Key, k.Value))
                .Select(k => new KeyNode(0, k.Key.Name, Render(k.Value))),
        ];
    }

    private static bool IsTold(SpecKey key, object? value) =>
        key.IsRequired || key.IsWritten || !Equals(value, key.Default);
}
