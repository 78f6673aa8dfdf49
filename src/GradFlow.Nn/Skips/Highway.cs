using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>
/// y = T·branch(x) + (1 − T)·x with gates T = σ(W·x + b) of each feature's own (Srivastava, Greff &amp; Schmidhuber
/// 2015, eq. 3): they learn how much of each is carried on and how much transformed.
/// </summary>
public sealed class Highway : SkipBlock
{
    /// <summary>Makes the block around its gates.</summary>
    /// <param name="name">The stable name.</param>
    /// <param name="branch">The modules of the branch; its output must have its input's shape.</param>
    /// <param name="gateWeight">W, [features, features].</param>
    /// <param name="gateBias">b, [features]; below 0 at the start, x is mostly carried on.</param>
    public Highway(string name, IReadOnlyList<Module> branch, Parameter gateWeight, Parameter gateBias)
        : base(name, "highway", branch)
    {
        ArgumentNullException.ThrowIfNull(gateWeight);
        ArgumentNullException.ThrowIfNull(gateBias);
        (GateWeight, GateBias) = (gateWeight, gateBias);
    }

    /// <summary>W, [features, features].</summary>
    public Parameter GateWeight { get; }

    /// <summary>b, [features].</summary>
    public Parameter GateBias { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> OwnParameters => [GateWeight, GateBias];

    /// <summary>Makes the block with gates that begin as an experiment file's.</summary>
    /// <param name="name">The stable name; the draws are keyed by it.</param>
    /// <param name="branch">The modules of the branch.</param>
    /// <param name="features">Features of what comes in, at least 1.</param>
    /// <param name="seed">The training's seed.</param>
    /// <param name="gateBias">What b begins with; −2 by default, so that gates start an eighth open.</param>
    /// <param name="init">How W is drawn; null for PyTorch's default.</param>
    /// <param name="type">The element type.</param>
    public static Highway Create(
        string name, IReadOnlyList<Module> branch, int features, long seed,
        double gateBias = -2, Initializer? init = null, ElementType type = ElementType.Float32)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(features, 1);
        var weight = new Parameter($"{name}.gate-weight", Tensor.Zeros(new Shape(features, features), type));
        (init ?? Initializers.Torch()).FillInPlace(weight.Value, new RandomKey(seed, "init", weight.Name));
        return new Highway(
            name, branch, weight, new Parameter($"{name}.gate-bias", Tensor.Full(new Shape(features), gateBias, type)));
    }

    /// <inheritdoc/>
    internal override Variable Join(Variable x, Variable branch) => Sum(x, branch, y =>
    {
        Tape tape = x.Tape;
        Variable gates = Ops.Sigmoid(Ops.Affine(x, tape.Use(GateWeight), tape.Use(GateBias)));
        return Ops.Multiply(gates, Ops.Subtract(y, x));
    });
}
