using System.Numerics;
using System.Runtime.Intrinsics;

namespace GradFlow.Tensors;

/// <summary>A cell's kernels at the element type of the tensors and the width of the processor.</summary>
internal abstract class RecurrentKernel
{
    private static readonly RecurrentKernel Linear = new RecurrentKernel<PlainCell<PlainIdentity>>();
    private static readonly RecurrentKernel Tanh = new RecurrentKernel<PlainCell<PlainTanh>>();
    private static readonly RecurrentKernel Relu = new RecurrentKernel<PlainCell<PlainRelu>>();
    private static readonly RecurrentKernel Lstm = new RecurrentKernel<LstmCell>();
    private static readonly RecurrentKernel Gru = new RecurrentKernel<GruCell>();
    private static readonly RecurrentKernel LeakyLinear = new RecurrentKernel<LeakyCell<PlainIdentity>>();
    private static readonly RecurrentKernel LeakyTanh = new RecurrentKernel<LeakyCell<PlainTanh>>();
    private static readonly RecurrentKernel LeakyRelu = new RecurrentKernel<LeakyCell<PlainRelu>>();
    private static readonly RecurrentKernel ModRelu = new RecurrentKernel<ModReluCell>();
    private static readonly RecurrentKernel PeepholeLstm = new RecurrentKernel<PeepholeLstmCell>();
    private static readonly RecurrentKernel ComplexDiagonal = new RecurrentKernel<ComplexDiagonalCell>();
    private static readonly RecurrentKernel NormalizedLinear =
        new RecurrentKernel<NormalizedCell<PlainIdentity>>();
    private static readonly RecurrentKernel NormalizedTanh = new RecurrentKernel<NormalizedCell<PlainTanh>>();
    private static readonly RecurrentKernel NormalizedRelu = new RecurrentKernel<NormalizedCell<PlainRelu>>();

    /// <summary>Columns of cotangents, those of numbers per unit included.</summary>
    public abstract int Columns { get; }

    public abstract int PerUnit { get; }

    /// <summary>Gates that the state goes into.</summary>
    public abstract int StateGates { get; }

    public abstract bool Carries { get; }

    public abstract int Gates { get; }

    public abstract int Kept { get; }

    public static RecurrentKernel Of(RecurrentCell cell) => cell switch
    {
        RecurrentCell.Linear => Linear,
        RecurrentCell.Tanh => Tanh,
        RecurrentCell.Relu => Relu,
        RecurrentCell.Lstm => Lstm,
        RecurrentCell.Gru => Gru,
        RecurrentCell.LeakyLinear => LeakyLinear,
        RecurrentCell.LeakyTanh => LeakyTanh,
        RecurrentCell.LeakyRelu => LeakyRelu,
        RecurrentCell.ModRelu => ModRelu,
        RecurrentCell.PeepholeLstm => PeepholeLstm,
        RecurrentCell.ComplexDiagonal => ComplexDiagonal,
        RecurrentCell.NormalizedLinear => NormalizedLinear,
        RecurrentCell.NormalizedTanh => NormalizedTanh,
        RecurrentCell.NormalizedRelu => NormalizedRelu,
        _ => throw new ArgumentOutOfRangeException(nameof(cell), cell, "no such recurrent cell"),
    };

    /// <summary>Where c lies in what is kept, per unit; −1 without one.</summary>
    public abstract int CellAt { get; }

    public abstract void Forward(
        RecurrentSizes sizes, in RecurrentWeights weights, RecurrentWay way, TensorPool pool);

    public abstract void Backward(
        RecurrentSizes sizes, in RecurrentWeights weights, RecurrentPass pass, TensorPool pool);
}

