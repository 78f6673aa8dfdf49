using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>The norms of past steps, in the order of time and in that of size.</summary>
/// <param name="window">How many of the latest are kept; null for all.</param>
internal sealed class NormHistory(int? window)
{
    private readonly Queue<double> _inTime = new();
    private readonly List<double> _bySize = [];

    public void Add(double norm)
    {
        if (_inTime.Count == window) _bySize.RemoveAt(_bySize.BinarySearch(_inTime.Dequeue()));
        _inTime.Enqueue(norm);
        int place = _bySize.BinarySearch(norm);
        _bySize.Insert(place < 0 ? ~place : place, norm);
    }

    /// <summary>Linear between the two nearest, as NumPy's <c>percentile</c>.</summary>
    public double Percentile(double percent)
    {
        double place = percent / 100 * (_bySize.Count - 1);
        int below = (int)place;
        double low = _bySize[below], high = _bySize[Math.Min(below + 1, _bySize.Count - 1)];
        return low + (place - below) * (high - low);
    }

    public Tensor ToTensor() => Tensor.From(_inTime.ToArray());

    public void Load(double[] norms)
    {
        _inTime.Clear();
        _bySize.Clear();
        foreach (double norm in norms[^Math.Min(norms.Length, window ?? norms.Length)..])
        {
            _inTime.Enqueue(norm);
            _bySize.Add(norm);
        }
        _bySize.Sort();
    }
}
