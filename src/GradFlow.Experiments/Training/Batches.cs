using GradFlow.Autograd;
using GradFlow.Nn;
using GradFlow.Tensors;

namespace GradFlow.Experiments;

/// <summary>Puts rows of a data set on a tape, with targets of the form that the loss compares with.</summary>
internal sealed class Batches
{
    private readonly Dataset _data;
    private readonly bool _wantsLabels;
    private readonly int _outputs;

    public Batches(Dataset data, LossSpec loss, int outputs)
    {
        _data = data;
        _outputs = outputs;
        // Binary cross-entropy on one output takes labels 0 and 1; beyond that, classes become one-hot values.
        _wantsLabels = data.Labels is not null
            && (loss is CrossEntropySpec or NllProbabilitiesSpec || (loss is BinaryCrossEntropySpec && outputs == 1));
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
        if (_wantsLabels) return Target.Of(Labels(rows));
        Tensor values = tape.Rent(new Shape(rows.Length, _outputs));
        Span<float> to = values.AsSpan<float>();
        if (_data.Targets is not null) Gather(_data.Targets, _data.TargetSize, rows, to);
        else
        {
            to.Clear();
            for (int i = 0; i < rows.Length; i++) to[i * _outputs + _data.Labels![rows[i]]] = 1;
        }
        return Target.Of(values);
    }

    public int[]? Labels(ReadOnlySpan<int> rows)
    {
        if (_data.Labels is null) return null;
        int[] labels = new int[rows.Length];
        for (int i = 0; i < rows.Length; i++) labels[i] = _data.Labels[rows[i]];
        return labels;
    }

    private static void Gather(float[] from, int size, ReadOnlySpan<int> rows, Span<float> to)
    {
        for (int i = 0; i < rows.Length; i++) from.AsSpan(rows[i] * size, size).CopyTo(to[(i * size)..]);
    }
}
