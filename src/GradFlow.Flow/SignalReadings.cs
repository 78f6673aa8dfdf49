using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Flow;

/// <summary>The tensors of one graph that a frame reads on the way forward, shared among threads.</summary>
internal sealed class SignalReadings
{
    private readonly Shares<SignalReading> _shares;

    public SignalReadings(IEnumerable<SignalReading> all)
    {
        All = [.. all.OrderBy(reading => reading.Variable.Index)];
        _shares = new Shares<SignalReading>(
            All, reading => reading.Variable.Shape.Size, reading => reading.Read());
    }

    public IReadOnlyList<SignalReading> All { get; }

    public void Read()
    {
        bool isShared = All.Count > 0 && !All[0].Variable.Tape.IsCheckpointed;
        foreach (SignalReading reading in All)
        {
            reading.Begin();
            if (!isShared) reading.Read();
        }
        if (isShared) _shares.Run();
    }
}

/// <summary>What is read of one tensor in one pass.</summary>
/// <param name="variable">Whose tensor.</param>
internal sealed class SignalReading(Variable variable)
{
    private Tensor _value = null!;

    public Variable Variable => variable;

    /// <summary>Of which signal it is the output; null where it is no signal's.</summary>
    public int? Row { get; init; }

    /// <summary>Which activation's input it is, if that can saturate.</summary>
    public int? SaturatedRow { get; set; }

    /// <summary>Where that activation isn't saturated.</summary>
    public SteepRange Steep { get; set; } = SteepRange.Everywhere;

    public int Size { get; private set; }

    public SignalSums Sums { get; private set; }

    public int NonFinite { get; private set; }

    /// <summary>Finds the tensor; what waits on the tape is computed now, not by several threads.</summary>
    public void Begin() => _value = variable.Value;

    /// <summary>Reads it; called on any thread.</summary>
    public void Read()
    {
        Tensor dense = _value.IsContiguous ? _value : _value.Clone();
        Size = dense.Size;
        Sums = Kernels.MeasureSignal(dense, Steep.Low, Steep.High);
        NonFinite = double.IsFinite(Sums.Sum) ? 0 : Kernels.CountNonFinite(dense);
    }
}
