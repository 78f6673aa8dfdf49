using GradFlow.Autograd;
using GradFlow.Nn;
using GradFlow.Tensors;

namespace GradFlow.Experiments;

/// <summary>
/// Puts rows of a data set on a tape, with targets of the form that the loss compares with: those of every time step
/// where the net has an output at each, else those of the last.
/// </summary>
internal sealed partial class Batches
{
    private const int Uncounted = -1;

    private readonly Dataset _data;
    private readonly bool _wantsLabels;
    private readonly bool _wantsTokens;
    private readonly int _outputs;
    private readonly int? _steps;

    public Batches(Dataset data, LossSpec loss, Model model)
    {
        _data = data;
        (_outputs, _steps) = (model.Outputs, model.StepsOut);
        _wantsTokens = data.Tokens is not null && model.Words is { IsOneHot: false };
        // Binary cross-entropy on one output takes labels 0 and 1; beyond that, classes become one-hot values.
        _wantsLabels = data.Labels is not null
            && (loss is CrossEntropySpec or NllProbabilitiesSpec || (loss is BinaryCrossEntropySpec && _outputs == 1));
    }

    public int Count => _data.Count;

    public Variable Inputs(Tape tape, ReadOnlySpan<int> rows)
    {
        Tensor inputs = tape.Rent(new Shape([rows.Length, .. _wantsTokens ? _data.InputShape[..1] : _data.InputShape]));
        Span<float> to = inputs.AsSpan<float>();
        if (_data.Tokens is null) Gather(_data.Inputs, _data.Features, rows, to);
        else
        {
            int steps = _data.InputShape[0], size = to.Length / rows.Length;
            for (int i = 0; i < rows.Length; i++)
                PutTokens(_data.Tokens.AsSpan(rows[i] * steps, steps), to.Slice(i * size, size));
        }
        return tape.Constant(inputs);
    }

    /// <summary>The time steps of each row that hold data; empty where all rows are whole.</summary>
    public ReadOnlyMemory<int> Lengths(ReadOnlySpan<int> rows)
    {
        if (_data.Traits.Lengths is not { } lengths) return default;
        int[] own = new int[rows.Length];
        for (int i = 0; i < rows.Length; i++) own[i] = lengths[rows[i]];
        return own;
    }

    /// <summary>A sequence's words by their numbers where the net looks them up, else as rows with a 1 there.</summary>
    private void PutTokens(ReadOnlySpan<int> tokens, Span<float> to)
    {
        if (!_wantsTokens) to.Clear();
        for (int t = 0; t < tokens.Length; t++)
        {
            if (_wantsTokens) to[t] = tokens[t];
            else to[(t * _data.InputShape[1]) + tokens[t]] = 1;
        }
    }

    public Target Targets(Tape tape, ReadOnlySpan<int> rows)
    {
        if (_wantsLabels) return Target.Of(Labels(rows));
        Tensor values = tape.Rent(
            _steps is { } steps ? new Shape(rows.Length, steps, _outputs) : new Shape(rows.Length, _outputs));
        if (_data.Targets is { } targets)
        {
            for (int i = 0; i < rows.Length; i++) OwnTargets(targets, rows[i]).CopyTo(
                values.AsSpan<float>()[(i * Compared * _outputs)..]);
        }
        else WriteOneHot(Labels(rows), values.AsSpan<float>());
        return Target.Of(values);
    }

    /// <summary>
    /// What the accuracy counts, in the order of the outputs: each row's labels at its last steps, −1 at all others.
    /// Null for regression.
    /// </summary>
    public int[]? JudgedLabels(ReadOnlySpan<int> rows)
    {
        if (_data.Labels is null) return null;
        int[] labels = Labels(rows);
        for (int i = 0; i < rows.Length && Compared > 1; i++)
        {
            int end = _data.EndOf(rows[i]);
            Span<int> own = labels.AsSpan(i * Compared, Compared);
            own[..Math.Max(0, end - _data.Traits.Judged)].Fill(Uncounted);
            own[end..].Fill(Uncounted);
        }
        return labels;
    }

    /// <summary>How many labels, or numbers, the loss of these rows is a mean over.</summary>
    public int CountCompared(ReadOnlySpan<int> rows)
    {
        if (_data.Labels is not null) return CountLabels(Labels(rows));
        int count = 0;
        foreach (int row in rows) count += CountNumbers(OwnTargets(_data.Targets!, row));
        return count;
    }

    private static int CountNumbers(ReadOnlySpan<float> targets)
    {
        int count = 0;
        foreach (float target in targets) count += float.IsNaN(target) ? 0 : 1;
        return count;
    }

    /// <summary>How many labels are counted.</summary>
    public static int CountLabels(ReadOnlySpan<int> labels) => labels.Length - labels.Count(Uncounted);

    /// <summary>Outputs of one row that are compared, each a class or some numbers.</summary>
    private int Compared => _steps ?? 1;

    /// <summary>Each row's labels at every time step of the outputs, or its last.</summary>
    private int[] Labels(ReadOnlySpan<int> rows)
    {
        int[] labels = new int[rows.Length * Compared];
        for (int i = 0; i < rows.Length; i++)
            _data.Labels.AsSpan(FirstCompared(rows[i]), Compared).CopyTo(labels.AsSpan(i * Compared));
        return labels;
    }

    private ReadOnlySpan<float> OwnTargets(float[] targets, int row) =>
        targets.AsSpan(FirstCompared(row) * _outputs, Compared * _outputs);

    private int FirstCompared(int row) => (row * _data.LabelsPerSample) + (_steps is null ? _data.EndOf(row) - 1 : 0);

    private void WriteOneHot(int[] labels, Span<float> to)
    {
        to.Clear();
        for (int i = 0; i < labels.Length; i++)
        {
            if (labels[i] == Uncounted) to.Slice(i * _outputs, _outputs).Fill(float.NaN);
            else to[(i * _outputs) + labels[i]] = 1;
        }
    }

    private static void Gather(float[] from, int size, ReadOnlySpan<int> rows, Span<float> to)
    {
        for (int i = 0; i < rows.Length; i++) from.AsSpan(rows[i] * size, size).CopyTo(to[(i * size)..]);
    }
}
