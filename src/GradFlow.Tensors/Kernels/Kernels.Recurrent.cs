using System.Numerics;

namespace GradFlow.Tensors;

public static partial class Kernels
{
    /// <summary>
    /// Columns of pre-activations per unit, in the order of the kernels: of a plain cell a; of an LSTM the gates i, f,
    /// g, o; of a GRU m, r, z, n, where U·h + b' of the candidate is m and W·x + b of it is n. Behind them lie those of
    /// numbers per unit, of which a cell has <see cref="RecurrentPerUnit"/>.
    /// </summary>
    public static int RecurrentColumns(RecurrentCell cell) => RecurrentKernel.Of(cell).Columns;

    /// <summary>
    /// Numbers per unit that a cell uses beside its weights: α of leaky units, β of modReLU, the peepholes of i, f and
    /// o, λ of a complex diagonal, γ and β of a normalised cell.
    /// </summary>
    public static int RecurrentPerUnit(RecurrentCell cell) => RecurrentKernel.Of(cell).PerUnit;

    /// <summary>ε that a normalised cell adds to the variance, as PyTorch's layer normalisation.</summary>
    public const double RecurrentNormEpsilon = 1e-5;

    /// <summary>Gates and candidates of a cell that the state goes into: rows of U per unit.</summary>
    public static int RecurrentStateGates(RecurrentCell cell) => RecurrentKernel.Of(cell).StateGates;

    /// <summary>Whether part of the state passes from one step to the next without the recurrent weights.</summary>
    public static bool RecurrentCarries(RecurrentCell cell) => RecurrentKernel.Of(cell).Carries;

    /// <summary>Gates and candidates of a cell: rows of its weights per unit.</summary>
    public static int RecurrentGates(RecurrentCell cell) => RecurrentKernel.Of(cell).Gates;

    /// <summary>Numbers per unit and time step that the way back needs beside h.</summary>
    public static int RecurrentKept(RecurrentCell cell) => RecurrentKernel.Of(cell).Kept;

    /// <summary>
    /// Where c of an LSTM lies in what is kept, per unit; null of a cell that carries h past the weights.
    /// </summary>
    public static int? RecurrentCellAt(RecurrentCell cell) =>
        RecurrentKernel.Of(cell).CellAt is >= 0 and var at ? at : null;

    /// <summary>
    /// h_t of all time steps, from an initial state on: per step one product of [x_t, h_{t−1}] with the weights of all
    /// gates, and the gates in the same pass. Rows of the batch are shared among the processor's cores.
    /// </summary>
    /// <param name="cell">What a step computes.</param>
    /// <param name="weights">The layer's weights.</param>
    /// <param name="x">The sequences, dense [n, T, in].</param>
    /// <param name="kept">Takes what the way back needs, [n, T, <see cref="RecurrentKept"/>·units].</param>
    /// <param name="h">Takes the states, [n, T, units].</param>
    /// <param name="pool">Lends what is needed meanwhile.</param>
    /// <param name="initial">The state before the first step, dense, [n, units]; null for zeros.</param>
    /// <exception cref="ArgumentException">Shapes or element types don't fit.</exception>
    public static void RecurrentForward(
        RecurrentCell cell, in RecurrentWeights weights, Tensor x, Tensor kept, Tensor h, TensorPool pool,
        RecurrentState? initial = null)
    {
        ArgumentNullException.ThrowIfNull(pool);
        RequireSequences(x);
        RequireSequences(h);
        RecurrentKernel kernel = RecurrentKernel.Of(cell);
        RecurrentSizes sizes = SizesOf(x.Shape[2], h, weights);
        RequireWeights(kernel, sizes, weights, h);
        RequireSameType(x, h);
        RequireSameType(kept, h);
        RequireShape(x, new Shape(sizes.Samples, sizes.Steps, sizes.Inputs));
        RequireShape(kept, new Shape(sizes.Samples, sizes.Steps, kernel.Kept * sizes.Units));
        RequireState(kernel, sizes, initial, h);
        kernel.Forward(sizes, weights, new RecurrentWay(x, kept, h, weights.PerUnit, initial), pool);
    }

