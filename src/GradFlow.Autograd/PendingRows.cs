using GradFlow.Tensors;

namespace GradFlow.Autograd;

/// <summary>Ops that were recorded and wait to be computed, each on the rows of a batch of one size.</summary>
internal sealed class PendingRows : IChunkedWork
{
    private readonly List<Operation> _operations = [];
    private RowChunks _chunks;

    /// <summary>The ops in the order in which they were recorded.</summary>
    public IReadOnlyList<Operation> Operations => _operations;

    /// <summary>Whether an op on so many rows can wait with those that are here.</summary>
    public bool Fits(int rows) => _operations.Count == 0 || _chunks.Rows == rows;

    /// <summary>Lets an op wait.</summary>
    public void Add(Operation operation, int rows)
    {
        if (_operations.Count == 0) _chunks = RowChunks.Of(rows);
        _operations.Add(operation);
        operation.Output.IsPending = true;
        if (_chunks.Count == 1) return;
        operation.Inputs[0].Unforced.PrepareRowChunks(_chunks.Count);
        operation.Output.Unforced.PrepareRowChunks(_chunks.Count);
    }

    /// <summary>Computes all that waits.</summary>
    public void Compute()
    {
        Workers.Run(this, _chunks.Count);
        foreach (Operation operation in _operations) operation.Output.IsPending = false;
    }

    /// <summary>Forgets what waited.</summary>
    public void Clear() => _operations.Clear();

    /// <inheritdoc/>
    void IChunkedWork.Run(int chunk)
    {
        if (_chunks.Count == 1)
        {
            foreach (Operation operation in _operations)
                operation.Compute(operation.Inputs[0].Unforced, operation.Output.Unforced);
            return;
        }
        int first = _chunks.First(chunk), rows = _chunks.Length(chunk);
        foreach (Operation operation in _operations)
        {
            Tensor x = operation.Inputs[0].Unforced, y = operation.Output.Unforced;
            operation.Compute(x.RowChunk(chunk, first, rows), y.RowChunk(chunk, first, rows));
        }
    }
}
