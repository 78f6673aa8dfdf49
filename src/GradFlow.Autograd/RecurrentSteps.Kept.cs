using GradFlow.Tensors;

namespace GradFlow.Autograd;

/// <content>What the cell keeps, for whoever looks at single time steps or gates.</content>
internal sealed partial class RecurrentSteps
{
    // Those that were asked for last: a step and the one before it may lie in two stretches.
    private (int First, Tensor Kept)? _there, _beside;

    /// <summary>What the cell keeps of a time step: where it lies, and as which step there.</summary>
    public (Tensor Kept, int Step) KeptAt(int step)
    {
        if (_kept is not null) return (_kept, step);
        int first = step / Length * Length;
        if (_there?.First != first) (_there, _beside) = (_beside, _there);
        if (_there?.First != first)
        {
            if (_there is { } past) _tape.Pool.Return(past.Kept);
            Tensor x = Part(X, first, Length, X.Shape[0]), h = Lend(x.Shape, Units);
            _there = (first, Advance(x, h, _begun[first / Length], _tape.Rent));
            _tape.Pool.Return(x);
            _tape.Pool.Return(h);
        }
        return (_there!.Value.Kept, step - first);
    }

    /// <summary>c of a time step of each sample; where it is −1, what stands there stays.</summary>
    public void TakeCells(ReadOnlyMemory<int> steps, Tensor into)
    {
        int at = Kernels.RecurrentCellAt(_cell)!.Value * Units;
        for (int first = 0; first < Steps; first += Length)
        {
            int[] here = Array.ConvertAll(
                steps.ToArray(), step => step >= first && step < first + Length ? step - first : -1);
            if (here.Any(step => step >= 0)) Kernels.TakeSteps(KeptAt(first).Kept.Slice(2, at, Units), here, into);
        }
    }

    /// <summary>Mean and outer shares of gates over samples, their time steps and units.</summary>
    /// <param name="gates">Which of what the cell keeps, per unit.</param>
    /// <param name="low">What lies below counts as closed.</param>
    /// <param name="high">What lies above counts as open.</param>
    /// <param name="lengths">Time steps of each sequence that hold data; empty where all do.</param>
    public ColumnShares[] Measure(int[] gates, double low, double high, ReadOnlyMemory<int> lengths)
    {
        if (_kept is not null)
            return [.. gates.Select(gate => Of(_kept, gate, lengths.Span))];
        ColumnShares Of(Tensor kept, int gate, ReadOnlySpan<int> of) =>
            Kernels.MeasureColumns(kept, gate * Units, Units, low, high, of);
        double all = 0;
        var sums = new ColumnShares[gates.Length];
        for (int first = 0; first < Steps; first += Length)
        {
            Tensor kept = KeptAt(first).Kept;
            int[] here = Array.ConvertAll(lengths.ToArray(), length => Math.Clamp(length - first, 0, kept.Shape[1]));
            double count = lengths.IsEmpty ? X.Shape[0] * kept.Shape[1] : here.Sum();
            if (count == 0) continue;
            all += count;
            for (int i = 0; i < gates.Length; i++)
            {
                (ColumnShares sum, ColumnShares share) = (sums[i], Of(kept, gates[i], here));
                double Joined(double before, double part) => before + (part - before) * count / all;
                sums[i] = new ColumnShares(
                    Joined(sum.Mean, share.Mean), Joined(sum.Below, share.Below), Joined(sum.Above, share.Above));
            }
        }
        return sums;
    }
}
