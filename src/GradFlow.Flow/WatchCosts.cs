using GradFlow.Runs;

namespace GradFlow.Flow;

/// <summary>
/// What a training step, a frame and its spectra cost, by a model: nanoseconds of processor time that follow from the
/// run's tables and the batch alone, so that they are the same on every machine.
/// </summary>
/// <remarks>
/// The constants are fitted to what the bench's verb <c>watch</c> measures of nets from 20 layers of 128 to ResNet-20,
/// recurrent layers over 400 steps and a Transformer, steps taken low and frames high; only their ratios matter.
/// </remarks>
internal sealed class WatchCosts
{
    /// <summary>Six operations: the products forward, back to the input and to the weight.</summary>
    private const double StepPerMultiplyAdd = 0.023;

    /// <summary>A number that a weight layer makes, with all that is done to it up to the next.</summary>
    private const double StepPerNumber = 1.8;

    private const double StepPerCall = 800;
    private const double FramePerWeight = 0.6;
    private const double FramePerNumber = 0.4;
    private const double FramePerRow = 1500;

    /// <summary>Attention's scores once more, and what their entropy takes.</summary>
    private const double FramePerScore = 3;

    /// <summary>A walk back through time clears and reads the states of all sequences.</summary>
    private const double WalkPerState = 2.2;

    /// <summary>What passes a gate or candidate of a sequence that is followed, with its products.</summary>
    private const double WalkPerGate = 4.4;

    /// <summary>Root mean squares and shares of gates.</summary>
    private const double FramePerGate = 0.3;

    /// <summary>A product of a step's Jacobian with a vector.</summary>
    private const double PushPerWeight = 0.04, PushPerGate = 2.5;

    /// <summary>Eigenvalues of an n×n matrix cost this times n³, and singular values that.</summary>
    private const double EigenvaluesPerCube = 10, SingularValuesPerCube = 3;

    private readonly RunStructure _structure;
    private readonly int _batch;
    private readonly Dictionary<string, SignalInfo> _signals = [];

    public WatchCosts(RunStructure structure, int batch)
    {
        (_structure, _batch) = (structure, batch);
        foreach (SignalInfo signal in structure.Signals) _signals[signal.Name] = signal;
        int calls = structure.Signals.Count + Recurrences.Sum(layer => layer.Steps);
        Step = structure.Parameters.Sum(OfProducts) + OfScores() + StepPerCall * Math.Max(1, calls);
        double numbers = structure.Signals.Sum(signal => (double)signal.Units * (signal.Places ?? 1)) * batch;
        Frame = FramePerWeight * structure.Parameters.Sum(SizeOf) + FramePerNumber * numbers
            + FramePerRow * (structure.Signals.Count + structure.Parameters.Count)
            + OfEntropies() + Recurrences.Sum(OfTime);
        Spectra = Recurrences.Sum(OfSpectra);
    }

    /// <summary>An unwatched step.</summary>
    public double Step { get; }

    /// <summary>What a frame adds to it.</summary>
    public double Frame { get; }

    /// <summary>What eigenvalues and singular values add to a frame; 0 without recurrent layers.</summary>
    public double Spectra { get; }

    private IEnumerable<RecurrenceInfo> Recurrences => _structure.Recurrences ?? [];

    private IEnumerable<(AttentionInfo Layer, SignalInfo Output)> Attentions => (_structure.Attentions ?? [])
        .Where(layer => _signals.ContainsKey(layer.Name)).Select(layer => (layer, _signals[layer.Name]));

    private static double SizeOf(ParameterInfo parameter) =>
        parameter.Shape.Aggregate(1.0, (size, extent) => size * extent);

    /// <summary>
    /// Products with a matrix or with kernels, at all places of all samples; a table is only looked up.
    /// </summary>
    private double OfProducts(ParameterInfo parameter)
    {
        SignalInfo? signal = _signals.GetValueOrDefault(parameter.LayerName);
        if (parameter.Shape.Count < 2 || signal?.Type == "embedding") return 0;
        // A layer that stands inside of another has no output of its own in the tables.
        int places = (signal is null ? _structure.Signals.Max(s => s.Places) : signal.Places) ?? 1;
        return (StepPerMultiplyAdd * SizeOf(parameter) + StepPerNumber * parameter.Shape[0]) * places * _batch;
    }

    /// <summary>Queries with keys, and weights with values.</summary>
    private double OfScores() => 2 * StepPerMultiplyAdd * _batch * Attentions.Sum(
        attention => Squared(attention.Output.Places ?? 1) * attention.Output.Units);

    private double OfEntropies() => FramePerScore * Attentions.Sum(attention =>
    {
        double places = attention.Output.Places ?? 1;
        return attention.Layer.Heads * places * Math.Min(places * _batch, Math.Max(places, AttentionProbe.Queries));
    });

    private double OfTime(RecurrenceInfo layer)
    {
        double steps = layer.Steps, states = steps * layer.Units * _batch;
        // As many gates and candidates meet the input as meet the state.
        double gates = steps / 2 * _structure.Parameters
            .Where(parameter => parameter.LayerName == layer.Name && parameter.Shape.Count > 1)
            .Sum(parameter => parameter.Shape[0]);
        // Where outputs stand at every time step, so do losses, of which several late ones are followed.
        int walks = _structure.Signals is [.., { Places: > 1 }] ? TimeProbe.LateSteps : 1;
        return walks * (WalkPerState * states + WalkPerGate * gates * Math.Min(_batch, TimeProbe.Sequences))
            + FramePerGate * gates * _batch
            + StateProbe.SequencesOf(layer.Steps) * (PushPerWeight * gates * layer.Units + PushPerGate * gates);
    }

    private static double OfSpectra(RecurrenceInfo layer)
    {
        if (layer.State is not (> 0 and <= StateProbe.MostNumbers)) return 0;
        // Where connections skip steps, the recurrent matrix is that of all states together, but for c of an LSTM.
        int rows = Math.Max(layer.Units, layer.State.Value - layer.Units);
        double matrix = Math.Pow(rows, 3), jacobian = Math.Pow(layer.State.Value, 3);
        return (EigenvaluesPerCube + SingularValuesPerCube) * matrix
            + StateProbe.JacobianSteps * SingularValuesPerCube * jacobian;
    }

    private static double Squared(double x) => x * x;
}
