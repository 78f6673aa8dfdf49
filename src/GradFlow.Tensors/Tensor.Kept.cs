namespace GradFlow.Tensors;

/// <summary>What lets the tape keep a tensor, as an object with its views, over the steps of a training.</summary>
public sealed partial class Tensor
{
    /// <summary>Which of its steps this is; another number once it is revived.</summary>
    internal int Generation => _generation;

    /// <summary>Ends its present step: using it throws until it is revived.</summary>
    internal void End() => _storage.MarkReturned();

    /// <summary>Begins another step with the same storage.</summary>
    internal void Revive() => _generation = _storage.Generation;

    /// <summary>
    /// Readies <see cref="RowChunk"/>, which threads may then call for different chunks at the same time.
    /// </summary>
    internal void PrepareRowChunks(int chunks)
    {
        if (_rowChunks?.Length != chunks) _rowChunks = new Tensor?[chunks];
    }

    /// <summary>A stretch of rows (of the first dimension) as a view that is made once.</summary>
    internal Tensor RowChunk(int chunk, int firstRow, int rows)
    {
        Tensor view = _rowChunks![chunk] ??= Slice(0, firstRow, rows);
        view._generation = _generation;
        return view;
    }

    /// <summary>A dense tensor as a matrix of what its last dimension holds; a view that is made once.</summary>
    internal Tensor Rows()
    {
        if (Shape.Count == 2) return this;
        int columns = Shape[^1];
        Tensor view = _rows ??= Reshape(new Shape(columns == 0 ? 0 : Size / columns, columns));
        view._generation = _generation;
        return view;
    }
}
