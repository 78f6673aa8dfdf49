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
    private readonly LivingUnits _living = new();

    public ForwardProbe(Topology topology)
    {
        _topology = topology;
        _modules = topology.InOrder
            .Where(m => m.Kind is ModuleKind.Weights or ModuleKind.Activation or ModuleKind.Normalization or ModuleKind.Residual)
            .ToList();
    }

    /// <summary>The rows that <see cref="Measure"/> fills, with the units that a recorded pass shows.</summary>
    public IReadOnlyList<SignalInfo> Describe(IReadOnlyList<Variable> variables)
    {
        Dictionary<Module, Variable> outputs = Outputs(variables);
        return _modules.Select(m => new SignalInfo(
            m.Name, m.Type, Topology.KindOf(m), _topology.LayerOf(m),
            outputs.TryGetValue(m, out Variable? y) && y.Shape.Count > 0 ? y.Shape[^1] : 0)).ToList();
    }

    /// <summary>Told of every op of every step, so that a unit is dead only if a whole epoch never woke it.</summary>
    public void Recorded(Variable variable)
    {
        if (variable.Operation is not null && _topology.ModuleOf(variable) is Activation { CanDie: true } activation)
            _living.See(activation, variable.Inputs[0].Value);
    }

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
            double count = y.Value.Size, average = Kernels.Sum(y.Value) / count, square = Kernels.SumOfSquares(y.Value) / count;
            mean[i] = average;
            rms[i] = Math.Sqrt(square);
            std[i] = Math.Sqrt(Math.Max(0, square - average * average));
            bad[i] = Kernels.CountNonFinite(y.Value);
            if (_modules[i] is not Activation activation) continue;
            if (activation.IsBounded) saturated[i] = SaturatedShare(activation, y.Inputs[0].Value);
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

    private static double SaturatedShare(Activation activation, Tensor input)
    {
        double limit = 0.05 * activation.LargestSlope;
        int count = 0;
        foreach (double x in input.ToDoubles())
            if (Math.Abs(activation.SlopeAt(x)) < limit) count++;
        return (double)count / input.Size;
    }
}
