using System.Globalization;
using GradFlow.Runs;
using GradFlow.Tensors;

namespace GradFlow.Experiments;

/// <summary>A training state as a safetensors file, from which the training goes on to the bit.</summary>
public static class Checkpoints
{
    private const string DataKey = "data";
    private const string OptimizerPrefix = "optimizer/", MemoryPrefix = "memory/";

    /// <summary>Writes a state; the file appears whole or not at all.</summary>
    /// <param name="path">Where.</param>
    /// <param name="state">What.</param>
    public static void Save(string path, TrainingState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        List<PackedArray> arrays = [.. state.Tensors.Select(t => Pack(t.Key, t.Value))];
        arrays.AddRange(state.Optimizer.Select(t => Pack(OptimizerPrefix + t.Key, t.Value)));
        arrays.AddRange(state.Memory.Select(t => Pack(MemoryPrefix + t.Key, t.Value)));
        var metadata = new Dictionary<string, string>
        {
            ["format"] = "gradflow-checkpoint-1",
            ["step"] = state.Step.ToString(CultureInfo.InvariantCulture),
        };
        if (state.DataFingerprint is { } data) metadata[DataKey] = data;
        Safetensors.Write(path, arrays, metadata);
    }

    /// <summary>Reads a state.</summary>
    /// <param name="path">A file that <see cref="Save"/> wrote.</param>
    /// <exception cref="InvalidRunException">The file is missing, damaged or no checkpoint.</exception>
    public static TrainingState Load(string path)
    {
        Checkpoint file = Safetensors.Read(path);
        if (!file.Metadata.TryGetValue("step", out string? text)
            || !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int step))
            throw new InvalidRunException($"{path}: has no step; expected a checkpoint written by gradflow");
        var tensors = new Dictionary<string, Tensor>();
        var optimizer = new Dictionary<string, Tensor>();
        var memory = new Dictionary<string, Tensor>();
        foreach (PackedArray array in file.Arrays)
        {
            if (array.Type is not (PackedType.F32 or PackedType.F64))
                throw new InvalidRunException(
                    $"{path}: '{array.Name}' is of type {array.Type}; expected a checkpoint written by gradflow");
            if (Below(OptimizerPrefix, array) is { } name) optimizer[name] = Unpack(array);
            else if (Below(MemoryPrefix, array) is { } remembered) memory[remembered] = Unpack(array);
            else tensors[array.Name] = Unpack(array);
        }
        return new TrainingState(step, tensors, optimizer)
        {
            Memory = memory,
            DataFingerprint = file.Metadata.GetValueOrDefault(DataKey),
        };
    }

    private static string? Below(string prefix, PackedArray array) =>
        array.Name.StartsWith(prefix, StringComparison.Ordinal) ? array.Name[prefix.Length..] : null;

    private static PackedArray Pack(string name, Tensor tensor) => tensor.ElementType == ElementType.Float32
        ? PackedArray.Of(name, [.. tensor.Shape], tensor.AsSpan<float>())
        : PackedArray.Of(name, [.. tensor.Shape], tensor.AsSpan<double>());

    private static Tensor Unpack(PackedArray array)
    {
        Tensor flat = array.Type == PackedType.F32 ? Tensor.From(array.ToSingles()) : Tensor.From(array.ToDoubles());
        return flat.Reshape(new Shape([.. array.Shape]));
    }
}
