using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>
/// Adds to each time step of sequences [n, T, features] what tells its place: sin(t/10000^(2i/features)) at feature 2i
/// and the cosine of the same at 2i + 1 (Vaswani et al. 2017, section 3.5). Nothing is trained.
/// </summary>
/// <param name="name">The stable name.</param>
public sealed class SinusoidalPositions(string name) : StatelessModule(name, "positions")
{
    private Tensor? _last;

    /// <summary>The number at a time step and a feature.</summary>
    /// <param name="step">The time step, from 0.</param>
    /// <param name="feature">The feature, from 0.</param>
    /// <param name="features">How many there are.</param>
    public static double At(int step, int feature, int features)
    {
        double angle = step / Math.Pow(10000, feature / 2 * 2.0 / features);
        return feature % 2 == 0 ? Math.Sin(angle) : Math.Cos(angle);
    }

    /// <inheritdoc/>
    protected override Variable Forward(Variable x, Pass pass)
    {
        if (x.Shape.Count != 3)
            throw new ArgumentException($"'{Name}' got {x.Shape}; expected sequences [n, T, features]");
        Shape shape = new(x.Shape[1], x.Shape[2]);
        if (_last is not { } table || table.Shape != shape || table.ElementType != x.Value.ElementType)
            _last = table = Table(shape, x.Value.ElementType);
        return Ops.Add(x, x.Tape.Constant(table));
    }

    private static Tensor Table(Shape shape, ElementType type)
    {
        Tensor table = Tensor.Zeros(shape, type);
        for (int t = 0; t < shape[0]; t++)
            for (int i = 0; i < shape[1]; i++) table[t, i] = At(t, i, shape[1]);
        return table;
    }
}
