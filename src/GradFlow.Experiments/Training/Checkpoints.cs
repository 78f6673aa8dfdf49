using System.Globalization;
using GradFlow.Runs;
using GradFlow.Tensors;

namespace GradFlow.Experiments;

/// <summary>A training state as a safetensors file, from which the training goes on to the bit.</summary>
public static class Checkpoints
{
    private const string FormatKey = "format", Format = "gradflow-checkpoint-2", ChecksumKey = "sha256";
    private const string StepKey = "step", DataKey = "data";
    private const string OptimizerPrefix = "optimizer/", MemoryPrefix = "memory/", PretrainingPrefix = "pretraining/";

    /// <summary>Writes a state, with a checksum; the file appears whole or not at all.</summary>
    /// <param name="path">Where.</param>
    /// <param name="state">What.</param>
    public static void Save(string path, TrainingState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var arrays = new List<PackedArray>();
        var metadata = new Dictionary<string, string> { [FormatKey] = Format };
        Add(state, "", arrays, metadata);
        metadata[ChecksumKey] = Checksum.Of(new Checkpoint(arrays, metadata));
        Safetensors.Write(path, arrays, metadata);
    }

    /// <summary>Reads a state.</summary>
    /// <param name="path">
    /// A file that <see cref="Save"/> wrote, of this version or an older one, which kept no checksum.
    /// </param>
    /// <exception cref="InvalidRunException">The file is missing, damaged or no checkpoint.</exception>
    public static TrainingState Load(string path)
    {
        Checkpoint file = Safetensors.Read(path);
        RequireSound(path, file);
        if (file.Arrays.FirstOrDefault(array => array.Type is not (PackedType.F32 or PackedType.F64)) is { } other)
            throw new InvalidRunException(
                $"{path}: '{other.Name}' is of type {other.Type}; expected a checkpoint written by gradflow");
        return Part("", file) ?? throw new InvalidRunException(
            $"{path}: has no step; expected a checkpoint written by gradflow");
    }

    private static void RequireSound(string path, Checkpoint file)
    {
        var metadata = new Dictionary<string, string>(file.Metadata);
        bool isKept = metadata.Remove(ChecksumKey, out string? kept);
        bool isSound = isKept
            ? kept == Checksum.Of(file with { Metadata = metadata })
            : metadata.GetValueOrDefault(FormatKey) != Format;
        if (isSound) return;
        throw new InvalidRunException(
            $"{path}: is damaged, its numbers are not those that were written (SHA-256); "
                + "expected it as it was, so put a copy of it back, or train anew");
    }

    private static void Add(
        TrainingState state, string prefix, List<PackedArray> arrays, Dictionary<string, string> metadata)
    {
        arrays.AddRange(state.Tensors.Select(t => Pack(prefix + t.Key, t.Value)));
        arrays.AddRange(state.Optimizer.Select(t => Pack(prefix + OptimizerPrefix + t.Key, t.Value)));
        arrays.AddRange(state.Memory.Select(t => Pack(prefix + MemoryPrefix + t.Key, t.Value)));
        metadata[prefix + StepKey] = state.Step.ToString(CultureInfo.InvariantCulture);
        if (state.DataFingerprint is { } data) metadata[prefix + DataKey] = data;
        if (state.Pretraining is { } before) Add(before, prefix + PretrainingPrefix, arrays, metadata);
    }

    /// <summary>The state whose arrays begin so; null where there is none.</summary>
    private static TrainingState? Part(string prefix, Checkpoint file)
    {
        if (!file.Metadata.TryGetValue(prefix + StepKey, out string? text)
            || !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int step))
            return null;
        var tensors = new Dictionary<string, Tensor>();
        var optimizer = new Dictionary<string, Tensor>();
        var memory = new Dictionary<string, Tensor>();
        foreach (PackedArray array in file.Arrays)
        {
            if (Below(prefix, array.Name) is not { } own || Below(PretrainingPrefix, own) is not null) continue;
            if (Below(OptimizerPrefix, own) is { } name) optimizer[name] = Unpack(array);
            else if (Below(MemoryPrefix, own) is { } remembered) memory[remembered] = Unpack(array);
            else tensors[own] = Unpack(array);
        }
        return new TrainingState(step, tensors, optimizer)
        {
            Memory = memory,
            DataFingerprint = file.Metadata.GetValueOrDefault(prefix + DataKey),
            Pretraining = Part(prefix + PretrainingPrefix, file),
        };
    }

    private static string? Below(string prefix, string name) =>
        name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : null;

    private static PackedArray Pack(string name, Tensor tensor) => tensor.ElementType == ElementType.Float32
        ? PackedArray.Of(name, [.. tensor.Shape], tensor.AsSpan<float>())
        : PackedArray.Of(name, [.. tensor.Shape], tensor.AsSpan<double>());

    private static Tensor Unpack(PackedArray array)
    {
        Tensor flat = array.Type == PackedType.F32 ? Tensor.From(array.ToSingles()) : Tensor.From(array.ToDoubles());
        return flat.Reshape(new Shape([.. array.Shape]));
    }
}
