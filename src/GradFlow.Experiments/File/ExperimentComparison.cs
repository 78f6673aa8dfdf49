using GradFlow.Runs;

namespace GradFlow.Experiments;

/// <summary>Finds the values in which two experiments differ. Indices of lists are those after the change.</summary>
internal sealed class ExperimentComparison
{
    private const double ChangedInside = 0.5, Replaced = 1.75;

    private readonly SpecTypes _types = new();
    private readonly SpecRenderer _renderer = new();
    private readonly List<ExperimentChange> _changes = [];

    public IReadOnlyList<ExperimentChange> Compare(Experiment before, Experiment after)
    {
        CompareKeys("", before, after);
        return _changes;
    }

    private void CompareKeys(string path, object before, object after)
    {
        foreach (SpecKey key in _types.Of(before.GetType()).Keys)
        {
            string keyPath = path.Length == 0 ? key.Name : $"{path}.{key.Name}";
            CompareValues(keyPath, key.Property.GetValue(before), key.Property.GetValue(after), key.Default is null);
        }
    }

    private void CompareValues(string path, object? before, object? after, bool isNothingByDefault)
    {
        if (Equals(before, after))
            return;
        if (before is ValueList<LayerSpec> old && after is ValueList<LayerSpec> changed)
            CompareLayers(path, old, changed);
        else if (before is CatalogueEntry entry && entry.GetType() == after?.GetType())
            CompareKeys($"{path}.{entry.EntryName}", before, after);
        else if (before is TrainingSpec && after is not null)
            CompareKeys(path, before, after);
        else
            _changes.Add(new ExperimentChange(path, Text(before, isNothingByDefault), Text(after, isNothingByDefault)));
    }

    private void CompareLayers(string path, ValueList<LayerSpec> before, ValueList<LayerSpec> after)
    {
        foreach ((int i, int j) in Alignment.Of(before, after, Cost))
        {
            LayerSpec? old = i < 0 ? null : before[i], changed = j < 0 ? null : after[j];
            CompareValues($"{path}[{(j < 0 ? i : j)}]", old, changed, isNothingByDefault: true);
        }
    }

    private static double Cost(LayerSpec before, LayerSpec after) =>
        before == after ? 0 : before.GetType() == after.GetType() ? ChangedInside : Replaced;

    private string Text(object? value, bool isNothingByDefault) =>
        value is null && isNothingByDefault ? "" : YamlText.Inline(_renderer.Render(value));
}
