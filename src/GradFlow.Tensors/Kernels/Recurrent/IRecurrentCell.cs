using System.Numerics;

namespace GradFlow.Tensors;

/// <summary>
/// What a cell does to one row of a batch at one time step, between the products with its weights. Pre-activations lie
/// in columns, each gate's beside the next.
/// </summary>
internal interface IRecurrentCell
{
    /// <summary>Columns of pre-activations, per unit.</summary>
    static abstract int Columns { get; }

    /// <summary>The columns from this one on depend on the input, per unit.</summary>
    static abstract int FromInput { get; }

    /// <summary>The columns below this one depend on the state, per unit.</summary>
    static abstract int ToState { get; }

    /// <summary>
    /// Numbers per unit that each step uses beside the weights, such as a leak or a peephole. Their cotangents lie
    /// behind those of the pre-activations.
    /// </summary>
    static abstract int PerUnit { get; }

    /// <summary>Numbers per unit and time step that the way back needs beside h.</summary>
    static abstract int Kept { get; }

    /// <summary>Whether part of the state is carried past the recurrent weights.</summary>
    static abstract bool Carries { get; }

    /// <summary>
    /// Where in what is kept, per unit, lies the state that is carried past the weights, as c of an LSTM; −1 where that
    /// is h itself.
    /// </summary>
    static abstract int CellAt { get; }

    /// <summary>From pre-activations and the state before to the state, all in place.</summary>
    static abstract void Forward<T, V>(in ForwardRow<T> row)
        where T : unmanaged, IFloatingPointIeee754<T>
        where V : struct, IPacked<V, T>;

    /// <summary>From the cotangent of h, and of what was carried on, to those of the pre-activations.</summary>
    static abstract void Backward<T, V>(in BackwardRow<T> row)
        where T : unmanaged, IFloatingPointIeee754<T>
        where V : struct, IPacked<V, T>;
}

/// <summary>Where one row's numbers lie on the way forward.</summary>
/// <param name="Local">The chunk's own numbers.</param>
/// <param name="Pre">Pre-activations.</param>
/// <param name="State">h, that of the step before until it is replaced.</param>
/// <param name="Carried">c of an LSTM, likewise.</param>
/// <param name="Kept">What the way back needs, from <paramref name="KeptAt"/> on.</param>
/// <param name="KeptAt">Where this row and step begin.</param>
/// <param name="KeptEnd">
/// Where the row's last step ends; up to there, what is written too much is replaced later.
/// </param>
/// <param name="Output">h of all steps, from <paramref name="OutputAt"/> on.</param>
/// <param name="OutputAt">Where this row and step begin.</param>
/// <param name="OutputEnd">Where the row's last step ends, likewise.</param>
/// <param name="Units">Numbers in h.</param>
/// <param name="PerUnit">The numbers per unit that each step uses beside the weights.</param>
/// <param name="PerUnitAt">Where they begin.</param>
internal readonly record struct ForwardRow<T>(
    T[] Local, int Pre, int State, int Carried, T[] Kept, int KeptAt, int KeptEnd, T[] Output, int OutputAt,
    int OutputEnd, int Units, T[] PerUnit, int PerUnitAt);

/// <summary>Where one row's numbers lie on the way back.</summary>
/// <param name="Local">The chunk's own numbers.</param>
/// <param name="Operand">
/// Takes the cotangents of the pre-activations, for the product with the recurrent weights.
/// </param>
/// <param name="Total">What came back through the weights; becomes the whole ∂L/∂h_t.</param>
/// <param name="Carried">What came back past the weights; becomes that of the step before.</param>
/// <param name="Given">∂L/∂h_t from above, all steps.</param>
/// <param name="GivenAt">Where this row and step begin.</param>
/// <param name="GivenScale">The power of two that brings it to the exponent of this step.</param>
/// <param name="Kept">What the way forward kept.</param>
/// <param name="KeptAt">Where this row and step begin.</param>
/// <param name="Output">h of all steps.</param>
/// <param name="OutputAt">Where this row and step begin.</param>
/// <param name="Cotangents">Takes the cotangents of all pre-activations.</param>
/// <param name="CotangentsAt">Where this row and step begin.</param>
/// <param name="CotangentScale">The power of two that takes this step's exponent off again.</param>
/// <param name="Units">Numbers in h.</param>
/// <param name="Before">What was carried past the weights from the step before, c or h; null where it is zero.</param>
/// <param name="BeforeAt">Where this row begins.</param>
/// <param name="PerUnit">The numbers per unit that each step uses beside the weights.</param>
/// <param name="PerUnitAt">Where they begin.</param>
internal readonly record struct BackwardRow<T>(
    T[] Local, int Operand, int Total, int Carried, T[] Given, int GivenAt, T GivenScale,
    T[] Kept, int KeptAt, T[] Output, int OutputAt,
    T[] Cotangents, int CotangentsAt, T CotangentScale, int Units, T[]? Before, int BeforeAt,
    T[] PerUnit, int PerUnitAt);
