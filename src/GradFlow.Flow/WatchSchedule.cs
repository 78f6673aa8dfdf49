using GradFlow.Runs;

namespace GradFlow.Flow;

/// <summary>
/// Which steps are watched. A deterministic cost model decides, not the clock, so that frames and verdicts are the same
/// on a slow machine.
/// </summary>
/// <remarks>
/// The constants are nanoseconds of processor time, for nets from 3 layers of 16 to 20 of 128 and 784-256-256-10, as
/// the bench's verb <c>watch</c> measures them, steps taken low and frames high; only their ratios matter. A
/// convolution counts as if it stood at one place, since the tables don't say at how many: its steps are taken far too
/// low, and the longest interval stands for what would come out. Steps 0, 1, 2, 4, 8, … are watched beside every
/// interval-th, since what goes wrong at the start is seen there.
/// </remarks>
internal sealed class WatchSchedule
{
    /// <summary>
    /// Six operations per weight and sample: the products forward, back to the input and to the weight.
    /// </summary>
    private const double StepPerWeightAndSample = 0.023;
    private const double StepPerActivation = 0.6;
    private const double StepPerLayer = 800;
    private const double FramePerWeight = 0.6;
    private const double FramePerActivation = 0.2;
    private const double FramePerRow = 600;

    /// <summary>A walk back through time, without the weights' gradients, against a whole step.</summary>
    private const double FramePerWalk = 0.4;

    /// <summary>Attention's scores once more, against a whole step of a net that has attention.</summary>
    private const double FramePerScores = 0.1;

    /// <summary>A product of the step's Jacobian with a vector, per recurrent weight and sequence.</summary>
    private const double FramePerJacobianProduct = 0.4;

    /// <summary>Eigenvalues of an n×n matrix cost this times n³, and singular values that.</summary>
    private const double EigenvaluesPerCube = 10, SingularValuesPerCube = 3;

    /// <summary>
    /// Spectra are taken at one step in this many times the longest interval at least, even beyond the budget.
    /// </summary>
    private const int SpectraPerInterval = 64;

    private const int FirstSpectra = 64;

    public WatchSchedule(WatchOptions options, NetSize net)
    {
        if (!(options.Budget > 0 && options.Budget <= 1))
            throw new ArgumentOutOfRangeException(
                nameof(options), $"a watching budget of {options.Budget}; expected more than 0, at most 1");
        if (options.MaxInterval < 1)
            throw new ArgumentOutOfRangeException(
                nameof(options), $"at most {options.MaxInterval} steps between frames; expected 1 or more");
        double activations = (double)net.Units * net.Batch;
        double step = StepPerWeightAndSample * net.Weights * net.Batch + StepPerActivation * activations + StepPerLayer * net.Layers;
        step *= net.TimeSteps;
        double frame = FramePerWeight * net.Weights + FramePerActivation * activations + FramePerRow * (
            net.Layers + net.Parameters);
        if (net.TimeSteps > 1) frame += TimeProbe.LateSteps * FramePerWalk * step + OfJacobianProducts(net);
        if (net.HasAttention) frame += FramePerScores * step;
        int IntervalOf(double cost, int most) =>
            (int)Math.Clamp(Math.Ceiling(cost / (options.Budget * Math.Max(1, step))), 1, most);
        Interval = IntervalOf(frame, options.MaxInterval);
        int most = (int)Math.Min((long)options.MaxInterval * SpectraPerInterval, int.MaxValue - Interval);
        int spectra = IntervalOf(net.Recurrences.Sum(OfSpectra), most);
        SpectralInterval = (spectra + Interval - 1) / Interval * Interval;
    }

    /// <summary>Steps between two frames, once the start is over.</summary>
    public int Interval { get; }

    /// <summary>Steps between two frames with eigenvalues and singular values.</summary>
    public int SpectralInterval { get; }

    /// <summary>
    /// Whether a frame of this step has eigenvalues and singular values: every so often, and beside that in the first
    /// frame from step 64, 256, 1024, … on, so that a short training shows how they move.
    /// </summary>
    public bool HasSpectra(int step) => step % SpectralInterval == 0
        || (step >= FirstSpectra && int.Log2(step) / 2 > int.Log2(Math.Max(1, step - Interval)) / 2);

    public bool IsWatched(int step) => step % Interval == 0 || (step < Interval && int.IsPow2(step));

    private static double OfJacobianProducts(NetSize net) => FramePerJacobianProduct * StateProbe.Sequences
        * net.Recurrences.Sum(layer => (double)layer.Steps * (layer.State ?? 0) * layer.Units);

    private static double OfSpectra(RecurrenceInfo layer)
    {
        if (layer.State is not (> 0 and <= StateProbe.MostNumbers)) return 0;
        double matrix = Math.Pow(layer.Units, 3), jacobian = Math.Pow(layer.State.Value, 3);
        return (EigenvaluesPerCube + SingularValuesPerCube) * matrix
            + StateProbe.JacobianSteps * SingularValuesPerCube * jacobian;
    }
}

/// <summary>What the cost of a step and of a frame depends on.</summary>
/// <param name="Weights">Numbers in all parameters.</param>
/// <param name="Parameters">Parameters.</param>
/// <param name="Units">Numbers per sample in all layer outputs.</param>
/// <param name="Layers">Layer outputs.</param>
/// <param name="Batch">Samples per step.</param>
internal readonly record struct NetSize(long Weights, int Parameters, long Units, int Layers, int Batch)
{
    /// <summary>Time steps of a sequence; 1 where the net has no recurrent layer.</summary>
    public int TimeSteps { get; init; } = 1;

    /// <summary>Whether the net has attention layers.</summary>
    public bool HasAttention { get; init; }

    /// <summary>The recurrent layers.</summary>
    public IReadOnlyList<RecurrenceInfo> Recurrences { get; init; } = [];
}
