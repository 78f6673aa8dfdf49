namespace GradFlow.Tensors;

/// <summary>
/// Some of the time steps of a way back that goes through them stretch by stretch, the last one first.
/// </summary>
/// <param name="Walk">The way back through all of them.</param>
/// <param name="First">The first time step of the stretch.</param>
/// <param name="Before">The state that it began with, dense; null for zeros.</param>
public readonly record struct RecurrentStretch(RecurrentWalk Walk, int First, RecurrentState? Before);

/// <summary>
/// What a way back through time hands from one stretch of time steps to the one before. Mutable:
/// <see cref="Kernels.RecurrentBackward"/> uses it, and has given back what it lent once the first time step is done.
/// </summary>
/// <param name="steps">Time steps in all.</param>
public sealed class RecurrentWalk(int steps)
{
    /// <summary>Time steps in all.</summary>
    public int Steps => steps;

    /// <summary>Whether the last stretch has been walked.</summary>
    internal bool IsUnderWay { get; private set; }

    /// <summary>The chunks' own numbers.</summary>
    internal Tensor? Local { get; set; }

    /// <summary>The exponent of each chunk and time step.</summary>
    internal Tensor? Exponents { get; private set; }

    /// <summary>The exponent of what each chunk hands to the stretch before.</summary>
    internal int[] ChunkExponents { get; private set; } = [];

    /// <summary>Readies the walk, if this is its first stretch.</summary>
    internal void Begin(RecurrentSizes sizes, RecurrentNorms? norms, TensorPool pool)
    {
        IsUnderWay = Exponents is not null;
        if (IsUnderWay) return;
        norms?.Begin(sizes.Chunks, steps);
        Exponents = pool.Rent(new Shape(sizes.Chunks, steps), ElementType.Float64);
        Exponents.AsSpan<double>().Clear();
        ChunkExponents = new int[sizes.Chunks];
    }

    /// <summary>Gives back what was lent.</summary>
    internal void End(RecurrentNorms? norms, TensorPool pool)
    {
        norms?.End();
        pool.Return(Exponents!);
        pool.Return(Local!);
        (Exponents, Local) = (null, null);
    }
}
