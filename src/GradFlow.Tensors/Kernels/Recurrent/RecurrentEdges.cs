namespace GradFlow.Tensors;

/// <summary>
/// What a way back through time meets before its first time step and behind its last. Mutable:
/// <see cref="Kernels.RecurrentBackward"/> fills in what reaches the initial state.
/// </summary>
/// <param name="initial">The state that the first time step began with; null for zeros.</param>
public sealed class RecurrentEdges(RecurrentState? initial)
{
    /// <summary>The state that the first time step began with; null for zeros.</summary>
    public RecurrentState? Initial => initial;

    /// <summary>
    /// Takes ∂L/∂ of that state, dense, [n, units] each, of its past none; null where nobody asks.
    /// </summary>
    public RecurrentState? InitialCotangent { get; init; }

    /// <summary>The powers of two that those are short of, beside that of ∂L/∂h from above.</summary>
    public (int H, int Cell) InitialExponents { get; internal set; }

    /// <summary>∂L/∂c of last states that are used outside; none for a cell without c.</summary>
    public IReadOnlyList<LastCellCotangent> LastCells { get; init; } = [];
}

/// <summary>∂L/∂c of the state that each sample ends with, as it is used outside.</summary>
/// <param name="Mantissa">The numbers, dense, [n, units].</param>
/// <param name="Exponent">The power of two that they are short of, beside that of ∂L/∂h from above.</param>
/// <param name="Steps">Each sample's last time step.</param>
public readonly record struct LastCellCotangent(Tensor Mantissa, int Exponent, ReadOnlyMemory<int> Steps);
