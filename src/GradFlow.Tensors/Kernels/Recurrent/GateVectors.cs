using System.Numerics;
using System.Runtime.CompilerServices;

namespace GradFlow.Tensors;

/// <summary>
/// The vectors at one place of each gate, in a row that holds the gates one beside the other. What a vector writes
/// beyond its gate's end falls on what is written later and never behind a given end: gates are written in the order in
/// which they lie, and a row from its last vector to its first.
/// </summary>
/// <param name="numbers">Where the row lies.</param>
/// <param name="at">Where it begins.</param>
/// <param name="units">Numbers of a gate.</param>
/// <param name="end">Where nothing may be written any more.</param>
/// <param name="column">The place in each gate.</param>
internal readonly ref struct GateVectors<T, V>(T[] numbers, int at, int units, int end, int column)
    where T : unmanaged, IFloatingPointIeee754<T>
    where V : struct, IPacked<V, T>
{
    private readonly T[] _numbers = numbers;
    private readonly int _first = at + column, _units = units, _left = end - at - column;

    public V this[int gate]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => PackedRows<T, V>.Load(_numbers, _first + gate * _units);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        set => PackedRows<T, V>.Store(_numbers, _first + gate * _units, value, _left - gate * _units);
    }
}
