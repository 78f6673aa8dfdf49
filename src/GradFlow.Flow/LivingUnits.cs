using System.Numerics;
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
        if (input.Shape.Count == 0) return;
        int units = UnitsOf(input.Shape), places = input.Shape.Count > 3 ? input.Shape[2] * input.Shape[3] : 1;
        if (!_epochs.TryGetValue(activation, out Epoch? epoch) || epoch.Units != units || epoch.Places != places)
            _epochs[activation] = epoch = new Epoch(units, places);
        Tensor dense = input.IsContiguous ? input : input.Clone();
        if (dense.ElementType == ElementType.Float32) epoch.See<float>(activation, dense.AsSpan<float>());
        else epoch.See<double>(activation, dense.AsSpan<double>());
    }

    /// <summary>
    /// A unit of images [n, c, h, w] is a channel, over all its places; else it is the last dimension's.
    /// </summary>
    public static int UnitsOf(Shape output) => output.Count == 0 ? 0 : output.Count > 3 ? output[1] : output[^1];

    public bool AreAllAwake(Activation activation) => _epochs.GetValueOrDefault(activation)?.IsAllAwake == true;

    public void EndEpoch()
    {
        foreach (Epoch epoch in _epochs.Values) epoch.Close();
    }

    /// <summary>
    /// The share of units that were dead for the whole last epoch and still are; null before there was one.
    /// </summary>
    public double? DeadShare(Activation activation) => _epochs.GetValueOrDefault(activation)?.DeadShare;

    private sealed class Epoch(int units, int places)
    {
        private readonly List<int> _unseen = [.. Enumerable.Range(0, units)];
        private readonly bool[] _wasDead = new bool[units];
        private int? _dead;

        public int Units => units;

        public int Places => places;

        public bool IsAllAwake => _unseen.Count == 0;

        public double? DeadShare => (double?)_dead / units;

        public void See<T>(Activation activation, ReadOnlySpan<T> inputs)
            where T : IFloatingPointIeee754<T>
        {
            for (int k = _unseen.Count - 1; k >= 0; k--)
            {
                int unit = _unseen[k];
                if (!HasSlope(activation, inputs, unit)) continue;
                _unseen.RemoveAt(k);
                if (!_wasDead[unit]) continue;
                _wasDead[unit] = false;
                _dead--;
            }
        }

        public void Close()
        {
            foreach (int unit in _unseen) _wasDead[unit] = true;
            _dead = _unseen.Count;
            _unseen.Clear();
            _unseen.AddRange(Enumerable.Range(0, units));
        }

        private bool HasSlope<T>(Activation activation, ReadOnlySpan<T> inputs, int unit)
            where T : IFloatingPointIeee754<T>
        {
            for (int start = unit * places; start < inputs.Length; start += units * places)
                for (int i = start; i < start + places; i++)
                    if (activation.SlopeAt(double.CreateTruncating(inputs[i])) != 0) return true;
            return false;
        }
    }
}
