using System.Runtime.CompilerServices;

namespace GradFlow.Tensors;

/// <summary>
/// The memory behind one or more tensors. Pooled storage counts how often it was handed back, so that a tensor that
/// outlives its step is noticed at its next use instead of reading another tensor's numbers.
/// </summary>
internal sealed class TensorStorage(Array data, TensorPool? owner = null)
{
    private readonly float[]? _singles = data as float[];
    private readonly double[]? _doubles = data as double[];

    /// <summary>The number format.</summary>
    public ElementType Type => _singles is null ? ElementType.Float64 : ElementType.Float32;

    /// <summary>Numbers that have room.</summary>
    public int Length { get; } = data.Length;

    /// <summary>The numbers; null where they are of another type.</summary>
    public T[]? Numbers<T>() => typeof(T) == typeof(float) ? Unsafe.As<T[]>(_singles)
        : typeof(T) == typeof(double) ? Unsafe.As<T[]>(_doubles) : null;

    /// <summary>The pool that lends it; null where a tensor has storage of its own.</summary>
    public TensorPool? Owner { get; } = owner;

    public int Generation { get; private set; }

    public void MarkReturned() => Generation++;
}
