using System.Numerics.Tensors;

namespace GradFlow.Tensors;

public static partial class Kernels
{
    /// <summary>
    /// Scales each unit of a gradient down to factor·max(‖its weights‖, epsilon) where it is longer. A unit is a row
    /// along the first of two dimensions or more, and else the whole. Norms are added up in float64; a unit whose norm
    /// is not finite is left as it is.
    /// </summary>
    /// <param name="gradient">The gradient, dense.</param>
    /// <param name="weight">The weights, of its shape.</param>
    /// <param name="factor">The share of a unit's weights that its gradient may be as long as.</param>
    /// <param name="epsilon">What counts as the length of weights that are shorter.</param>
    /// <returns>
    /// The sum of the gradient's squares after; null where no unit was longer, so that nothing has changed.
    /// </returns>
    public static double? ClipUnitsInPlace(Tensor gradient, Tensor weight, double factor, double epsilon)
    {
        RequireSameShape(gradient, weight);
        int units = gradient.Shape.Count >= 2 ? gradient.Shape[0] : 1;
        if (gradient.Size == 0) return null;
        int size = gradient.Size / units;
        double sum = 0, least = 1;
        for (int at = 0; at < gradient.Size; at += size)
        {
            (double squares, double scale) = IsFloat(gradient)
                ? ClipUnit(
                    gradient.AsSpan<float>().Slice(at, size), weight.AsSpan<float>().Slice(at, size), factor, epsilon)
                : ClipUnit(gradient.AsSpan<double>().Slice(at, size), weight.AsSpan<double>().Slice(
                    at, size), factor, epsilon);
            sum += scale * scale * squares;
            least = Math.Min(least, scale);
        }
        return least < 1 ? sum : null;
    }

    private static (double Squares, double Scale) ClipUnit(
        Span<float> gradient, ReadOnlySpan<float> weight, double factor, double epsilon)
    {
        double squares = SumOfProducts(gradient, gradient);
        double scale = UnitScale(squares, SumOfProducts(weight, weight), factor, epsilon);
        if (scale < 1) TensorPrimitives.Multiply(gradient, (float)scale, gradient);
        return (squares, scale);
    }

    private static (double Squares, double Scale) ClipUnit(
        Span<double> gradient, ReadOnlySpan<double> weight, double factor, double epsilon)
    {
        double squares = TensorPrimitives.SumOfSquares<double>(gradient);
        double scale = UnitScale(squares, TensorPrimitives.SumOfSquares(weight), factor, epsilon);
        if (scale < 1) TensorPrimitives.Multiply(gradient, scale, gradient);
        return (squares, scale);
    }

    private static double UnitScale(double gradientSquares, double weightSquares, double factor, double epsilon)
    {
        double norm = Math.Sqrt(gradientSquares), bound = factor * Math.Max(Math.Sqrt(weightSquares), epsilon);
        return norm > bound && double.IsFinite(norm) ? bound / norm : 1;
    }
}
