using GradFlow.Autograd;
using GradFlow.Nn;
using GradFlow.Runs;
using GradFlow.Tensors;

namespace GradFlow.Flow;

/// <summary>Forward statistics of every layer's output.</summary>
internal sealed class ForwardProbe
{
    private readonly Topology _topology;
    private readonly List<Module> _modules;
    private readonly Dictionary<Activation, SteepRange> _steep;
    private readonly LivingUnits _living = new();
    private readonly bool _canDie;

    public ForwardProbe(Topology topology)
    {
        _topology = topology;
        _modules = topology.InOrder
            .Where(m => m.Kind is ModuleKind.Weights or ModuleKind.Recurrence or ModuleKind.Activation
                or ModuleKind.Normalization or ModuleKind.Residual)
            .ToList();
        _steep = _modules.OfType<Activation>().Where(a => a.IsBounded).ToDictionary(a => a, SteepRange.Of);
        _canDie = _modules.OfType<Activation>().Any(a => a.CanDie);
    }

    /// <summary>The rows that <see cref="Measure"/> fills, with the units that a recorded pass shows.</summary>
    public IReadOnlyList<SignalInfo> Describe(IReadOnlyList<Variable> variables)
    {
        Dictionary<Module, Variable> outputs = Outputs(variables);
        return _modules.Select(m => new SignalInfo(
            m.Name, m.Type, Topology.KindOf(m), _topology.LayerOf(m),
            outputs.TryGetValue(m, out Variable? y) ? LivingUnits.UnitsOf(y.Shape) : 0)).ToList();
    }

    /// <summary>
    /// The activation that made a result, if it has units that no sample of the epoch woke so far. Asked of every op of
    /// every step, so it has to cost next to nothing.
    /// </summary>
    public Activation? AsleepIn(Variable result) =>
        _canDie && _topology.ModuleOf(result) is Activation { CanDie: true } activation && !_living.AreAllAwake(activation)
            ? activation
            : null;

    public void See(Activation activation, Variable result) => _living.See(activation, result.Inputs[0].Value);

    public void EndEpoch() => _living.EndEpoch();

    public ForwardStatistics Measure(IReadOnlyList<Variable> variables)
    {
        Dictionary<Module, Variable> outputs = Outputs(variables);
        int n = _modules.Count;
        double?[] mean = new double?[n], std = new double?[n], rms = new double?[n], bad = new double?[n];
        double?[] saturated = new double?[n], dead = new double?[n];
        for (int i = 0; i < n; i++)
        {
            if (!outputs.TryGetValue(_modules[i], out Variable? y) || y.Value.Size == 0) continue;
            Tensor value = y.Value.IsContiguous ? y.Value : y.Value.Clone();
            double count = value.Size, average = Kernels.Sum(value) / count, square = Kernels.SumOfSquares(value) / count;
            mean[i] = average;
            rms[i] = Math.Sqrt(square);
            std[i] = Math.Sqrt(Math.Max(0, square - average * average));
            bad[i] = double.IsFinite(average) ? 0 : Kernels.CountNonFinite(value);
            if (_modules[i] is not Activation activation) continue;
            if (_steep.TryGetValue(activation, out SteepRange steep)) saturated[i] = steep.ShareOutside(y.Inputs[0].Value);
            dead[i] = _living.DeadShare(activation);
        }
        return new ForwardStatistics(mean, std, rms, saturated, dead, bad);
    }

    private Dictionary<Module, Variable> Outputs(IReadOnlyList<Variable> variables)
    {
        var outputs = new Dictionary<Module, Variable>();
        foreach (Variable variable in variables)
            if (variable.Operation is not null && _topology.ModuleOf(variable) is { } module) outputs[module] = variable;
        return outputs;
    }
}
