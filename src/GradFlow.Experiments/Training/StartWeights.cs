using GradFlow.Nn;
using GradFlow.Runs;
using GradFlow.Tensors;

namespace GradFlow.Experiments;

/// <summary>What of a net's weights another training didn't give, so that it begins as drawn.</summary>
/// <param name="Lacking">Tensors that the other training has none of.</param>
/// <param name="Reshaped">Those of the last layer, which is of another shape there: the head of another task.</param>
internal sealed record StartWeights(IReadOnlyList<string> Lacking, IReadOnlyList<string> Reshaped)
{
    private static readonly StartWeights AllDrawn = new([], []);

    /// <summary>Lines that say what begins as drawn; none where nothing does, or all.</summary>
    public IEnumerable<string> Remarks
    {
        get
        {
            if (Lacking.Count > 0) yield return $"training.start-from lacks {AsDrawn(Lacking)}";
            if (Reshaped.Count > 0)
                yield return $"training.start-from has a last layer of another shape: {AsDrawn(Reshaped)}";
        }
    }

    /// <summary>Puts a checkpoint's numbers in place of those drawn, where their names agree.</summary>
    /// <param name="experiment">Says which checkpoint, if any.</param>
    /// <param name="net">The net.</param>
    /// <param name="file">The experiment file, which the path is relative to.</param>
    /// <returns>What of the net begins as drawn all the same.</returns>
    /// <exception cref="InvalidExperimentException">
    /// It can't be read, nothing of it is of this net, or something before the last layer has another shape.
    /// </exception>
    public static StartWeights Load(Experiment experiment, Sequential net, string file)
    {
        if (experiment.Training.StartFrom is not { } start) return AllDrawn;
        Exception Fail(string problem) => new InvalidExperimentException(
            file, experiment.Training.Lines.Of("start-from"), $"training.start-from: {problem}");
        IReadOnlyDictionary<string, Tensor> saved = Read(Path.Combine(Path.GetDirectoryName(file) ?? "", start), Fail);
        List<(string Name, Tensor Value)> tensors = [.. net.Tensors()];
        var common = tensors.Where(tensor => saved.ContainsKey(tensor.Name)).ToList();
        var others = common.Where(tensor => saved[tensor.Name].Shape != tensor.Value.Shape).ToList();
        HashSet<string> head = [.. net.Children[^1].Tensors().Select(tensor => tensor.Name)];
        if (others.Find(tensor => !head.Contains(tensor.Name)) is { Name: { } name, Value: { } value })
            throw Fail($"{start} has '{name}' of shape {saved[name].Shape}, and this net {value.Shape}; "
                + "expected the same, or a layer of another name");
        if (others.Count > 0) common.RemoveAll(tensor => head.Contains(tensor.Name));
        if (common.Count == 0)
            throw Fail($"{start} has none of this net's weights; "
                + $"expected the run of a net with layers of the same names, such as '{tensors[0].Name}'");
        foreach ((string known, Tensor to) in common) Kernels.Copy(saved[known], to);
        return new StartWeights(
            [.. tensors.Select(tensor => tensor.Name).Where(tensor => !saved.ContainsKey(tensor))],
            others.Count == 0 ? [] : [.. head.Where(saved.ContainsKey)]);
    }

    private static string AsDrawn(IReadOnlyList<string> names) =>
        $"{string.Join(", ", names.Take(3))}{(names.Count > 3 ? ", …" : "")}: "
            + $"{Words.Count(names.Count, "tensor")} of this net {(names.Count == 1 ? "begins" : "begin")} as drawn";

    private static IReadOnlyDictionary<string, Tensor> Read(string path, Func<string, Exception> fail)
    {
        string checkpoint = Directory.Exists(path) ? RunFolder.At(path).Checkpoint : path;
        if (!File.Exists(checkpoint))
            throw fail($"no such file: {checkpoint}; "
                + "expected the folder of a run of gradflow train, or the checkpoint in it");
        try
        {
            TrainingState state = Checkpoints.Load(checkpoint);
            return state.Pretraining is null
                ? state.Tensors
                : throw fail($"{path} was stopped while pre-training, and its own training hasn't begun; "
                    + "expected a run that has, so go on with it first");
        }
        catch (InvalidRunException error)
        {
            throw fail(error.Message);
        }
    }
}
