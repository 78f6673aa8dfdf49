using GradFlow.Tensors;

namespace GradFlow.Autograd;

/// <summary>What a recurrent op shows of its time steps to whoever watches.</summary>
public sealed class Recurrence
{
    private readonly RecurrentCell _cell;
    private readonly Variable _output;

    internal Recurrence(RecurrentCell cell, Variable output)
    {
        _cell = cell;
        _output = output;
    }

    /// <summary>Time steps.</summary>
    public int Steps => _output.Shape[1];

    /// <summary>Whether gates lie between one state and the next.</summary>
    public bool IsGated => Kernels.RecurrentKept(_cell) > 0;

    /// <summary>The root mean square of h_t over samples and units, by time step.</summary>
    public double[] StateRms() => Kernels.RmsByStep(_output.Value);

    /// <summary>
    /// The root mean square of φ'(a_t) of h_t = φ(a_t), by time step, as the way back uses it; null where gates lie
    /// between one state and the next.
    /// </summary>
    public double[]? SlopeRms()
    {
        if (IsGated) return null;
        Tape tape = _output.Tape;
        Tensor slopes = tape.RentLike(_output.Value);
        Kernels.FillInPlace(slopes, 1);
        if (_cell == RecurrentCell.Tanh) Kernels.TanhBackward(_output.Value, slopes, slopes);
        else if (_cell == RecurrentCell.Relu) Kernels.ReluBackward(_output.Value, slopes, slopes);
        double[] rms = Kernels.RmsByStep(slopes);
        tape.Pool.Return(slopes);
        return rms;
    }
}
