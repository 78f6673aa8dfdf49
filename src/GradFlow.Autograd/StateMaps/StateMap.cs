using GradFlow.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace GradFlow.Autograd;

/// <summary>
/// The map from one state of a recurrent layer to the next, s_{t−1} → s_t, along the way that a pass took: its
/// derivative J_t = ∂s_t/∂s_{t−1} at the pass's own states. s is all that the layer hands on from one time step to the
/// next: h, of an LSTM h and c joined, and where connections skip k time steps also h of the k − 1 steps before, the
/// latest first. Valid until the tape ends; not safe for use by two threads at once.
/// </summary>
public abstract class StateMap
{
    private readonly Variable _output;
    private readonly Variable _recurrentWeight;
    private readonly int _candidate;
    private double[]? _through, _skipped, _states;
    private VectorProduct? _product, _skippedProduct;

    private protected StateMap(Variable output, Variable recurrentWeight, int candidate = 0)
    {
        (_output, _recurrentWeight, _candidate) = (output, recurrentWeight, candidate);
        Units = recurrentWeight.Shape[1];
    }

    /// <summary>Sequences in the pass.</summary>
    public int Samples => _output.Shape[0];

    /// <summary>Time steps.</summary>
    public int Steps => _output.Shape[1];

    /// <summary>Numbers in h.</summary>
    public int Units { get; }

    /// <summary>Numbers in s.</summary>
    public int Size => OwnSize + (Skip is { } skip ? (skip.Steps - 1) * Units : 0);

    /// <summary>Connections that skip time steps; null for none.</summary>
    internal SkipInputs? Skip { get; init; }

    /// <summary>Numbers that one time step makes anew.</summary>
    private protected abstract int OwnSize { get; }

    /// <summary>The gates, by name; empty where there are none. Candidates are no gates.</summary>
    public abstract IReadOnlyList<string> Gates { get; }

    /// <summary>
    /// Mean and outer shares of each gate over samples, their time steps and units, in the order of
    /// <see cref="Gates"/>.
    /// </summary>
    /// <param name="low">What lies below counts as closed.</param>
    /// <param name="high">What lies above counts as open.</param>
    /// <param name="lengths">Time steps of each sequence that hold data; empty where all do.</param>
    /// <exception cref="ArgumentException">Lengths of other sequences.</exception>
    public abstract IReadOnlyList<ColumnShares> GateShares(
        double low, double high, ReadOnlyMemory<int> lengths = default);

    /// <summary>
    /// The matrix that meets the state again at every time step: U of a plain layer, (1 − α)∘I + α∘U of leaky units, λ
    /// of a complex diagonal as turns of the real numbers; of a layer with gates the candidate's block of U (U_g of an
    /// LSTM, U_n of a GRU), since the others only say how far gates open. Where connections skip k time steps, it is
    /// the matrix of all k states together, [U 0 … V; 1 0 …; 0 1 …]: its eigenvalues λ are those of one time step,
    /// det(λᵏ − λᵏ⁻¹·U − V) = 0.
    /// </summary>
    /// <returns>[units, units], or k·units both ways.</returns>
    public double[,] RecurrentMatrix() => Skip is { } skip ? Companion(Matrix(), skip.Steps) : Matrix();

