using GradFlow.Autograd;
using GradFlow.Nn;
using GradFlow.Runs;
using GradFlow.Tensors;

namespace GradFlow.Experiments;

public sealed partial class Trainer
{
    private const int OrderSamples = 64;

    /// <summary>Change of an output, beside its size, that rounding alone can make in float32.</summary>
    private const double Rounding = 1e-5;

    /// <summary>
    /// Measures on validation data what the order of the time steps means to the net: those before the last are
    /// shuffled, and exchanged for another sequence's. Null where inputs aren't sequences of three steps or more, where
    /// what comes before the last step changes the output by no more than rounding, and where numbers aren't finite.
    /// </summary>
    public OrderEffect? MeasureOrder()
    {
        Dataset data = _data.Validation;
        if (data.InputShape is not [>= 3, _] || data.Count < 2 || Carries) return null;
        int[] rows = [.. Enumerable.Range(0, Math.Min(Math.Min(OrderSamples, SamplesAtOnce(data)), data.Count))];
        var batches = new Batches(data, Experiment.Loss, Model);
        int[] lengths = [.. rows.Select(row => data.Traits.Lengths?[row] ?? data.InputShape[0])];
        var draws = new RandomKey(Experiment.Seed, "order of steps");
        int[][] orders = [.. lengths.Select((length, i) => draws.At(i).Permutation(Math.Max(1, length - 1)))];

        double[] given = LastOutputs(batches, rows, lengths, (i, t) => (i, t));
        double[] shuffled = LastOutputs(batches, rows, lengths, (i, t) => (i, orders[i][t]));
        double[] exchanged = LastOutputs(batches, rows, lengths, (i, t) =>
        {
            int other = (i + 1) % rows.Length;
            return (other, t % orders[other].Length);
        });
        double all = Change(exchanged, given), size = Change(given, new double[given.Length]);
        double effect = Change(shuffled, given);
        return double.IsFinite(all) && double.IsFinite(effect) && all > Rounding * size
            ? new OrderEffect(Step, effect, all, rows.Length)
            : null;
    }

    /// <summary>What the net gives at each sequence's last step.</summary>
    /// <param name="batches">The data.</param>
    /// <param name="rows">Which sequences.</param>
    /// <param name="lengths">How many time steps each has.</param>
    /// <param name="source">
    /// From a sequence and one of its steps before the last, the sequence and the step to read there.
    /// </param>
    private double[] LastOutputs(
        Batches batches, int[] rows, int[] lengths, Func<int, int, (int Sequence, int Step)> source)
    {
        using var tape = new Tape(_pool) { IsRecording = false };
        Variable inputs = batches.Inputs(tape, rows);
        Span<float> read = inputs.Value.AsSpan<float>();
        float[] given = read.ToArray();
        int steps = inputs.Shape[1], size = given.Length / (rows.Length * steps);
        for (int i = 0; i < rows.Length; i++)
        {
            for (int t = 0; t < lengths[i] - 1; t++)
            {
                (int sequence, int step) = source(i, t);
                given.AsSpan(((sequence * steps) + step) * size, size).CopyTo(read[(((i * steps) + t) * size)..]);
            }
        }
        Variable output = Model.Net.Apply(inputs, Pass.Evaluation with { Lengths = batches.Lengths(rows) });
        double[] values = output.Value.ToDoubles();
        if (output.Shape is not [_, var places, var units]) return values;
        return [.. rows.SelectMany((_, i) =>
        {
            int last = places == steps ? lengths[i] - 1 : places - 1;
            return values.Skip(((i * places) + last) * units).Take(units);
        })];
    }

    private static double Change(double[] from, double[] to) =>
        Math.Sqrt(from.Zip(to, (a, b) => (a - b) * (a - b)).Average());
}
