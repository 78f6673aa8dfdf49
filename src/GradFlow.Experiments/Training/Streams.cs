namespace GradFlow.Experiments;

/// <summary>
/// The pieces that updates read of sequences, K2 steps each, counted from the end of the sequence: the first counts the
/// losses of all its steps, each further one begins K1 steps later and counts those of its last K1 steps. Steps that
/// are left over at the start only make the state that the first begins with.
/// </summary>
/// <param name="length">Time steps of a sequence.</param>
/// <param name="every">K1.</param>
/// <param name="back">K2, at least K1.</param>
internal sealed class Streams(int length, int every, int back)
{
    /// <summary>Updates per sequence.</summary>
    public int Updates => ((length - back) / every) + 1;

    /// <summary>Time steps at the start that no loss counts.</summary>
    public int Lead => (length - back) % every;

    /// <summary>The piece of an update, of sequences that begin at the given steps.</summary>
    public Piece At(int update, int[] starts) =>
        new(Moved(starts, Lead + (update * every)), back, update == 0 ? back : every);

    /// <summary>What is read without a gradient so that the state is that of the first update's start.</summary>
    public Piece LeadOf(int[] starts) => new(starts, Lead, 0);

    /// <summary>What lies between the start of a piece and that of the next one.</summary>
    public Piece StrideOf(Piece piece) => piece with { Steps = every, Counted = 0 };

    private static int[] Moved(int[] starts, int steps) => Array.ConvertAll(starts, start => start + steps);
}