    /// <summary>
    /// J_t·v, of which vector after vector tells how small differences of the state fare; U·v is taken at the precision
    /// of the weights.
    /// </summary>
    /// <param name="sample">The sequence, from 0.</param>
    /// <param name="step">t, from 1.</param>
    /// <param name="tangent">v, <see cref="Size"/> numbers.</param>
    /// <param name="into">Takes the product, likewise; not v itself.</param>
    /// <exception cref="ArgumentOutOfRangeException">No such sequence or time step.</exception>
    /// <exception cref="ArgumentException">Of another size.</exception>
    public void Push(int sample, int step, ReadOnlySpan<double> tangent, Span<double> into)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sample);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(sample, Samples);
        ArgumentOutOfRangeException.ThrowIfLessThan(step, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(step, Steps);
        if (tangent.Length != Size || into.Length != Size)
            throw new ArgumentException($"{tangent.Length} and {into.Length} numbers; expected {Size}, a state's");
        if (Through.Length > 0) Product.Multiply(tangent[..Units], Through);
        if (Skip is not null) PushSkipped(tangent, into);
        Derive(sample, step, tangent[..OwnSize], into[..OwnSize]);
    }

    /// <summary>Adds V·v of the earliest state to what comes through U, and moves all states on by a step.</summary>
    private void PushSkipped(ReadOnlySpan<double> tangent, Span<double> into)
    {
        _skippedProduct ??= ProductWith(Skip!.Weight);
        double[] skipped = _skipped ??= new double[Through.Length];
        _skippedProduct.Multiply(tangent[^Units..], skipped);
        TensorPrimitives.Add<double>(Through, skipped, Through);
        tangent[..Units].CopyTo(into[OwnSize..]);
        tangent[OwnSize..^Units].CopyTo(into[(OwnSize + Units)..]);
    }

    /// <summary>J_t as a matrix.</summary>
    /// <param name="sample">The sequence, from 0.</param>
    /// <param name="step">t, from 1.</param>
    /// <returns>[<see cref="Size"/>, <see cref="Size"/>], s_t down and s_{t−1} across.</returns>
    /// <exception cref="ArgumentOutOfRangeException">No such sequence or time step.</exception>
    public double[,] Jacobian(int sample, int step)
    {
        var matrix = new double[Size, Size];
        double[] unit = new double[Size], column = new double[Size];
        for (int j = 0; j < Size; j++)
        {
            unit[j] = 1;
            Push(sample, step, unit, column);
            unit[j] = 0;
            for (int i = 0; i < Size; i++) matrix[i, j] = column[i];
        }
        return matrix;
    }

    private protected abstract double[,] Matrix();

    /// <summary>The rows of U that belong to the candidate.</summary>
    private protected double[,] Block()
    {
        var matrix = new double[Units, Units];
        Put(_recurrentWeight, matrix, 0);
        return matrix;
    }

    private void Put(Variable weight, double[,] into, int column)
    {
        double[] block = weight.Value.Slice(0, _candidate * Units, Units).ToDoubles();
        for (int i = 0; i < block.Length; i++) into[i / Units, column + i % Units] = block[i];
    }

    private double[,] Companion(double[,] own, int steps)
    {
        var matrix = new double[steps * Units, steps * Units];
        for (int i = 0; i < own.Length; i++) matrix[i / Units, i % Units] = own[i / Units, i % Units];
        Put(Skip!.Weight, matrix, (steps - 1) * Units);
        for (int i = Units; i < matrix.GetLength(0); i++) matrix[i, i - Units] = 1;
        return matrix;
    }

    /// <summary>U·v for v's share of h, all gates.</summary>
    private protected double[] Through => _through ??= new double[_recurrentWeight.Shape[0]];

    /// <summary>h_t.</summary>
    private protected double[] States(int sample, int step) => Read(_output.Value, sample, step, ref _states);

    /// <summary>J_t·v, with <see cref="Through"/> filled.</summary>
    private protected abstract void Derive(int sample, int step, ReadOnlySpan<double> tangent, Span<double> into);

    /// <summary>What a cell keeps of one sequence at one time step, into an array that is used again.</summary>
    private protected static double[] Read(RecurrentSteps steps, int sample, int step, ref double[]? into)
    {
        (Tensor kept, int at) = steps.KeptAt(step);
        return Read(kept, sample, at, ref into);
    }

    /// <summary>The numbers of one sequence at one time step, into an array that is used again.</summary>
    private protected static double[] Read(Tensor sequences, int sample, int step, ref double[]? into)
    {
        int width = sequences.Shape[2], at = (sample * sequences.Shape[1] + step) * width;
        into ??= new double[width];
        if (sequences.ElementType == ElementType.Float64) sequences.AsSpan<double>().Slice(at, width).CopyTo(into);
        else TensorPrimitives.ConvertTruncating<float, double>(sequences.AsSpan<float>().Slice(at, width), into);
        return into;
    }

    private VectorProduct Product => _product ??= ProductWith(_recurrentWeight);

    private VectorProduct ProductWith(Variable weight) => VectorProduct.Of(
        weight.Value, size => _output.Tape.Rent(new Shape(size), weight.Value.ElementType));
}
