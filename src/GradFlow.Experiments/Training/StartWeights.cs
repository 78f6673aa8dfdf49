using GradFlow.Runs;
using GradFlow.Tensors;

namespace GradFlow.Experiments;

/// <summary>Weights of another training that one begins with.</summary>
internal static class StartWeights
{
    /// <summary>Puts a checkpoint's numbers in place of those drawn, where their names agree.</summary>
    /// <param name="experiment">Says which checkpoint, if any.</param>
    /// <param name="tensors">The net's parameters and buffers, by name.</param>
    /// <param name="file">The experiment file, which the path is relative to.</param>
    /// <returns>What the checkpoint lacks.</returns>
    /// <exception cref="InvalidExperimentException">
    /// It can't be read, nothing of it is of this net, or something has another shape.
    /// </exception>
    public static IReadOnlyList<string> Load(
        Experiment experiment, IReadOnlyList<(string Name, Tensor Value)> tensors, string file)
    {
        if (experiment.Training.StartFrom is not { } start) return [];
        Exception Fail(string problem) => new InvalidExperimentException(
            file, experiment.Training.Lines.Of("start-from"), $"training.start-from: {problem}");
        string path = Path.Combine(Path.GetDirectoryName(file) ?? "", start);
        IReadOnlyDictionary<string, Tensor> saved = Read(path, Fail);
        if (!tensors.Any(tensor => saved.ContainsKey(tensor.Name)))
            throw Fail($"{start} has none of this net's weights; expected the run of a net with layers of the same names, "
                + $"such as '{tensors[0].Name}'");
        foreach ((string name, Tensor value) in tensors)
        {
            if (!saved.TryGetValue(name, out Tensor? from)) continue;
            if (from.Shape != value.Shape)
                throw Fail($"{start} has '{name}' of shape {from.Shape}, and this net {value.Shape}; expected the same, or "
                    + "a layer of another name");
            Kernels.Copy(from, value);
        }
        return [.. tensors.Select(tensor => tensor.Name).Where(name => !saved.ContainsKey(name))];
    }

    /// <summary>A line that says what begins as drawn; none where nothing does.</summary>
    public static IEnumerable<string> Remark(IReadOnlyList<string> drawn)
    {
        if (drawn.Count > 0)
            yield return $"training.start-from lacks {string.Join(", ", drawn.Take(3))}{(drawn.Count > 3 ? ", …" : "")}: "
                + $"{Words.Count(drawn.Count, "tensor")} of this net {(drawn.Count == 1 ? "begins" : "begin")} as drawn";
    }

    private static IReadOnlyDictionary<string, Tensor> Read(string path, Func<string, Exception> fail)
    {
        string checkpoint = Directory.Exists(path) ? RunFolder.At(path).Checkpoint : path;
        if (!File.Exists(checkpoint))
            throw fail($"no such file: {checkpoint}; expected the folder of a run of gradflow train, or the checkpoint in it");
        try
        {
            return Checkpoints.Load(checkpoint).Tensors;
        }
        catch (InvalidRunException error)
        {
            throw fail(error.Message);
        }
    }
}
