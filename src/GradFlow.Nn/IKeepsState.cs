using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>What remembers numbers from step to step, so that a bit-exact resume needs them.</summary>
public interface IKeepsState
{
    /// <summary>The numbers by name; empty where there is nothing to remember yet.</summary>
    IReadOnlyDictionary<string, Tensor> State { get; }

    /// <summary>Replaces the numbers by a copy of what <see cref="State"/> gave, here or elsewhere.</summary>
    /// <exception cref="ArgumentException">The numbers are not such.</exception>
    void LoadState(IReadOnlyDictionary<string, Tensor> state);
}
