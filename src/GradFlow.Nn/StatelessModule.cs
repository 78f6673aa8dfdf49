using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>A plain layer that keeps nothing: no parameters, no buffers and no modules inside.</summary>
public abstract class StatelessModule : Module
{
    /// <summary>Names the layer.</summary>
    /// <param name="name">The stable name.</param>
    /// <param name="type">The type as the experiment file names it.</param>
    /// <param name="kind">What it does to the gradient.</param>
    private protected StatelessModule(string name, string type, ModuleKind kind = ModuleKind.Other)
        : base(name, type, kind)
    {
    }

    /// <inheritdoc/>
    public sealed override IReadOnlyList<Module> Children => [];

    /// <inheritdoc/>
    public sealed override IReadOnlyList<Parameter> OwnParameters => [];

    /// <inheritdoc/>
    public sealed override IReadOnlyList<(string Name, Tensor Value)> OwnBuffers => [];
}
