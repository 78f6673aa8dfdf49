using GradFlow.Autograd;
using GradFlow.Nn;
using GradFlow.Runs;
using GradFlow.Tensors;

namespace GradFlow.Flow.Tests;

/// <summary>A net in training under watch, by hand.</summary>
internal sealed class Watched
{
    public static WatchOptions EveryStep { get; } = new(Budget: 1, MaxInterval: 1);

    private readonly Module _net;
    private readonly int[]? _lengths;
    private readonly TensorPool _pool = new();
    private int _step;

    public Watched(Module net, Tensor input, WatchOptions? options = null, int[]? lengths = null)
    {
        _net = net;
        _lengths = lengths;
        Structure = StructureProbe.Describe(net, input, lengths: lengths);
        Watch = new NetWatch(net, Structure, input.Shape[0], options ?? EveryStep);
    }

    public RunStructure Structure { get; }

    public NetWatch Watch { get; }

    /// <summary>Called between the backward pass and the update.</summary>
    public Action? AfterBackward { get; set; }

    /// <summary>Turns an output into a loss; a random linear function by default.</summary>
    public Func<Variable, Variable> Loss { get; set; } = Nets.RandomLoss;

    /// <summary>One frame of a net's first step.</summary>
    public static (RunStructure Structure, Frame Frame) Once(Module net, Tensor input, double rate = 0)
    {
        var watched = new Watched(net, input);
        return (watched.Structure, watched.Step(input, rate).ShouldNotBeNull());
    }

    public Frame? Step(Tensor input, double rate = 0.1)
    {
        foreach (Parameter parameter in _net.AllParameters()) parameter.ClearGradient();
        Watch.BeginStep(_step);
        using (var tape = new Tape(_pool, Watch))
        {
            Variable loss = Loss(_net.Apply(
                tape.Constant(input), new Pass(true, new StepDraws(3, _step)) { Lengths = _lengths }));
            Watch.BeforeBackward(tape, loss, _lengths);
            tape.Backward(loss);
        }
        AfterBackward?.Invoke();
        Watch.BeforeUpdate();
        Descend(_net, rate);
        _step++;
        return Watch.AfterUpdate();
    }

    /// <summary>w ← w − rate·g.</summary>
    public static void Descend(Module net, double rate)
    {
        foreach (Parameter parameter in net.AllParameters())
            if (parameter.HasGradient) Kernels.AddScaledInPlace(parameter.Value, -rate, parameter.Gradient);
    }
}
