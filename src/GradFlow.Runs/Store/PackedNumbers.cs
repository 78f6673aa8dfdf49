using System.Buffers.Binary;

namespace GradFlow.Runs;

/// <summary>
/// Numbers of which some were not measured, packed as little-endian doubles of 8 bytes each. "Not measured" is a NaN
/// with a payload of its own, so that it stays apart from NaN (undefined) and from both infinities; every other NaN is
/// stored with one pattern.
/// </summary>
public static class PackedNumbers
{
    /// <summary>The bits that stand for "not measured": a quiet NaN whose payload spells NONE.</summary>
    public const ulong NotMeasured = 0x7FF8_0000_4E4F_4E45;

    /// <summary>The bits that stand for NaN (undefined).</summary>
    public const ulong Undefined = 0x7FF8_0000_0000_0000;

    /// <summary>The numbers as bytes.</summary>
    /// <param name="values">The numbers; null where not measured.</param>
    /// <returns>8 bytes per number.</returns>
    public static byte[] Pack(IReadOnlyList<double?> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        byte[] bytes = new byte[values.Count * sizeof(double)];
        for (int i = 0; i < values.Count; i++)
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(i * sizeof(double)), BitsOf(values[i]));
        return bytes;
    }

    /// <summary>The numbers that <see cref="Pack"/> made the bytes of.</summary>
    /// <param name="bytes">8 bytes per number.</param>
    /// <returns>The numbers; null where not measured.</returns>
    /// <exception cref="InvalidDataException">The length is no multiple of 8.</exception>
    public static double?[] Unpack(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length % sizeof(double) != 0)
            throw new InvalidDataException($"packed numbers of {bytes.Length} bytes; expected a multiple of 8");
        var values = new double?[bytes.Length / sizeof(double)];
        for (int i = 0; i < values.Length; i++)
        {
            ulong bits = BinaryPrimitives.ReadUInt64LittleEndian(bytes[(i * sizeof(double))..]);
            if (bits != NotMeasured) values[i] = BitConverter.UInt64BitsToDouble(bits);
        }
        return values;
    }

    private static ulong BitsOf(double? value) => value switch
    {
        null => NotMeasured,
        double.NaN => Undefined,
        double number => BitConverter.DoubleToUInt64Bits(number),
    };
}
