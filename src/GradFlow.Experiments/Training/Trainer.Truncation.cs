using GradFlow.Autograd;
using GradFlow.Flow;
using GradFlow.Nn;
using GradFlow.Tensors;

namespace GradFlow.Experiments;

/// <summary>Updates of pieces of sequences, whose states are carried while the gradient is cut.</summary>
public sealed partial class Trainer
{
    private readonly CarriedStates _carried = new();
    private readonly Streams? _streams;

    private bool Carries => Experiment.Training.Truncate is { Carry: true };

    /// <summary>How many streams there are, and the samples that each goes through.</summary>
    private static (int Streams, int Samples) StreamsOf(Dataset data, int most)
    {
        int streams = Math.Min(most, data.Count);
        return (streams, data.Count / streams);
    }

    private static Streams? CreateStreams(TrainingSpec training, Dataset data)
    {
        if (training.Truncate is not { Every: { } every } truncate) return null;
        int samples = truncate.Carry ? StreamsOf(data, training.Batch).Samples : 1;
        return new Streams(samples * data.InputShape[0], every, truncate.Back ?? every);
    }

    /// <summary>The piece that a step's update reads; null where samples are read whole.</summary>
    private (int Update, int[] Starts)? PieceOf(int step)
    {
        if (_streams is null) return null;
        int steps = _data.Train.InputShape[0];
        if (Carries)
        {
            (int streams, int samples) = StreamsOf(_data.Train, Experiment.Training.Batch);
            return (step % StepsPerEpoch, [.. Enumerable.Range(0, streams).Select(i => i * samples * steps)]);
        }
        return (step % _streams.Updates, Array.ConvertAll(BatchRows(step / _streams.Updates), row => row * steps));
    }

    /// <summary>One update's gradient; the states become those at the start of the next piece.</summary>
    private (double Loss, double? Penalty, double? Metric) ForwardAndBack(
        int update, int[] starts, ITapeObserver? observer, NetWatch? watch)
    {
        if (update == 0) BeginSequences(starts);
        // A fork that goes on with another batch has other streams.
        else if (_carried.State.Values.Any(state => state.Shape[0] != starts.Length)) _carried.Clear();
        Piece piece = _streams!.At(update, starts);
        IReadOnlyDictionary<string, Tensor> begun = _carried.State;
        using var tape = new Tape(_pool, observer);
        Variable output = Model.Net.Apply(_train.Inputs(tape, piece), TrainingPass(Step) with { Carried = _carried });
        Variable loss = LossOf(output, _train.Targets(tape, piece));
        var result = BackFrom(output, loss, 1, _train.JudgedLabels(piece), isPenalized: true, watch);
        Piece stride = _streams.StrideOf(piece);
        if (stride.Steps == piece.Steps) return result;
        _carried.LoadState(begun);
        Read(stride);
        return result;
    }

    /// <summary>
    /// Judges samples that follow each other in so many streams, each with its state carried from zeros at its start
    /// on.
    /// </summary>
    private void JudgeStreams(Batches batches, Dataset data, int most, Judgement sums)
    {
        int steps = data.InputShape[0], each = (data.Count + most - 1) / most, streams = (data.Count + each - 1) / each;
        var states = new CarriedStates();
        for (int sample = 0; sample < each; sample++)
        {
            int[] starts = [.. Enumerable.Range(0, streams).Select(i => (i * each) + sample)
                .Select(row => row < data.Count ? row * steps : -1)];
            var piece = new Piece(starts, steps, steps);
            using var tape = new Tape(_pool) { IsRecording = false };
            Variable output = Model.Net.Apply(batches.Inputs(tape, piece), Pass.Evaluation with { Carried = states });
            sums.Add(
                output.Value, LossOf(output, batches.Targets(tape, piece)), batches.CountCompared(piece),
                batches.JudgedLabels(piece));
        }
    }

    private void BeginSequences(int[] starts)
    {
        _carried.Clear();
        Piece lead = _streams!.LeadOf(starts);
        if (lead.Steps > 0) Read(lead);
    }

    /// <summary>Moves the states on, without a gradient and without what training draws.</summary>
    private void Read(Piece piece)
    {
        using var tape = new Tape(_pool) { IsRecording = false };
        Model.Net.Apply(_train.Inputs(tape, piece), Pass.Evaluation with { Carried = _carried });
    }
}
