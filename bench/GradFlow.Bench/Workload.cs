using GradFlow.Autograd;
using GradFlow.Flow;
using GradFlow.Nn;
using GradFlow.Runs;
using GradFlow.Tensors;

namespace GradFlow.Bench;

/// <summary>
/// A net with one batch, and the training step that is timed: forward, backward, update by plain SGD.
/// </summary>
public sealed class Workload
{
    private readonly TensorPool _pool = new();
    private readonly Loss _loss;

    /// <summary>Readies the training.</summary>
    /// <param name="model">The net.</param>
    /// <param name="inputs">The batch.</param>
    /// <param name="target">What its outputs are compared with.</param>
    public Workload(Module model, Tensor inputs, Target target)
    {
        Model = model;
        Inputs = inputs;
        Target = target;
        _loss = target.Values is null ? new CrossEntropy() : new MeanSquaredError();
        Optimizer = new Sgd(model.AllParameters(), learningRate: 1e-3);
    }

    public Module Model { get; }

    public Tensor Inputs { get; }

    public Target Target { get; }

    public Optimizer Optimizer { get; }

    /// <summary>The number of the next step, from 0 unless it is set.</summary>
    public int NextStep { get; set; }

    /// <summary>Bytes that tensors of a step occupy at most.</summary>
    public long PoolBytes => _pool.AllocatedBytes;

    /// <summary>One training step.</summary>
    /// <param name="observer">Who watches; null for nobody.</param>
    /// <returns>The loss before the update.</returns>
    public double Step(ITapeObserver? observer = null)
    {
        using var tape = new Tape(_pool, observer);
        Variable loss = Forward(tape);
        tape.Backward(loss);
        Optimizer.Step();
        return loss.Value[[]];
    }
    /// <summary>One training step under watch.</summary>
    /// <param name="watch">The watch; null for none.</param>
    /// <returns>The step's frame; null where it has none.</returns>
    public Frame? Step(NetWatch? watch)
    {
        if (watch is null)
        {
            Step((ITapeObserver?)null);
            return null;
        }
        watch.BeginStep(NextStep);
        using var tape = new Tape(_pool, watch);
        Variable loss = Forward(tape);
        watch.BeforeBackward(tape, loss);
        tape.Backward(loss);
        watch.BeforeUpdate();
        Optimizer.Step();
        return watch.AfterUpdate();
    }

    private Variable Forward(Tape tape)
    {
        var pass = new Pass(IsTraining: true, new StepDraws(0, NextStep++));
        Variable loss = _loss.Evaluate(Model.Apply(tape.Constant(Inputs), pass), Target);
        Optimizer.ClearGradients();
        return loss;
    }
}
