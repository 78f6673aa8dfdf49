using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>
/// ReZero (Bachlechner et al. 2021, eq. 1): y = x + α·branch(x), a learned residual weight α for each layer, starting
/// at 0, so that fully connected nets and transformers of any depth start with all singular values of their Jacobian at
/// 1. The same map as <see cref="SkipInit"/>, which was made for residual convolutional nets.
/// </summary>
/// <param name="name">The stable name.</param>
/// <param name="branch">The modules of the branch; its output must have its input's shape.</param>
/// <param name="type">The element type of α.</param>
public sealed class ReZero(string name, IReadOnlyList<Module> branch, ElementType type = ElementType.Float32)
    : LearnedScaleBlock(name, "rezero", branch, type);
