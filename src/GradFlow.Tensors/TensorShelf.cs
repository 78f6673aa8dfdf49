namespace GradFlow.Tensors;

/// <summary>
/// Tensors of one shape that a pool has lent before, kept as objects with their views, so that what a step needs again
/// and again allocates nothing. For whoever hands on what he takes to nobody who keeps it: a tensor that was put back
/// is the same object when it is taken again.
/// </summary>
internal sealed class TensorShelf(TensorPool pool, Shape shape, ElementType type)
{
    private readonly Stack<Tensor> _free = [];

    /// <summary>A dense tensor whose contents are undefined.</summary>
    public Tensor Take()
    {
        if (!_free.TryPop(out Tensor? tensor))
            return new Tensor(pool.Take(shape, type), shape, shape.RowMajorStrides(), 0) { Shelf = this };
        tensor.Revive();
        return tensor;
    }

    internal void Put(Tensor tensor) => _free.Push(tensor);
}
