using System.Buffers.Binary;

namespace GradFlow.Runs;

/// <summary>The element types that <see cref="Safetensors"/> keeps, named as the format names them.</summary>
public enum PackedType
{
    /// <summary>IEEE float of 32 bits.</summary>
    F32,

    /// <summary>IEEE float of 64 bits.</summary>
    F64,

    /// <summary>Signed integer of 64 bits.</summary>
    I64,

    /// <summary>Byte.</summary>
    U8,
}

/// <summary>A named array as bytes: row-major, little-endian.</summary>
/// <param name="Name">Its name, unique in a file, such as <c>3.linear.weight</c>.</param>
/// <param name="Type">The type of its elements.</param>
/// <param name="Shape">Its shape; empty for a single number.</param>
/// <param name="Bytes">Its elements; as many bytes as shape and type ask for.</param>
public sealed record PackedArray(string Name, PackedType Type, IReadOnlyList<int> Shape, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>Packs 32-bit floats.</summary>
    /// <param name="name">The array's name.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="values">Its elements, row-major; bits are kept, those of NaN too.</param>
    /// <returns>The packed array.</returns>
    public static PackedArray Of(string name, IReadOnlyList<int> shape, ReadOnlySpan<float> values)
    {
        byte[] bytes = new byte[values.Length * sizeof(float)];
        for (int i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), values[i]);
        return new PackedArray(name, PackedType.F32, shape, bytes);
    }

    /// <summary>Packs 64-bit floats.</summary>
    /// <param name="name">The array's name.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="values">Its elements, row-major; bits are kept, those of NaN too.</param>
    /// <returns>The packed array.</returns>
    public static PackedArray Of(string name, IReadOnlyList<int> shape, ReadOnlySpan<double> values)
    {
        byte[] bytes = new byte[values.Length * sizeof(double)];
        for (int i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(i * sizeof(double)), values[i]);
        return new PackedArray(name, PackedType.F64, shape, bytes);
    }

    /// <summary>Packs 64-bit integers.</summary>
    /// <param name="name">The array's name.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="values">Its elements, row-major.</param>
    /// <returns>The packed array.</returns>
    public static PackedArray Of(string name, IReadOnlyList<int> shape, ReadOnlySpan<long> values)
    {
        byte[] bytes = new byte[values.Length * sizeof(long)];
        for (int i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(i * sizeof(long)), values[i]);
        return new PackedArray(name, PackedType.I64, shape, bytes);
    }

    /// <summary>The elements of an array of 32-bit floats.</summary>
    /// <returns>A new array, row-major.</returns>
    /// <exception cref="InvalidDataException">The elements are of another type.</exception>
    public float[] ToSingles()
    {
        Require(PackedType.F32);
        float[] values = new float[Bytes.Length / sizeof(float)];
        for (int i = 0; i < values.Length; i++)
            values[i] = BinaryPrimitives.ReadSingleLittleEndian(Bytes.Span[(i * sizeof(float))..]);
        return values;
    }

    /// <summary>The elements of an array of 64-bit floats.</summary>
    /// <returns>A new array, row-major.</returns>
    /// <exception cref="InvalidDataException">The elements are of another type.</exception>
    public double[] ToDoubles()
    {
        Require(PackedType.F64);
        double[] values = new double[Bytes.Length / sizeof(double)];
        for (int i = 0; i < values.Length; i++)
            values[i] = BinaryPrimitives.ReadDoubleLittleEndian(Bytes.Span[(i * sizeof(double))..]);
        return values;
    }

    /// <summary>The elements of an array of 64-bit integers.</summary>
    /// <returns>A new array, row-major.</returns>
    /// <exception cref="InvalidDataException">The elements are of another type.</exception>
    public long[] ToIntegers()
    {
        Require(PackedType.I64);
        long[] values = new long[Bytes.Length / sizeof(long)];
        for (int i = 0; i < values.Length; i++)
            values[i] = BinaryPrimitives.ReadInt64LittleEndian(Bytes.Span[(i * sizeof(long))..]);
        return values;
    }

    /// <summary>The bytes that a shape and an element type ask for; null where that is no possible size.</summary>
    internal static long? SizeOf(PackedType type, IReadOnlyList<int> shape)
    {
        long size = type switch { PackedType.U8 => 1, PackedType.F32 => sizeof(float), _ => sizeof(double) };
        foreach (int extent in shape)
        {
            if (extent < 0) return null;
            size *= extent;
            if (size > Array.MaxLength) return null;
        }
        return size;
    }

    private void Require(PackedType type)
    {
        if (Type != type) throw new InvalidDataException($"array {Name} is of {Type}; expected {type}");
    }
}
