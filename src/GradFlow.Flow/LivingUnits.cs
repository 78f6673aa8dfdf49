using GradFlow.Nn;
using GradFlow.Tensors;

namespace GradFlow.Flow;

/// <summary>
/// Which units of an activation had a slope other than 0 for any sample of the epoch so far. Only units that have not
/// yet been seen alive are looked at, so a healthy net pays for its first batch alone.
/// </summary>
internal sealed class LivingUnits
{
    private readonly Dictionary<Activation, Epoch> _epochs = [];

    public void See(Activation activation, Tensor input)
    {
        if (input.Shape.Count != 2) return;
        if (!_epochs.TryGetValue(activation, out Epoch? epoch) || epoch.Units != input.Shape[1])
            _epochs[activation] = epoch = new Epoch(input.Shape[1]);
        for (int k = epoch.Unseen.Count - 1; k >= 0; k--)
        {
            int unit = epoch.Unseen[k];
            if (!HasSlope(activation, input, unit)) continue;
            epoch.Unseen.RemoveAt(k);
        }
    }

    public void EndEpoch()
    {
        foreach (Epoch epoch in _epochs.Values) epoch.Close();
    }

    /// <summary>The share of dead units in the last whole epoch; null before there was one.</summary>
    public double? DeadShare(Activation activation) => _epochs.GetValueOrDefault(activation)?.LastDeadShare;

    private static bool HasSlope(Activation activation, Tensor input, int unit)
    {
        int rows = input.Shape[0], columns = input.Shape[1];
        if (input.ElementType == ElementType.Float32)
        {
            ReadOnlySpan<float> x = input.AsSpan<float>();
            for (int i = 0; i < rows; i++)
                if (activation.SlopeAt(x[i * columns + unit]) != 0) return true;
            return false;
        }
        for (int i = 0; i < rows; i++)
            if (activation.SlopeAt(input[i, unit]) != 0) return true;
        return false;
    }

    private sealed class Epoch(int units)
    {
        public int Units => units;

        public List<int> Unseen { get; } = [.. Enumerable.Range(0, units)];

        public double? LastDeadShare { get; private set; }

        public void Close()
        {
            LastDeadShare = (double)Unseen.Count / units;
            Unseen.Clear();
            Unseen.AddRange(Enumerable.Range(0, units));
        }
    }
}
