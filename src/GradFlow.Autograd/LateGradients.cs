using GradFlow.Tensors;

namespace GradFlow.Autograd;

/// <summary>
/// Gradients of parameters, computed beside the walk back on another thread where there is one: the walk itself needs
/// only the cotangents of layers. The same kernel does it at the same place or later, so the bits are the same.
/// </summary>
/// <param name="observer">Who is told of each parameter; null for nobody.</param>
/// <param name="left">An empty list to work with.</param>
internal sealed class LateGradients(ITapeObserver? observer, List<IParameterGradients> left)
{
    // More cotangents than this are never kept, and which they are doesn't depend on how fast threads are.
    private const int MostKept = 64;
    private readonly Lane? _lane = Workers.OpenLane();
    private int _returned;

    /// <summary>Takes an op's gradients in charge, unless something else adds to the same parameters.</summary>
    public bool TryAdd(IParameterGradients gradients, Cotangent cotangent, TensorPool pool)
    {
        foreach (Variable parameter in gradients.Of)
            if (parameter is not { Parameter.HasGradient: false, RequiresGradient: true, Consumers: 1 }) return false;
        if (left.Count - _returned == MostKept) ReturnOldest(pool);
        gradients.Begin(observer is null ? cotangent : cotangent with { Exponent = 0 });
        left.Add(gradients);
        IChunkedWork work = observer is null ? gradients : new Shown(gradients, cotangent.Exponent, observer);
        if (_lane is null || gradients.IsLarge) work.Run(0);
        else _lane.Post(work);
        return true;
    }

    /// <summary>Waits until all so far is done, so that the ops' inputs may be let go.</summary>
    public void Settle(TensorPool pool)
    {
        while (_returned < left.Count) ReturnOldest(pool);
    }

    /// <summary>Waits until all is done.</summary>
    public void Finish(TensorPool pool)
    {
        _lane?.Close();
        Settle(pool);
        foreach (IParameterGradients gradients in left)
        {
            foreach (Variable variable in gradients.Of) variable.Parameter!.IsFilled();
        }
        left.Clear();
    }

    private void ReturnOldest(TensorPool pool)
    {
        IParameterGradients oldest = left[_returned++];
        var spin = new SpinWait();
        while (!oldest.IsDone)
            if (!_lane!.TryRunNext()) spin.SpinOnce(sleep1Threshold: -1);
        pool.Return(oldest.Cotangent);
    }

    /// <summary>
    /// Gradients that somebody looks at as soon as they are computed, while they are near: before they become plain
    /// numbers, as those have lost what lies beyond float32's range.
    /// </summary>
    private sealed class Shown(IParameterGradients gradients, int exponent, ITapeObserver observer) : IChunkedWork
    {
        public void Run(int chunk)
        {
            gradients.Run(chunk);
            foreach (Variable variable in gradients.Of)
            {
                Tensor gradient = variable.Parameter!.Gradient;
                observer.Completed(variable, new Cotangent(gradient, exponent));
                Kernels.ScaleByPowerOfTwoInPlace(gradient, exponent);
            }
        }
    }
}

/// <summary>What computes the gradients of an op's parameters, once per backward pass.</summary>
internal interface IParameterGradients : IChunkedWork
{
    /// <summary>The parameters, as variables.</summary>
    Variable[] Of { get; }

    /// <summary>True where the kernel shares the work among threads by itself.</summary>
    bool IsLarge { get; }

    /// <summary>True once the gradients are written; read from another thread than the one that writes them.</summary>
    bool IsDone { get; }

    /// <summary>The cotangent that <see cref="Begin"/> was given.</summary>
    Tensor Cotangent { get; }

    /// <summary>Another pass begins, in which <see cref="IChunkedWork.Run"/> will be called once.</summary>
    /// <param name="cotangent">∂L/∂output, which stays as it is until the work is done.</param>
    void Begin(Cotangent cotangent);
}
