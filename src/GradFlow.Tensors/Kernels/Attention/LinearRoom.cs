using System.Numerics;

namespace GradFlow.Tensors;

/// <summary>
/// A thread's room for linear attention over one block of queries and one of keys. Values carry a column of ones
/// behind them: what that column gathers is what weights are divided by.
/// </summary>
internal readonly ref struct LinearRoom<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int Block = AttentionSizes.Block;

    public LinearRoom(int size)
    {
        int rows = Block * size, wider = Block * (size + 1), state = size * (size + 1);
        T[] room = Scratch<T>.First(3 * rows + 2 * wider + 2 * Block * Block + 2 * state);
        int at = 0;
        Matrix<T> Next(int count, int width)
        {
            var matrix = new Matrix<T>(room, at, width, 1);
            at += count;
            return matrix;
        }
        (Query, Key, Mapped) = (Next(rows, size), Next(rows, size), Next(rows, size));
        (Value, Output) = (Next(wider, size + 1), Next(wider, size + 1));
        (Weights, Cotangents) = (Next(Block * Block, Block), Next(Block * Block, Block));
        (State, Later) = (Next(state, size + 1), Next(state, size + 1));
        State.Clear(size, size + 1);
        Later.Clear(size, size + 1);
    }

    /// <summary>φ(q) of a block, [queries, size].</summary>
    public Matrix<T> Query { get; }

    /// <summary>φ(k), [keys, size].</summary>
    public Matrix<T> Key { get; }

    /// <summary>The cotangent of φ(q) or φ(k).</summary>
    public Matrix<T> Mapped { get; }

    /// <summary>[v, 1], [keys, size + 1].</summary>
    public Matrix<T> Value { get; }

    /// <summary>φ(q)·Σ φ(k)·[v, 1], [queries, size + 1]; on the way back its cotangent.</summary>
    public Matrix<T> Output { get; }

    /// <summary>φ(q)·φ(k) inside of a block, [queries, keys].</summary>
    public Matrix<T> Weights { get; }

    /// <summary>Their cotangents.</summary>
    public Matrix<T> Cotangents { get; }

    /// <summary>Σ φ(k)ᵀ·[v, 1] so far, [size, size + 1].</summary>
    public Matrix<T> State { get; }

    /// <summary>Its cotangent: of the queries behind.</summary>
    public Matrix<T> Later { get; }
}
