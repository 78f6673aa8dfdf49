using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>
/// SkipInit (De &amp; Smith 2020, section 3): y = x + α·branch(x), the learned α at the end of the branch starting at
/// 0; in place of the batch normalisation of residual nets, which likewise biases their blocks towards the identity.
/// </summary>
/// <param name="name">The stable name.</param>
/// <param name="branch">The modules of the branch; its output must have its input's shape.</param>
/// <param name="type">The element type of α.</param>
public sealed class SkipInit(string name, IReadOnlyList<Module> branch, ElementType type = ElementType.Float32)
    : LearnedScaleBlock(name, "skip-init", branch, type);
