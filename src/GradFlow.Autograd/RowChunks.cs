namespace GradFlow.Autograd;

/// <summary>
/// How the rows of a batch fall into chunks for threads: by their number alone, so that the bits don't depend on who
/// computes them.
/// </summary>
/// <param name="Rows">Rows of the batch.</param>
/// <param name="Count">Into how many chunks they fall.</param>
/// <param name="Each">Rows of a chunk; the last may have fewer.</param>
internal readonly record struct RowChunks(int Rows, int Count, int Each)
{
    // Below this a chunk reads weights for too little work; above the other, more threads gain nothing here.
    private const int FewestRows = 16, MostChunks = 4, RowsPerTile = 8;

    /// <summary>The chunks of so many rows.</summary>
    public static RowChunks Of(int rows)
    {
        int chunks = Math.Clamp(rows / FewestRows, 1, MostChunks);
        int each = (rows + chunks - 1) / chunks;
        if (chunks > 1) each = (each + RowsPerTile - 1) / RowsPerTile * RowsPerTile;
        return new RowChunks(rows, Math.Max(1, (rows + each - 1) / Math.Max(1, each)), each);
    }

    /// <summary>The first row of a chunk.</summary>
    public int First(int chunk) => chunk * Each;

    /// <summary>Rows in a chunk.</summary>
    public int Length(int chunk) => Math.Min(Each, Rows - First(chunk));
}
