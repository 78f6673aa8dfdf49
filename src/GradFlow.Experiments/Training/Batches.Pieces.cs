using GradFlow.Autograd;
using GradFlow.Nn;
using GradFlow.Tensors;

namespace GradFlow.Experiments;

internal sealed partial class Batches
{
    public Variable Inputs(Tape tape, Piece piece)
    {
        int size = _wantsTokens ? 1 : _data.InputShape[1];
        Tensor inputs = tape.Rent(_wantsTokens
            ? new Shape(piece.Starts.Length, piece.Steps)
            : new Shape(piece.Starts.Length, piece.Steps, size));
        for (int i = 0; i < piece.Starts.Length; i++)
        {
            int start = Math.Max(0, piece.Starts[i]);
            Span<float> to = inputs.AsSpan<float>().Slice(i * piece.Steps * size, piece.Steps * size);
            if (_data.Tokens is null) _data.Inputs.AsSpan(start * size, to.Length).CopyTo(to);
            else PutTokens(_data.Tokens.AsSpan(start, piece.Steps), to);
        }
        return tape.Constant(inputs);
    }

    /// <summary>What the loss compares with: nothing at the steps that don't count.</summary>
    public Target Targets(Tape tape, Piece piece)
    {
        if (_wantsLabels) return Target.Of(Labels(piece));
        Tensor values = tape.Rent(new Shape(piece.Starts.Length, piece.Steps, _outputs));
        Span<float> to = values.AsSpan<float>();
        if (_data.Targets is { } targets)
        {
            to.Fill(float.NaN);
            foreach ((int from, int at) in Counted(piece))
                targets.AsSpan(from * _outputs, _outputs).CopyTo(to[(at * _outputs)..]);
        }
        else WriteOneHot(Labels(piece), to);
        return Target.Of(values);
    }

    /// <summary>What the accuracy counts: labels at the last steps of samples, −1 at all others.</summary>
    public int[]? JudgedLabels(Piece piece)
    {
        if (_data.Labels is not { } labels) return null;
        int[] judged = Uncompared(piece);
        int first = _data.LabelsPerSample - _data.Traits.Judged;
        foreach ((int from, int at) in Counted(piece))
            if (from % _data.LabelsPerSample >= first) judged[at] = labels[from];
        return judged;
    }

    /// <summary>How many labels, or numbers, the loss of a piece is a mean over.</summary>
    public int CountCompared(Piece piece) => _data.Labels is not null
        ? CountLabels(Labels(piece))
        : Counted(piece).Sum(step => CountNumbers(_data.Targets.AsSpan(step.From * _outputs, _outputs)));

    private int[] Labels(Piece piece)
    {
        int[] labels = Uncompared(piece);
        foreach ((int from, int at) in Counted(piece)) labels[at] = _data.Labels![from];
        return labels;
    }

    private static int[] Uncompared(Piece piece)
    {
        int[] labels = new int[piece.Starts.Length * piece.Steps];
        Array.Fill(labels, Uncounted);
        return labels;
    }

    /// <summary>The steps whose losses count, in the data and in the piece.</summary>
    private static IEnumerable<(int From, int At)> Counted(Piece piece)
    {
        for (int i = 0; i < piece.Starts.Length; i++)
            for (int t = piece.Steps - piece.Counted; piece.Starts[i] >= 0 && t < piece.Steps; t++)
                yield return (piece.Starts[i] + t, (i * piece.Steps) + t);
    }
}
