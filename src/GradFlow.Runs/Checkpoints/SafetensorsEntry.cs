using System.Text.Json;
using System.Text.Json.Serialization;

namespace GradFlow.Runs;

/// <summary>What a safetensors header says of one array.</summary>
internal sealed record SafetensorsEntry(string Name, PackedType Type, int[] Shape, long Begin, long End)
{
    internal static SafetensorsEntry Read(JsonProperty property)
    {
        string name = property.Name;
        Fields fields = property.Value.Deserialize<Fields>(RunJson.Options)
            ?? throw new InvalidDataException($"array {name} is null");
        // The name is compared, for a number would parse as an enum too.
        if (!Enum.TryParse(fields.Dtype, out PackedType type) || type.ToString() != fields.Dtype)
            throw new InvalidDataException($"array {name} is of {fields.Dtype}; expected F32, F64, I64 or U8");
        if (fields.DataOffsets is not [long begin, long end] || begin < 0 || end < begin)
            throw new InvalidDataException($"array {name} has no two rising data_offsets");
        if (PackedArray.SizeOf(type, fields.Shape) != end - begin)
        {
            string shape = string.Join("x", fields.Shape);
            throw new InvalidDataException($"array {name}: {end - begin} bytes do not fit {type} of [{shape}]");
        }
        return new SafetensorsEntry(name, type, fields.Shape, begin, end);
    }

    private sealed record Fields(
        string Dtype, int[] Shape, [property: JsonPropertyName("data_offsets")] long[] DataOffsets);
}