    /// <summary>
    /// The way back through all time steps: from ∂L/∂h to the cotangents of the pre-activations, from which those of
    /// weights and input follow by one product each over all time steps.
    /// </summary>
    /// <remarks>
    /// Renormalised per time step: what comes back is scaled by a power of two whenever it leaves the safe range, so
    /// the way back itself neither under- nor overflows. At the end all is brought to one exponent, 0 or above.
    /// </remarks>
    /// <param name="cell">What a step computes.</param>
    /// <param name="weights">The layer's weights.</param>
    /// <param name="window">Time steps after which the gradient is cut, from the end; null for none.</param>
    /// <param name="kept">What the way forward kept.</param>
    /// <param name="h">The states, [n, T, units].</param>
    /// <param name="g">∂L/∂h, dense, likewise; of fewer time steps, that of the last ones, others having none.</param>
    /// <param name="into">
    /// Takes the cotangents, [n, T, <see cref="RecurrentColumns"/>·units]; null where norms alone are asked for.
    /// </param>
    /// <param name="pool">Lends what is needed meanwhile.</param>
    /// <param name="norms">Takes norms by time step; null where nobody asks.</param>
    /// <param name="isRenormalized">Off, the way back is the plain one, underflow included.</param>
    /// <param name="edges">What lies before the first time step and behind the last; null for nothing.</param>
    /// <param name="stretch">
    /// Which of a longer walk's time steps these are, the last ones first, so that what is kept of the others may be
    /// made later; null for all.
    /// </param>
    /// <returns>The power of two that the cotangents are short of.</returns>
    /// <exception cref="ArgumentException">Shapes or element types don't fit.</exception>
    public static int RecurrentBackward(
        RecurrentCell cell, in RecurrentWeights weights, int? window, Tensor kept, Tensor h, Tensor g, Tensor? into,
        TensorPool pool, RecurrentNorms? norms = null, bool isRenormalized = true, RecurrentEdges? edges = null,
        RecurrentStretch? stretch = null)
    {
        ArgumentNullException.ThrowIfNull(pool);
        RequireSequences(h);
        RequireSequences(g);
        RequireShape(g, new Shape(h.Shape[0], Math.Min(g.Shape[1], h.Shape[1]), h.Shape[2]));
        RecurrentKernel kernel = RecurrentKernel.Of(cell);
        RecurrentStretch steps =
            stretch ?? new RecurrentStretch(new RecurrentWalk(h.Shape[1]), First: 0, edges?.Initial);
        RecurrentSizes sizes = SizesOf(weights.Weight.Shape[1], h, weights) with { Steps = steps.Walk.Steps };
        RequireWeights(kernel, sizes, weights, h);
        RequireSameType(kept, h);
        RequireSameType(g, h);
        RequireShape(kept, new Shape(sizes.Samples, h.Shape[1], kernel.Kept * sizes.Units));
        int columns = kernel.Columns * sizes.Units;
        Tensor cotangents = into ?? pool.Rent(new Shape(sizes.Samples, 1, columns), h.ElementType);
        RequireSameType(cotangents, h);
        RequireShape(cotangents, new Shape(sizes.Samples, into is null ? 1 : h.Shape[1], columns));
        RequireState(kernel, sizes, steps.Before, h);
        RequireState(kernel, sizes, edges?.InitialCotangent, h);
        steps.Walk.Begin(sizes, norms, pool);
        Tensor? initial = edges?.InitialCotangent is null
            ? null
            : pool.Rent(new Shape(sizes.Chunks, 1), ElementType.Float64);
        Tensor exponents = steps.Walk.Exponents!;
        var pass = new RecurrentPass(
            weights.PerUnit, kept, h, g, cotangents, exponents, window, norms, isRenormalized, edges, initial, steps);
        kernel.Backward(sizes, weights, pass, pool);
        int exponent = into is null ? 0 : new RecurrentExponents(sizes, exponents, into, start: steps.First).Align();
        if (into is null) pool.Return(cotangents);
        if (initial is not null && steps.First == 0) AlignInitial(sizes, edges!, initial);
        if (initial is not null) pool.Return(initial);
        if (steps.First == 0) steps.Walk.End(norms, pool);
        return exponent;
    }

    private static RecurrentSizes SizesOf(int inputs, Tensor h, in RecurrentWeights weights) =>
        new(h.Shape[0], h.Shape[1], inputs, h.Shape[2], weights.Skip?.Steps ?? 0);

    private static void AlignInitial(RecurrentSizes sizes, RecurrentEdges edges, Tensor exponents)
    {
        int Align(Tensor cotangent) => new RecurrentExponents(
            sizes with { Steps = 1 }, exponents, cotangent.Reshape(new Shape(sizes.Samples, 1, sizes.Units)),
            int.MinValue / 2).Align();
        RecurrentState state = edges.InitialCotangent!.Value;
        edges.InitialExponents = (Align(state.H), state.Cell is { } cell ? Align(cell) : 0);
    }

