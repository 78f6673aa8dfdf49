namespace GradFlow.Tensors;

/// <summary>The extents that a recurrent kernel works on, and how the batch falls into chunks.</summary>
/// <param name="Samples">Rows of the batch; they are independent of each other.</param>
/// <param name="Steps">Time steps.</param>
/// <param name="Inputs">Numbers that come in at each step.</param>
/// <param name="Units">Numbers in the state.</param>
/// <param name="Skip">Time steps that further connections skip; 0 without any.</param>
internal readonly record struct RecurrentSizes(int Samples, int Steps, int Inputs, int Units, int Skip = 0)
{
    private const int FewestRows = 3, Rows = 8;

    /// <summary>
    /// Each chunk goes through all time steps on its own, so it needs enough rows to keep the multipliers busy: two
    /// chunks as soon as there is a little for both, a power of two with at least eight rows each beyond.
    /// </summary>
    public int Chunks => Samples < 2 * FewestRows ? 1 : Math.Max(2, 1 << int.Log2(Math.Max(1, Samples / Rows)));

    /// <summary>Numbers of states that come in at each step.</summary>
    public int States => Skip > 0 ? 2 * Units : Units;

    /// <summary>Rows of the largest chunk.</summary>
    public int MostRows => (Samples + Chunks - 1) / Chunks;

    /// <summary>The rows of a chunk: the first, and how many.</summary>
    public (int First, int Count) RowsOf(int chunk)
    {
        int first = (int)((long)Samples * chunk / Chunks);
        return (first, (int)((long)Samples * (chunk + 1) / Chunks) - first);
    }
}
