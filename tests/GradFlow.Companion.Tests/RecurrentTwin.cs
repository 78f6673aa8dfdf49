using System.Runtime.InteropServices;
using System.Text.Json;
using GradFlow.Autograd;
using GradFlow.Nn;
using GradFlow.Runs;
using GradFlow.Tensors;

namespace GradFlow.Companion.Tests;

/// <summary>
/// A training of one recurrent layer whose last output is read by a linear one, done again by our engine, under its
/// watch, from the weights and on the batches that PyTorch had.
/// </summary>
internal sealed class RecurrentTwin
{
    private readonly TrainingPlan _plan;
    private readonly RecurrenceInfo _layer;
    private readonly float[][] _weights;
    private readonly float[] _batches;
    private readonly int _inputs;

    /// <param name="theirs">What PyTorch recorded of it.</param>
    /// <param name="weights">The file of the weights that it began with.</param>
    /// <param name="batches">The file of its batches.</param>
    public RecurrentTwin(Run theirs, string weights, string batches)
    {
        _plan = theirs.Header.Plan;
        _layer = theirs.Header.Structure.Recurrences!.Single();
        _weights = JsonSerializer.Deserialize<float[][]>(File.ReadAllText(weights))!;
        _batches = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(batches)).ToArray();
        _inputs = _weights[0].Length * _layer.Units / _weights[1].Length;
    }

    /// <summary>Trains, steps 0, 1, 2, 4, 8, … watched, as the companion does in any case.</summary>
    /// <param name="folder">Where runs are kept.</param>
    public Run Train(string folder)
    {
        Sequential net = Build();
        Optimizer optimizer = _plan.Optimizer == "adam"
            ? new Adam(net.AllParameters(), _plan.LearningRate!.Value)
            : new Sgd(net.AllParameters(), _plan.LearningRate!.Value);
        var settings = new WatchSettings
        {
            Name = _layer.Type,
            Out = folder,
            Steps = _plan.Steps,
            StepsPerEpoch = _plan.StepsPerEpoch,
            BaselineLoss = _plan.BaselineLoss,
            LongestDependency = _plan.LongestDependency,
            Budget = 1e-4,
            MaxInterval = _plan.Steps,
        };
        using var watch = GradientWatch.Over(net, optimizer, settings);
        for (int step = 0; step < _plan.Steps; step++) Step(step, net, optimizer, watch);
        watch.Dispose();
        return RunReader.Load(watch.Folder.Path);
    }

    private void Step(int step, Sequential net, Optimizer optimizer, GradientWatch watch)
    {
        int numbers = _plan.BatchSize * _layer.Steps * _inputs;
        Span<float> batch = _batches.AsSpan(step * (numbers + _plan.BatchSize), numbers + _plan.BatchSize);
        int[] classes = [.. batch[numbers..].ToArray().Select(label => (int)label)];
        using Tape tape = watch.Tape();
        Variable x = tape.Constant(Tensor.From(batch[..numbers], _plan.BatchSize, _layer.Steps, _inputs));
        Variable output = net.Apply(x, new Pass(IsTraining: true, new StepDraws(0, step)));
        Variable loss = new CrossEntropy().Evaluate(output, Target.Of(classes));
        optimizer.ClearGradients();
        tape.Backward(loss);
        optimizer.Step();
        watch.Step(loss);
    }

    /// <summary>Both keep weights as outputs by inputs, gates in the same order, and parameters in this one.</summary>
    private Sequential Build()
    {
        int rows = _weights[2].Length, classes = _weights[5].Length;
        var parameters = new RecurrentParameters(
            Of("weight", 0, rows, _inputs), Of("recurrent-weight", 1, rows, _layer.Units),
            Of("bias", 2, rows), Of("recurrent-bias", 3, rows));
        Recurrent recurrent = _layer.Type == "lstm"
            ? new Lstm("recurrent", parameters)
            : new Rnn("recurrent", parameters, new Tanh("tanh"));
        var head = new Linear("head", Of("head.weight", 4, classes, _layer.Units), Of("head.bias", 5, classes));
        return new Sequential("net", [recurrent, new LastStep("last-step"), head]);
    }

    private Parameter Of(string name, int index, params int[] shape) => new(name, Tensor.From(_weights[index], shape));
}
