using System.Numerics;
using System.Runtime.CompilerServices;

namespace GradFlow.Tensors;

/// <summary>
/// Takes the cotangents of one vector of pre-activations, gate by gate in order: as they are for the product with the
/// recurrent weights, and with the step's exponent taken off for the weights' gradients.
/// </summary>
/// <param name="row">The row.</param>
/// <param name="columns">Columns of pre-activations and of numbers per unit.</param>
/// <param name="column">The place in each gate.</param>
internal readonly ref struct CotangentVectors<T, V>(in BackwardRow<T> row, int columns, int column)
    where T : unmanaged, IFloatingPointIeee754<T>
    where V : struct, IPacked<V, T>
{
    private readonly GateVectors<T, V> _all = new(
        row.Cotangents, row.CotangentsAt, row.Units, row.CotangentsAt + columns * row.Units, column);
    private readonly T[] _local = row.Local;
    private readonly int _first = row.Operand + column, _units = row.Units;
    private readonly V _plain = V.Fill(row.CotangentScale);

    public V this[int gate]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        set
        {
            PackedRows<T, V>.Store(_local, _first + gate * _units, value);
            GateVectors<T, V> all = _all;
            all[gate] = value * _plain;
        }
    }
}