/// <summary>The kernels of one cell.</summary>
internal sealed class RecurrentKernel<TCell> : RecurrentKernel
    where TCell : IRecurrentCell
{
    public override int Columns => TCell.Columns + TCell.PerUnit;

    public override int PerUnit => TCell.PerUnit;

    public override int StateGates => TCell.ToState;

    public override bool Carries => TCell.Carries;

    public override int Gates => TCell.Columns - TCell.FromInput;

    public override int Kept => TCell.Kept;

    public override int CellAt => TCell.CellAt;

    public override void Forward(
        RecurrentSizes sizes, in RecurrentWeights weights, RecurrentWay way, TensorPool pool)
    {
        if (way.X.ElementType == ElementType.Float64) Forward<double>(sizes, weights, way, pool);
        else Forward<float>(sizes, weights, way, pool);
    }

    public override void Backward(
        RecurrentSizes sizes, in RecurrentWeights weights, RecurrentPass pass, TensorPool pool)
    {
        if (pass.Given.ElementType == ElementType.Float64) Backward<double>(sizes, weights, pass, pool);
        else Backward<float>(sizes, weights, pass, pool);
    }

    private static void Forward<T>(
        RecurrentSizes sizes, in RecurrentWeights weights, RecurrentWay way, TensorPool pool)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (Vector512.IsHardwareAccelerated) Forward<T, WidePacked<T>>(sizes, weights, way, pool);
        else Forward<T, NativePacked<T>>(sizes, weights, way, pool);
    }

    private static void Backward<T>(
        RecurrentSizes sizes, in RecurrentWeights weights, RecurrentPass pass, TensorPool pool)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (Vector512.IsHardwareAccelerated) Backward<T, WidePacked<T>>(sizes, weights, pass, pool);
        else Backward<T, NativePacked<T>>(sizes, weights, pass, pool);
    }

    private static void Forward<T, V>(
        RecurrentSizes sizes, in RecurrentWeights weights, RecurrentWay way, TensorPool pool)
        where T : unmanaged, IFloatingPointIeee754<T>
        where V : struct, IPacked<V, T>
    {
        int units = sizes.Units, first = TCell.FromInput * units;
        var layout = new PanelLayout(sizes.Inputs + sizes.States, TCell.Columns * units, 2 * V.Count);
        Tensor laidOut = pool.Rent(new Shape(layout.Size), way.X.ElementType);
        var matrix = new PanelMatrix<T>(layout, laidOut.Elements<T>());
        matrix.Clear();
        matrix.PutColumns(weights.Weight.AsSpan<T>(), sizes.Inputs, 0, first);
        if (weights.Bias is { } bias) matrix.AddBiases(bias.AsSpan<T>(), first);
        int split = (TCell.ToState - TCell.FromInput) * units;
        void PutStates(Tensor weight, int line)
        {
            Span<T> rows = weight.AsSpan<T>();
            matrix.PutColumns(rows[..(split * units)], units, line, first);
            matrix.PutColumns(rows[(split * units)..], units, line, 0);
        }
        PutStates(weights.RecurrentWeight, sizes.Inputs);
        if (weights.Skip is { } skip) PutStates(skip.Weight, sizes.Inputs + units);
        if (weights.RecurrentBias is { } biases)
        {
            matrix.AddBiases(biases.AsSpan<T>()[..split], first);
            matrix.AddBiases(biases.AsSpan<T>()[split..], 0);
        }
        int size = sizes.Chunks * RecurrentForward<TCell, T, V>.LocalSize(sizes, layout.PaddedColumns);
        Tensor local = pool.Rent(new Shape(size), way.X.ElementType);
        Workers.Run(
            new RecurrentForward<TCell, T, V>(sizes, matrix, local.Elements<T>(), way), sizes.Chunks);
        pool.Return(local);
        pool.Return(laidOut);
    }

    private static void Backward<T, V>(
        RecurrentSizes sizes, in RecurrentWeights weights, RecurrentPass pass, TensorPool pool)
        where T : unmanaged, IFloatingPointIeee754<T>
        where V : struct, IPacked<V, T>
    {
        int units = sizes.Units, split = (TCell.ToState - TCell.FromInput) * units;
        var layout = new PanelLayout(TCell.ToState * sizes.States, units, 2 * V.Count);
        Tensor laidOut = pool.Rent(new Shape(layout.Size), pass.Given.ElementType);
        var matrix = new PanelMatrix<T>(layout, laidOut.Elements<T>());
        matrix.Clear();
        void PutStates(Tensor weight, int line)
        {
            Span<T> rows = weight.AsSpan<T>();
            matrix.PutLines(rows[..(split * units)], units, line + TCell.FromInput * units);
            matrix.PutLines(rows[(split * units)..], units, line);
        }
        PutStates(weights.RecurrentWeight, 0);
        if (weights.Skip is { } skip) PutStates(skip.Weight, TCell.ToState * units);
        int size = sizes.Chunks * RecurrentBackward<TCell, T, V>.LocalSize(sizes, layout.PaddedColumns);
        Tensor local = pass.Stretch.Walk.Local ??= pool.Rent(new Shape(size), pass.Given.ElementType);
        Workers.Run(new RecurrentBackward<TCell, T, V>(sizes, matrix, local.Elements<T>(), pass), sizes.Chunks);
        pool.Return(laidOut);
    }
}
