using GradFlow.Autograd;
using GradFlow.Nn;
using GradFlow.Tensors;

namespace GradFlow.Experiments;

/// <summary>Lets a training outlive steps whose loss or gradient isn't finite, as the experiment says.</summary>
internal sealed class NonFiniteGuard : IKeepsState
{
    private const string Counts = "counts";
    private readonly NonFiniteSpec _spec;
    private readonly IReadOnlyList<(Tensor Live, Tensor Before)> _buffers;
    private readonly SoundStates _states;
    private readonly int _every;
    private int _used;

    /// <param name="spec">What is done.</param>
    /// <param name="parameters">The live parameters.</param>
    /// <param name="buffers">The live buffers, by name, which a forward pass changes.</param>
    /// <param name="optimizer">What updates the parameters.</param>
    /// <param name="stepsPerEpoch">Steps between two kept states where the experiment gives none.</param>
    public NonFiniteGuard(
        NonFiniteSpec spec, IEnumerable<Parameter> parameters, IReadOnlyList<(string Name, Tensor Value)> buffers,
        Optimizer optimizer, int stepsPerEpoch)
    {
        _spec = spec;
        _buffers = [.. buffers.Select(buffer => (buffer.Value, buffer.Value.Clone()))];
        _states = new SoundStates(parameters.Select(p => (p.Name, p.Value)).Concat(buffers).ToDictionary(), optimizer);
        _every = (spec as RestoreSpec)?.Every ?? stepsPerEpoch;
    }

    /// <summary>What the rate is multiplied by since states were restored.</summary>
    public double RateFactor { get; private set; } = 1;

    /// <summary>How often it helped, the kept states behind it.</summary>
    public IReadOnlyDictionary<string, Tensor> State =>
        new Dictionary<string, Tensor>(_states.State) { [Counts] = Tensor.From([(double)_used, RateFactor]) };

    /// <summary>A step begins.</summary>
    /// <param name="step">The step, from 0.</param>
    public void BeforeStep(int step)
    {
        foreach ((Tensor live, Tensor before) in _buffers) Kernels.Copy(live, before);
        if (_spec is RestoreSpec && (step % _every == 0 || _states.IsEmpty)) _states.Keep();
    }

    /// <summary>A step was sound.</summary>
    public void AfterSoundStep()
    {
        if (_spec is SkipSpec) _used = 0;
    }

    /// <summary>Undoes a step that isn't sound, as far as it got.</summary>
    /// <returns>False where that was done too often already: the training ends.</returns>
    public bool Rescue()
    {
        _used++;
        if (_spec is RestoreSpec restore && _used <= restore.AtMost)
        {
            _states.GoBack();
            RateFactor *= restore.Factor;
            return true;
        }
        foreach ((Tensor live, Tensor before) in _buffers) Kernels.Copy(before, live);
        return _spec is SkipSpec skip && _used <= skip.AtMost;
    }

    public void LoadState(IReadOnlyDictionary<string, Tensor> state)
    {
        (_used, RateFactor) = ((int)state[Counts][0], state[Counts][1]);
        _states.LoadState(state);
    }
}
