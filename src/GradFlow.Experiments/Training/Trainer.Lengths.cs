using GradFlow.Runs;
using GradFlow.Tensors;

namespace GradFlow.Experiments;

public sealed partial class Trainer
{
    private const int MostRows = 5;

    /// <summary>Sequences drawn for each length that the data don't have.</summary>
    private const int DrawnSamples = 200;

    private const string LengthDraws = "other lengths";

    /// <summary>
    /// Judges the net by the length of sequences: data of several lengths in up to five parts of about as many
    /// sequences each; of a task whose sequences are drawn with one length, an eighth, a quarter and half of it, and it
    /// itself, drawn anew. Null where the data are no such sequences, or the net reads no other length.
    /// </summary>
    public LossByLength? EvaluateByLength()
    {
        Dataset judged = _data.Test ?? _data.Validation;
        if (judged.Traits.Lengths is { } lengths)
            return Sorted([.. Parts(lengths).Select(rows => (judged.Select(rows), true))]);
        if (Experiment.Data is not SequenceDataSpec { OnlyLength: { } length }) return null;
        return EvaluateAtLengths([.. new[] { 8, 4, 2, 1 }.Select(part => length / part).Distinct()]);
    }

    /// <summary>Judges the net on newly drawn sequences of some lengths.</summary>
    /// <param name="lengths">
    /// The lengths as the task's key gives them; those that it can't have, or the net can't read, are left out.
    /// </param>
    /// <returns>A row for each length; null where none is left.</returns>
    public LossByLength? EvaluateAtLengths(IReadOnlyList<int> lengths)
    {
        ArgumentNullException.ThrowIfNull(lengths);
        if (Experiment.Data is not SequenceDataSpec spec) return null;
        var drawn = new List<(Dataset Data, bool IsTrained)>();
        foreach (int length in lengths)
        {
            if (spec.OfLength(length) is not { } other) continue;
            SequenceDataSpec small = other with { Train = DrawnSamples, Test = DrawnSamples };
            if (!IsPossible(small)) continue;
            long seed = new RandomKey(Experiment.Seed, LengthDraws).At(length).Bits(0);
            drawn.Add((TaskData.Load(small, "", seed, 0.5).Test!, spec.OnlyLength == length));
        }
        return Sorted(drawn);
    }

    private LossByLength? Sorted(IReadOnlyList<(Dataset Data, bool IsTrained)> parts)
    {
        List<LengthLoss> rows = [.. parts.Select(part => RowOf(part.Data, part.IsTrained)).OfType<LengthLoss>()];
        return rows.Count > 0 ? new LossByLength(Step, rows) : null;
    }

    /// <summary>The net's loss on sequences; null where it can't read them.</summary>
    private LengthLoss? RowOf(Dataset data, bool isTrained)
    {
        if (ReadingLike(data) is not { } model) return null;
        var sums = new Judgement();
        JudgeSamples(new Batches(data, Experiment.Loss, model), data, sums);
        DataSummary guess = DataSummary.Of(data, Experiment.Loss, model.StepsOut is not null);
        int[] lengths = data.Traits.Lengths ?? [data.InputShape[0]];
        double loss = sums.Loss / sums.Compared;
        // Every row's NRMSE is in units of the training data's targets, as that of the whole split is.
        (double? metric, double? chance) = sums.Judged > 0
            ? (sums.Hits / sums.Judged, guess.ChanceMetric)
            : (ErrorOf(loss), guess.BaselineLoss is { } constant ? ErrorOf(constant) : null);
        return new LengthLoss(
            lengths.Min(), lengths.Max(), loss, metric, guess.BaselineLoss, chance, data.Count, isTrained);
    }

    /// <summary>The net as it reads samples of another shape; null where its weights depend on the shape.</summary>
    private Model? ReadingLike(Dataset data)
    {
        if (data.InputShape.SequenceEqual(_data.Train.InputShape)) return Model;
        try
        {
            Model other = ModelBuilder.Build(Experiment, data.InputShape, "", data.Traits.Lengths is not null);
            IEnumerable<Shape> shapes = other.Net.AllParameters().Select(parameter => parameter.Value.Shape);
            bool isSame = shapes.SequenceEqual(_parameters.Select(parameter => parameter.Value.Shape));
            return isSame && other.Outputs == Model.Outputs ? Model with { StepsOut = other.StepsOut } : null;
        }
        catch (InvalidExperimentException)
        {
            return null;
        }
    }

    /// <summary>Whether a file could ask for it.</summary>
    private static bool IsPossible(SequenceDataSpec spec) =>
        SpecType.Of(spec.GetType()).Keys.All(key =>
            key.Limits is not { } limits || key.Property.GetValue(spec) is not { } value || limits.AllowsValue(value))
        && (spec as IConstrained)?.FindProblem() is null;

    /// <summary>The rows of each part, those of the shortest sequences first; a length is in one part alone.</summary>
    private static List<int[]> Parts(int[] lengths)
    {
        var parts = new List<int[]>();
        List<int> part = [];
        foreach (IGrouping<int, int> rows in Enumerable.Range(0, lengths.Length).GroupBy(row => lengths[row])
            .OrderBy(rows => rows.Key))
        {
            part.AddRange(rows);
            if (part.Count * MostRows < lengths.Length) continue;
            parts.Add([.. part]);
            part = [];
        }
        if (part.Count > 0) parts.Add([.. part]);
        return parts;
    }
}
