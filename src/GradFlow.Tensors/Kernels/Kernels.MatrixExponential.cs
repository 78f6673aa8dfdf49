namespace GradFlow.Tensors;

public static partial class Kernels
{
    /// <summary>exp(A) of a float64 matrix [n, n], by scaling and squaring a Taylor polynomial of degree 12.</summary>
    /// <param name="a">A, dense.</param>
    /// <param name="into">Takes exp(A).</param>
    /// <param name="pool">Lends what is needed meanwhile.</param>
    /// <exception cref="ArgumentException">No square matrices of float64, of the same size.</exception>
    public static void MatrixExponential(Tensor a, Tensor into, TensorPool pool)
    {
        RequireSquare(a, into);
        ArgumentNullException.ThrowIfNull(pool);
        using var series = new ExponentialSeries(pool, a.Shape[0]);
        Copy(series.Sum(a, null).Value, into);
    }

    /// <summary>
    /// The way back through exp(A): ∂A is the derivative of exp at Aᵀ in the direction of the cotangent (Al-Mohy &amp;
    /// Higham 2009), computed by the same polynomial on pairs of a matrix and its derivative.
    /// </summary>
    /// <param name="a">A, float64, dense.</param>
    /// <param name="g">∂L/∂exp(A).</param>
    /// <param name="into">Takes ∂L/∂A.</param>
    /// <param name="pool">Lends what is needed meanwhile.</param>
    /// <exception cref="ArgumentException">No square matrices of float64, of the same size.</exception>
    public static void MatrixExponentialBackward(Tensor a, Tensor g, Tensor into, TensorPool pool)
    {
        RequireSquare(a, g);
        RequireSquare(a, into);
        ArgumentNullException.ThrowIfNull(pool);
        using var series = new ExponentialSeries(pool, a.Shape[0]);
        Tensor transposed = a.Transpose().Clone();
        Copy(series.Sum(transposed, g).Derivative!, into);
    }

    private static void RequireSquare(Tensor a, Tensor other)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(other);
        if (a.Shape.Count != 2 || a.Shape[0] != a.Shape[1] || a.ElementType != ElementType.Float64)
            throw new ArgumentException($"got {a}; expected a square matrix of float64");
        RequireShape(other, a.Shape);
        RequireSameType(other, a);
    }
}
