using GradFlow.Tensors;

namespace GradFlow.Autograd;

/// <summary>
/// An observer that is also told when a backward pass begins and ends, so that nobody else has to tell it. Passes that
/// leave parameters' gradients alone are not told of.
/// </summary>
public interface IBackwardObserver : ITapeObserver
{
    /// <summary>A backward pass begins; all that led to the result lies on its tape.</summary>
    /// <param name="result">Where it starts, such as the loss.</param>
    void BackwardBegins(Variable result);

    /// <summary>A backward pass has added to the gradients of the parameters that it reached.</summary>
    /// <param name="result">Where it started.</param>
    /// <param name="seed">∂L/∂result; null stands for 1.</param>
    void BackwardEnded(Variable result, Tensor? seed);
}
