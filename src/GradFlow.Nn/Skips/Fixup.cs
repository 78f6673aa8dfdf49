using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>
/// A block of Fixup (Zhang, Dauphin &amp; Ma 2019, section 3): y = x + (α·branch(x) + b), with a scalar bias before
/// each layer of weights and each activation of the branch; α starts at 1, all scalar biases at 0. With its
/// initialisation (<see cref="InitializeInPlace"/>) residual nets of any depth train without normalisation.
/// </summary>
public sealed class Fixup : SkipBlock
{
    /// <summary>Makes the block.</summary>
    /// <param name="name">The stable name; those of its scalar biases begin with it.</param>
    /// <param name="branch">The modules of the branch; its output must have its input's shape.</param>
    /// <param name="type">The element type of the scalars.</param>
    public Fixup(string name, IReadOnlyList<Module> branch, ElementType type = ElementType.Float32)
        : base(name, "fixup", WithBiases(name, branch, type))
    {
        Scale = new Parameter($"{name}.scale", Tensor.Full(new Shape(1), 1, type));
        Bias = new Parameter($"{name}.bias", Tensor.Zeros(new Shape(1), type));
    }

    /// <summary>α, [1]; 1 at the start.</summary>
    public Parameter Scale { get; }

    /// <summary>b, [1]; 0 at the start.</summary>
    public Parameter Bias { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> OwnParameters => [Scale, Bias];

    /// <summary>
    /// What the weights of a branch's layers are multiplied by: L^(−1/(2m−2)) for L blocks of m layers, and 0 for the
    /// last layer, so that the block starts as the identity and the sum over all blocks changes by the learning rate's
    /// order.
    /// </summary>
    /// <param name="blocks">L, the blocks of the whole net; at least 1.</param>
    /// <param name="layers">m, the layers of weights in the branch; at least 1.</param>
    /// <param name="layer">Which of them, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are no such blocks or layers.</exception>
    public static double WeightFactor(int blocks, int layers, int layer)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(blocks, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(layers, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(layer);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(layer, layers);
        return layer == layers - 1 ? 0 : Math.Pow(blocks, -1.0 / (2 * layers - 2));
    }

    /// <summary>
    /// Scales the branch's weights, drawn as usual (He et al. 2015 by the paper), by <see cref="WeightFactor"/>, and
    /// sets the bias of its last layer to 0.
    /// </summary>
    /// <param name="blocks">L, the blocks of the whole net; at least 1.</param>
    public void InitializeInPlace(int blocks)
    {
        Module[] layers = [.. Children.Where(module => module.Kind == ModuleKind.Weights)];
        for (int i = 0; i < layers.Length; i++)
        {
            double factor = WeightFactor(blocks, layers.Length, i);
            foreach (Parameter parameter in layers[i].OwnParameters.Where(p => factor == 0 || p.Value.Shape.Count > 1))
                Kernels.Scale(parameter.Value, factor, parameter.Value);
        }
    }

    /// <inheritdoc/>
    internal override Variable Join(Variable x, Variable branch) => Sum(
        x, branch, y => Ops.Add(Ops.Multiply(y, x.Tape.Use(Scale)), x.Tape.Use(Bias)));

    private static List<Module> WithBiases(string name, IReadOnlyList<Module> branch, ElementType type)
    {
        ArgumentNullException.ThrowIfNull(branch);
        var modules = new List<Module>();
        int biases = 0;
        foreach (Module module in branch)
        {
            if (module.Kind is ModuleKind.Weights or ModuleKind.Activation)
                modules.Add(new ScalarBias($"{name}-bias-{++biases}", type));
            modules.Add(module);
        }
        return modules;
    }
}
