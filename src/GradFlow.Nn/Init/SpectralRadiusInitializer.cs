using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>A sparse Gaussian matrix [n, n], scaled so that its largest eigenvalue has a given magnitude.</summary>
internal sealed class SpectralRadiusInitializer : Initializer
{
    /// <summary>Squarings of the matrix: (a condition of 1e6)^(1/2^24) is 1 to float32's rounding.</summary>
    private const int Squarings = 24;

    private readonly double _radius, _density;

    public SpectralRadiusInitializer(double radius, double density)
        : base("spectral-radius")
    {
        _radius = Bounds.RequireNonNegative(radius);
        _density = density is > 0 and <= 1
            ? density
            : throw new ArgumentOutOfRangeException(nameof(density), density, "must lie above 0 and be at most 1");
    }

    public override void FillInPlace(Tensor weight, RandomKey key)
    {
        ArgumentNullException.ThrowIfNull(weight);
        if (weight.Shape.Count != 2 || weight.Shape[0] != weight.Shape[1])
            throw new ArgumentException(
                $"'{Name}' cannot fill shape {weight.Shape}; only square matrices, such as recurrent weights, have "
                + "eigenvalues",
                nameof(weight));
        Tensor drawn = Tensor.Zeros(weight.Shape, ElementType.Float64);
        Kernels.FillNormalInPlace(drawn, key, 0, 1);
        if (_density < 1) ThinOutInPlace(drawn.AsSpan<double>(), key, weight.Shape[0]);
        Kernels.Scale(drawn, _radius / RadiusOf(drawn), drawn);
        Kernels.Copy(drawn, weight);
    }

    /// <summary>By the circular law n·variance is the squared radius.</summary>
    private protected override double MeanSquare(int inputs, int outputs, int places) => _radius * _radius / inputs;

    /// <summary>
    /// Each row keeps the same number of entries, at random places. As that is one at least, there is a cycle of units,
    /// and with it an eigenvalue that isn't 0.
    /// </summary>
    private void ThinOutInPlace(Span<double> rows, RandomKey key, int units)
    {
        int kept = Math.Max(1, (int)Math.Round(_density * units));
        for (int i = 0; i < units; i++)
            foreach (int j in key.At(i).Permutation(units).AsSpan(kept))
                rows[i * units + j] = 0;
    }

    /// <summary>
    /// ρ(A) = lim ‖A^m‖^(1/m) (Gelfand 1941), by squaring; each square is brought back to norm 1, and the logs of the
    /// norms are summed.
    /// </summary>
    private static double RadiusOf(Tensor matrix)
    {
        Tensor power = matrix.Clone(), square = Tensor.Zeros(matrix.Shape, ElementType.Float64);
        double log = 0, exponent = 1;
        for (int i = 0; ; i++)
        {
            double norm = Math.Sqrt(Kernels.SumOfSquares(power));
            log += Math.Log(norm) / exponent;
            if (i == Squarings) return Math.Exp(log);
            Kernels.Scale(power, 1 / norm, power);
            Kernels.MatMul(power, power, square);
            (power, square) = (square, power);
            exponent *= 2;
        }
    }
}
