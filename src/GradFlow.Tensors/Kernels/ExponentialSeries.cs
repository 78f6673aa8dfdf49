namespace GradFlow.Tensors;

/// <summary>
/// exp of a matrix and its derivative in a direction: 2⁻ˢ·A has a norm of at most 1/2, where 12 terms of the series
/// leave 10⁻¹⁴; then s squarings. Terms are taken four at a time (Paterson &amp; Stockmeyer 1973), five products in
/// all.
/// </summary>
/// <param name="pool">Lends the matrices.</param>
/// <param name="size">Rows and columns.</param>
internal sealed class ExponentialSeries(TensorPool pool, int size) : IDisposable
{
    private const int Terms = 4;

    private readonly List<Tensor> _rented = [];

    /// <summary>A matrix with its derivative; null where nobody asks for one.</summary>
    public readonly record struct Pair(Tensor Value, Tensor? Derivative);

    /// <summary>exp(A), and its derivative in a direction.</summary>
    public Pair Sum(Tensor a, Tensor? direction)
    {
        int squarings = Math.Max(0, (int)Math.Ceiling(Math.Log2(Math.Max(1e-300, Norm(a)) / 0.5)));
        Pair b = Scaled(new Pair(a, direction), Math.ScaleB(1, -squarings));
        Pair b2 = Product(b, b), b3 = Product(b2, b), b4 = Product(b2, b2);
        Pair sum = Block(2, b, b2, b3);
        AddTo(sum, 1 / Factorial(3 * Terms), b4);
        for (int block = 1; block >= 0; block--)
        {
            Pair higher = Product(b4, sum);
            sum = Block(block, b, b2, b3);
            AddTo(sum, 1, higher);
        }
        for (int i = 0; i < squarings; i++) sum = Product(sum, sum);
        return sum;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Tensor tensor in _rented) pool.Return(tensor);
    }

    private static double Factorial(int n) => n <= 1 ? 1 : n * Factorial(n - 1);

    /// <summary>The largest sum of magnitudes in a row.</summary>
    private double Norm(Tensor a)
    {
        double largest = 0;
        Span<double> numbers = a.AsSpan<double>();
        for (int row = 0; row < size; row++)
        {
            double sum = 0;
            foreach (double x in numbers.Slice(row * size, size)) sum += Math.Abs(x);
            // NaN leaves the scale alone, and comes out as NaN.
            if (sum > largest && double.IsFinite(sum)) largest = sum;
        }
        return largest;
    }

    private Tensor Rent()
    {
        Tensor tensor = pool.Rent(new Shape(size, size), ElementType.Float64);
        _rented.Add(tensor);
        return tensor;
    }

    /// <summary>Four terms of the series, the first without b.</summary>
    private Pair Block(int block, Pair b, Pair b2, Pair b3)
    {
        int first = block * Terms;
        Pair sum = Scaled(b, 1 / Factorial(first + 1));
        AddTo(sum, 1 / Factorial(first + 2), b2);
        AddTo(sum, 1 / Factorial(first + 3), b3);
        Span<double> value = sum.Value.AsSpan<double>();
        for (int i = 0; i < size; i++) value[i * size + i] += 1 / Factorial(first);
        return sum;
    }

    private Pair Scaled(Pair x, double factor)
    {
        Tensor Times(Tensor tensor)
        {
            Tensor scaled = Rent();
            Kernels.Scale(tensor, factor, scaled);
            return scaled;
        }
        return new Pair(Times(x.Value), x.Derivative is { } d ? Times(d) : null);
    }

    private static void AddTo(Pair sum, double factor, Pair x)
    {
        Kernels.AddScaledInPlace(sum.Value, factor, x.Value);
        if (x.Derivative is { } derivative) Kernels.AddScaledInPlace(sum.Derivative!, factor, derivative);
    }

    private Pair Product(Pair x, Pair y)
    {
        Tensor value = Rent();
        Kernels.MatMul(x.Value, y.Value, value);
        if (x.Derivative is null) return new Pair(value, null);
        Tensor derivative = Rent(), other = Rent();
        Kernels.MatMul(x.Value, y.Derivative!, derivative);
        Kernels.MatMul(x.Derivative, y.Value, other);
        Kernels.AddInPlace(derivative, other);
        return new Pair(value, derivative);
    }
}
