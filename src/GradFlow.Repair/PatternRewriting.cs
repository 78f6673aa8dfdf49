using GradFlow.Experiments;

namespace GradFlow.Repair;

/// <summary>Keeps what a recipe says of single layers fitting a model whose layers have changed.</summary>
internal static class PatternRewriting
{
    /// <summary>
    /// The experiment without the names of layers that it doesn't have, in groups, regularisers and clipping: those of
    /// a remedy's new layers can't be known to whoever wrote the file.
    /// </summary>
    public static Experiment WithoutStrangers(Experiment experiment)
    {
        var names = new List<string>();
        CollectNames(experiment.Model, [], names);
        ValueList<string> Known(ValueList<string> patterns) => [.. patterns.Where(pattern => MayBeIn(names, pattern))];
        TrainingSpec training = experiment.Training;
        return experiment with
        {
            Optimizer = experiment.Optimizer with
            {
                Groups = [.. experiment.Optimizer.Groups
                    .Select(group => group with { Parameters = Known(group.Parameters) })
                    .Where(group => group.Parameters.Count > 0)],
            },
            Training = training with
            {
                Regularizers = [.. training.Regularizers
                    .Select(regularizer => regularizer with { Of = Known(regularizer.Of) })
                    .Where(regularizer => regularizer.Of.Count > 0)],
                Clip = training.Clip is AdaptiveClipSpec clip
                    ? clip with { Except = Known(clip.Except) }
                    : training.Clip,
            },
        };
    }

    /// <summary>The layers' names as the net gives them: each type counted, blocks before what is in them.</summary>
    private static void CollectNames(
        IReadOnlyList<LayerSpec> layers, Dictionary<string, int> counts, List<string> names)
    {
        foreach (LayerSpec layer in layers)
        {
            if (layer is RepeatSpec repeat)
            {
                for (int turn = 0; turn < repeat.Times; turn++) CollectNames(repeat.Layers, counts, names);
                continue;
            }
            counts[layer.EntryName] = counts.GetValueOrDefault(layer.EntryName) + 1;
            names.Add($"{layer.EntryName}-{counts[layer.EntryName]}");
            if (layer is ResidualSpec residual) CollectNames(residual.Layers, counts, names);
        }
    }

    private static bool MayBeIn(List<string> names, string pattern)
    {
        if (ParameterKinds.Contains(pattern)) return true;
        int end = pattern.IndexOfAny(['.', '*']);
        string head = end < 0 ? pattern : pattern[..end];
        bool isWhole = end < 0 || pattern[end] == '.';
        return names.Exists(name => isWhole ? name == head : name.StartsWith(head, StringComparison.Ordinal));
    }
}