    private static void RequireState(RecurrentKernel kernel, RecurrentSizes sizes, RecurrentState? state, Tensor h)
    {
        if (state is not { } given) return;
        if (given.Cell is null != kernel.CellAt < 0)
            throw new ArgumentException("a state with c is that of an LSTM, and one without that of any other cell");
        foreach (Tensor part in new[] { given.H, given.Cell }.OfType<Tensor>())
        {
            RequireShape(part, new Shape(sizes.Samples, sizes.Units));
            RequireSameType(part, h);
        }
        if (given.Past is not { } past) return;
        RequireShape(past, new Shape(sizes.Samples, sizes.Skip - 1, sizes.Units));
        RequireSameType(past, h);
    }

    private static void RequireSequences(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (tensor.Shape.Count != 3 || tensor.Shape[1] < 1)
            throw new ArgumentException($"got a tensor of shape {tensor.Shape}; expected sequences [n, T, f]");
    }

    private static void RequireWeights(
        RecurrentKernel kernel, RecurrentSizes sizes, in RecurrentWeights weights, Tensor h)
    {
        int rows = kernel.Gates * sizes.Units, stateRows = kernel.StateGates * sizes.Units;
        RequireShape(weights.Weight, new Shape(rows, sizes.Inputs));
        RequireShape(weights.RecurrentWeight, new Shape(stateRows, sizes.Units));
        RequireSameType(weights.Weight, h);
        RequireSameType(weights.RecurrentWeight, h);
        void Require(Tensor? vector, int size)
        {
            if (vector is null) return;
            RequireShape(vector, new Shape(size));
            RequireSameType(vector, h);
        }
        Require(weights.Bias, rows);
        Require(weights.RecurrentBias, stateRows);
        if (weights.PerUnit is null != (kernel.PerUnit == 0))
            throw new ArgumentException($"expected {kernel.PerUnit} numbers per unit beside the weights");
        Require(weights.PerUnit, kernel.PerUnit * sizes.Units);
        if (weights.Skip is not { } skip) return;
        if (skip.Steps < 2 || stateRows == 0)
            throw new ArgumentException(
                $"connections skip {skip.Steps} time steps; expected 2 or more of a cell with U");
        RequireShape(skip.Weight, new Shape(stateRows, sizes.Units));
        RequireSameType(skip.Weight, h);
    }

    /// <summary>Sets one time step of sequences [n, T, f] to one value.</summary>
    public static void FillStepInPlace(Tensor sequences, int step, double value)
    {
        RequireSequences(sequences);
        if (IsFloat(sequences)) FillStep(sequences.AsSpan<float>(), sequences.Shape, step, (float)value);
        else FillStep(sequences.AsSpan<double>(), sequences.Shape, step, value);
    }

    /// <summary>
    /// How many samples of dense numbers [n, …] there are up to the last one that isn't zero throughout.
    /// </summary>
    public static int SamplesReached(Tensor numbers)
    {
        ArgumentNullException.ThrowIfNull(numbers);
        if (numbers.Size == 0) return 0;
        int last = IsFloat(numbers)
            ? numbers.AsSpan<float>().LastIndexOfAnyExcept(0f)
            : numbers.AsSpan<double>().LastIndexOfAnyExcept(0d);
        return last < 0 ? 0 : last / (numbers.Size / numbers.Shape[0]) + 1;
    }

    /// <summary>The root mean square over samples and units at each time step of sequences [n, T, f].</summary>
    public static double[] RmsByStep(Tensor sequences)
    {
        RequireSequences(sequences);
        double[] squares = new double[sequences.Shape[1]];
        if (IsFloat(sequences)) SumByStep<float>(sequences.AsSpan<float>(), sequences.Shape, squares);
        else SumByStep<double>(sequences.AsSpan<double>(), sequences.Shape, squares);
        double count = (double)sequences.Shape[0] * sequences.Shape[2];
        return Array.ConvertAll(squares, sum => Math.Sqrt(sum / count));
    }

    private static void FillStep<T>(Span<T> sequences, Shape shape, int step, T value)
    {
        for (int i = 0; i < shape[0]; i++) sequences.Slice((i * shape[1] + step) * shape[2], shape[2]).Fill(value);
    }

    private static void SumByStep<T>(ReadOnlySpan<T> sequences, Shape shape, double[] squares)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (int row = 0; row < shape[0] * shape[1]; row++)
            squares[row % shape[1]] += SumOfSquares(sequences.Slice(row * shape[2], shape[2]));
    }

    /// <summary>
    /// The exponent that the largest magnitude of a number may have before a cotangent is renormalised.
    /// </summary>
    internal static int SafeExponent<T>() => typeof(T) == typeof(float) ? 32 : 256;
}
