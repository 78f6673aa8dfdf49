using GradFlow.Autograd;
using GradFlow.Nn;
using GradFlow.Tensors;

namespace GradFlow.Experiments;

/// <summary>
/// Puts rows of a data set on a tape, with targets of the form that the loss compares with: those of every time step
/// where the net has an output at each, else those of the last.
/// </summary>
internal sealed class Batches
{
    private readonly Dataset _data;
    private readonly bool _wantsLabels;
    private readonly int _outputs;
    private readonly int? _steps;

    public Batches(Dataset data, LossSpec loss, Model model)
    {
        _data = data;
        (_outputs, _steps) = (model.Outputs, model.StepsOut);
        // Binary cross-entropy on one output takes labels 0 and 1; beyond that, classes become one-hot values.
        _wantsLabels = data.Labels is not null
            && (loss is CrossEntropySpec or NllProbabilitiesSpec || (loss is BinaryCrossEntropySpec && _outputs == 1));
    }

    public int Count => _data.Count;

    public Variable Inputs(Tape tape, ReadOnlySpan<int> rows)
    {
        Tensor inputs = tape.Rent(new Shape([rows.Length, .. _data.InputShape]));
        Gather(_data.Inputs, _data.Features, rows, inputs.AsSpan<float>());
        return tape.Constant(inputs);
    }

    public Target Targets(Tape tape, ReadOnlySpan<int> rows)
    {
        if (_wantsLabels) return Target.Of(Labels(rows, _steps ?? 1));
        Tensor values = tape.Rent(
            _steps is { } steps ? new Shape(rows.Length, steps, _outputs) : new Shape(rows.Length, _outputs));
        Span<float> to = values.AsSpan<float>();
        if (_data.Targets is not null) Gather(_data.Targets, _data.TargetSize, rows, to);
        else
        {
            to.Clear();
            int[] labels = Labels(rows, _steps ?? 1);
            for (int i = 0; i < labels.Length; i++) to[i * _outputs + labels[i]] = 1;
        }
        return Target.Of(values);
    }

    /// <summary>Each row's class, of sequences that at the last time step; null for regression.</summary>
    public int[]? LastLabels(ReadOnlySpan<int> rows) => _data.Labels is null ? null : Labels(rows, 1);

    /// <summary>Each row's labels at the last so many time steps.</summary>
    private int[] Labels(ReadOnlySpan<int> rows, int steps)
    {
        int[] labels = new int[rows.Length * steps];
        for (int i = 0; i < rows.Length; i++)
        {
            int end = (rows[i] + 1) * _data.LabelsPerSample;
            _data.Labels.AsSpan(end - steps, steps).CopyTo(labels.AsSpan(i * steps));
        }
        return labels;
    }

    private static void Gather(float[] from, int size, ReadOnlySpan<int> rows, Span<float> to)
    {
        for (int i = 0; i < rows.Length; i++) from.AsSpan(rows[i] * size, size).CopyTo(to[(i * size)..]);
    }
}
