namespace GradFlow.Tensors;

/// <summary>
/// log10 of norms by time step on a recurrent layer's way back: finite at any size, −∞ where nothing flows. Mutable:
/// <see cref="Kernels.RecurrentBackward"/> fills it.
/// </summary>
/// <param name="exponent">The power of two that what enters from above is short of.</param>
public sealed class RecurrentNorms(int exponent = 0)
{
    private int _chunks;

    /// <summary>
    /// ‖∂L/∂h_t‖; of an LSTM ‖∂L/∂(h_t, c_t)‖, c_t by way of the next time step alone. Where connections skip k time
    /// steps, joined with that of h of the k − 1 steps before, by way of those behind t alone.
    /// </summary>
    public IReadOnlyList<double> States => StateLogs;

    /// <summary>
    /// What reaches the state past the weights, by way of the next step's gate alone: z_{t+1}∘∂L/∂h_{t+1} of a GRU,
    /// f_{t+1}∘∂L/∂c_{t+1} of an LSTM; −∞ throughout for a plain cell.
    /// </summary>
    public IReadOnlyList<double> Carried => CarriedLogs;

    /// <summary>‖∂L/∂a_t‖ of h_t = φ(a_t); of a cell with gates, those of all its pre-activations.</summary>
    public IReadOnlyList<double> Preactivations => PreactivationLogs;

    internal double[] StateLogs { get; private set; } = [];

    internal double[] CarriedLogs { get; private set; } = [];

    internal double[] PreactivationLogs { get; private set; } = [];

    /// <summary>Of what connections hand back from each time step; −∞ where truncation cuts it.</summary>
    internal double[] SkippedLogs { get; private set; } = [];

    /// <summary>Makes room for the norms of each chunk of a batch.</summary>
    internal void Begin(int chunks, int steps)
    {
        _chunks = chunks;
        (StateLogs, CarriedLogs, PreactivationLogs, SkippedLogs) =
            (new double[chunks * steps], new double[chunks * steps], new double[chunks * steps],
            new double[chunks * steps]);
    }

    /// <summary>Joins the chunks' norms to those of the batch.</summary>
    internal void End() => (StateLogs, CarriedLogs, PreactivationLogs) =
        (Joined(StateLogs), Joined(CarriedLogs), Joined(PreactivationLogs));

    /// <summary>log10 of the norm of numbers taken together, from the logs of theirs.</summary>
    internal static double Joined(double a, double b)
    {
        double large = Math.Max(a, b), small = Math.Min(a, b);
        return double.IsFinite(large) ? large + Math.Log10(1 + Math.Pow(10, 2 * (small - large))) / 2 : large;
    }

    private double[] Joined(double[] logs)
    {
        double[] all = logs[..(logs.Length / _chunks)];
        for (int i = all.Length; i < logs.Length; i++) all[i % all.Length] = Joined(all[i % all.Length], logs[i]);
        return Array.ConvertAll(all, log => log + exponent * Math.Log10(2));
    }
}
