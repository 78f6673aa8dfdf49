using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>
/// Adds to each time step of sequences [n, T, features] a learned vector that tells its place (Gehring et al. 2017;
/// Vaswani et al. 2017, table 3 E).
/// </summary>
/// <param name="name">The stable name.</param>
/// <param name="weight">The vectors, [longest T, features].</param>
public sealed class LearnedPositions(string name, Parameter weight)
    : Module(name, "positions", ModuleKind.Other)
{
    /// <summary>Makes the layer with vectors drawn from a normal distribution.</summary>
    /// <param name="name">The stable name; the draws are keyed by it.</param>
    /// <param name="steps">The longest sequence, in time steps.</param>
    /// <param name="features">Features of a time step.</param>
    /// <param name="seed">The training's seed.</param>
    /// <param name="std">Their standard deviation; 0.02, as GPT's (Radford et al. 2018).</param>
    /// <exception cref="ArgumentOutOfRangeException">Steps or features are below 1.</exception>
    public static LearnedPositions Create(string name, int steps, int features, long seed, double std = 0.02)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(features, 1);
        var weight = new Parameter($"{name}.weight", Tensor.Zeros(new Shape(steps, features)));
        Initializers.Normal(std).FillInPlace(weight.Value, new RandomKey(seed, "init", weight.Name));
        return new LearnedPositions(name, weight);
    }

    /// <summary>The vectors, [longest T, features].</summary>
    public Parameter Weight { get; } = weight ?? throw new ArgumentNullException(nameof(weight));

    /// <inheritdoc/>
    public override IReadOnlyList<Module> Children => [];

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> OwnParameters => [Weight];

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, Tensor Value)> OwnBuffers => [];

    /// <inheritdoc/>
    protected override Variable Forward(Variable x, Pass pass)
    {
        Shape table = Weight.Value.Shape;
        if (x.Shape.Count != 3 || x.Shape[1] > table[0] || x.Shape[2] != table[1])
            throw new ArgumentException(
                $"'{Name}' got {x.Shape}; expected sequences [n, T, {table[1]}] of at most {table[0]} time steps");
        return Ops.Add(x, Ops.Slice(x.Tape.Use(Weight), 0, 0, x.Shape[1]));
    }
}
