namespace GradFlow.Tensors;

/// <summary>
/// What the register tiles below one another have in common: one strip of columns over one stretch of k. Distances are
/// in bytes, as the tile adds them to references.
/// </summary>
internal ref struct Strip<T>
    where T : unmanaged
{
    /// <summary>The left operand's first element.</summary>
    public ref T A;

    /// <summary>From one row of the left operand to the next.</summary>
    public nint ARow;

    /// <summary>From one k of the left operand to the next.</summary>
    public nint AStep;

    /// <summary>The right operand's columns, side by side, whole registers of them.</summary>
    public ref T B;

    /// <summary>From one k of the right operand to the next.</summary>
    public nint BStep;

    /// <summary>Length of the stretch of k.</summary>
    public int Depth;

    /// <summary>The result's first element.</summary>
    public ref T C;

    /// <summary>From one row of the result to the next.</summary>
    public nint CRow;

    /// <summary>Columns that the result has here; the rest of the last register is padding.</summary>
    public int Width;

    /// <summary>Whether chains go on from what the result holds.</summary>
    public bool OntoC;

    /// <summary>Added to each row at the chain's end: whole registers, or a null reference for none.</summary>
    public ref T Bias;

    /// <summary>Room for one tile, where padding must not reach the result.</summary>
    public ref T Edge;
}
