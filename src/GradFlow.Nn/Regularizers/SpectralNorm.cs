using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>
/// λ/2·Σσ(W)², σ the largest singular value of a weight as the matrix [out, in·…] (Yoshida &amp; Miyato 2017, eq. 3),
/// followed by one step of power iteration per training step (Miyato et al. 2018, algorithm 1): v ← Wᵀu/‖Wᵀu‖,
/// u ← Wv/‖Wv‖, σ = uᵀWv. The gradient is λ·σ·uvᵀ. It bounds what a layer can multiply a signal or a gradient by, and
/// leaves the weight's other directions alone.
/// </summary>
public sealed class SpectralNorm : Regularizer, IKeepsState
{
    /// <summary>PyTorch's <c>spectral_norm</c> keeps norms from 0 by it.</summary>
    private const double Least = 1e-12;

    private readonly Dictionary<Parameter, (Tensor Left, Tensor Right)> _vectors = [];

    /// <summary>Starts each weight's iteration at a random direction.</summary>
    /// <param name="factor">λ, at least 0.</param>
    /// <param name="parameters">What is penalised: weights of two dimensions or more.</param>
    /// <param name="seed">What the first directions are drawn from, with the parameters' names.</param>
    /// <exception cref="ArgumentException">A parameter of fewer dimensions.</exception>
    public SpectralNorm(double factor, IReadOnlyList<Parameter> parameters, long seed)
        : base("spectral-norm", factor, Matrices(parameters))
    {
        foreach (Parameter parameter in parameters)
        {
            Shape shape = MatrixShape(parameter.Value.Shape);
            ElementType type = parameter.Value.ElementType;
            var key = new RandomKey(seed, "spectral-norm", parameter.Name);
            double[] draws = [.. Enumerable.Range(0, shape[0]).Select(i => key.Normal(i))];
            Tensor left = Tensor.From(draws).Reshape(new Shape(1, shape[0])).Clone(type);
            NormalizeInPlace(left);
            _vectors[parameter] = (left, Tensor.Zeros(new Shape(shape[1], 1), type));
        }
    }

    /// <summary>The present u of each weight, [1, out], by the parameter's name.</summary>
    public IReadOnlyDictionary<string, Tensor> State => _vectors.ToDictionary(t => t.Key.Name, t => t.Value.Left);

    /// <summary>
    /// Takes one step of the power iteration by the present weights. Call it once per training step, before
    /// <see cref="Regularizer.Penalty"/>. Weights that aren't finite leave u as it was, for when they are again.
    /// </summary>
    public void Iterate()
    {
        foreach ((Parameter parameter, (Tensor left, Tensor right)) in _vectors)
        {
            Tensor w = parameter.Value.Reshape(MatrixShape(parameter.Value.Shape));
            Kernels.MatMul(w.Transpose(), left.Transpose(), right);
            NormalizeInPlace(right);
            Tensor turned = Tensor.Zeros(left.Shape, left.ElementType);
            Kernels.MatMul(right.Transpose(), w.Transpose(), turned);
            if (!double.IsFinite(Kernels.SumOfSquares(turned))) continue;
            NormalizeInPlace(turned);
            Kernels.Copy(turned, left);
        }
    }

    /// <inheritdoc/>
    public void LoadState(IReadOnlyDictionary<string, Tensor> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        foreach ((Parameter parameter, (Tensor left, _)) in _vectors)
        {
            if (!state.TryGetValue(parameter.Name, out Tensor? saved) || saved.Shape != left.Shape)
                throw new ArgumentException(
                    $"the state has no '{parameter.Name}' of shape {left.Shape}; expected that of the same net",
                    nameof(state));
            Kernels.Copy(saved, left);
        }
    }

    private protected override Variable PenaltyOf(Parameter parameter, Variable value)
    {
        (Tensor left, Tensor right) = _vectors[parameter];
        Tape tape = value.Tape;
        Variable w = Ops.Reshape(value, MatrixShape(value.Shape));
        Variable norm = Ops.MatMul(Ops.MatMul(tape.Constant(left), w), tape.Constant(right));
        return Ops.Reshape(Ops.Scale(Ops.Multiply(norm, norm), 0.5), new Shape());
    }

    private static void NormalizeInPlace(Tensor vector) =>
        Kernels.Scale(vector, 1 / Math.Max(Math.Sqrt(Kernels.SumOfSquares(vector)), Least), vector);
}
