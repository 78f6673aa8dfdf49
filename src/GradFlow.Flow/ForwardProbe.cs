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
            .Where(m => m.Kind is ModuleKind.Weights or ModuleKind.Recurrence or ModuleKind.Attention
                or ModuleKind.Activation or ModuleKind.Normalization or ModuleKind.Residual)
            .ToList();
        _steep = _modules.OfType<Activation>().Where(a => a.IsBounded).ToDictionary(a => a, SteepRange.Of);
        _canDie = _modules.OfType<Activation>().Any(a => a.CanDie);
    }

    /// <summary>The rows that <see cref="Measure"/> fills, with units and places as a recorded pass shows.</summary>
    public IReadOnlyList<SignalInfo> Describe(IReadOnlyList<Variable> variables)
    {
        Dictionary<Module, Variable> outputs = Outputs(variables);
        return _modules.Select(m =>
        {
            Shape shape = outputs.TryGetValue(m, out Variable? y) ? y.Shape : default;
            return new SignalInfo(
                m.Name, m.Type, Topology.KindOf(m), _topology.LayerOf(m), LivingUnits.UnitsOf(shape), PlacesOf(shape));
        }).ToList();
    }

    private static int? PlacesOf(Shape output) => output.Count < 3 || output.Size == 0
        ? null
        : output.Size / output[0] / LivingUnits.UnitsOf(output) is > 1 and var places ? places : null;

    /// <summary>
    /// The activation that made a result, if it has units that no sample of the epoch woke so far. Asked of every op of
    /// every step, so it has to cost next to nothing.
    /// </summary>
    public Activation? AsleepIn(Variable result) =>
        _canDie && _topology.ModuleOf(result) is Activation { CanDie: true } activation
            && !_living.AreAllAwake(activation)
            ? activation
            : null;

    public void See(Activation activation, Variable result) => _living.See(activation, result.Inputs[0].Value);

    public void EndEpoch() => _living.EndEpoch();

    /// <summary>Where a graph holds what a frame reads, each tensor once.</summary>
    public SignalReadings ReadingsOf(IReadOnlyList<Variable> variables)
    {
        Dictionary<Module, Variable> outputs = Outputs(variables);
        var readings = new List<SignalReading>();
        for (int row = 0; row < _modules.Count; row++)
            if (outputs.TryGetValue(_modules[row], out Variable? output))
                readings.Add(new SignalReading(output) { Row = row });
        for (int row = 0; row < _modules.Count; row++)
        {
            if (_modules[row] is not Activation activation || !_steep.TryGetValue(activation, out SteepRange steep))
                continue;
            if (!outputs.TryGetValue(activation, out Variable? output)) continue;
            SignalReading? input = readings.Find(r => r.Variable == output.Inputs[0] && r.SaturatedRow is null);
            if (input is null) readings.Add(input = new SignalReading(output.Inputs[0]));
            (input.SaturatedRow, input.Steep) = (row, steep);
        }
        return new SignalReadings(readings);
    }

    public ForwardStatistics Measure(SignalReadings readings)
    {
        int n = _modules.Count;
        double?[] mean = new double?[n], std = new double?[n], rms = new double?[n], bad = new double?[n];
        double?[] saturated = new double?[n], dead = new double?[n];
        readings.Read();
        foreach (SignalReading reading in readings.All)
        {
            if (reading.Size == 0) continue;
            if (reading.SaturatedRow is { } active) saturated[active] = (double)reading.Sums.Outside / reading.Size;
            if (reading.Row is not { } row) continue;
            double average = reading.Sums.Sum / reading.Size, square = reading.Sums.Squares / reading.Size;
            mean[row] = average;
            rms[row] = Math.Sqrt(square);
            std[row] = Math.Sqrt(Math.Max(0, square - average * average));
            bad[row] = reading.NonFinite;
            if (_modules[row] is Activation activation) dead[row] = _living.DeadShare(activation);
        }
        return new ForwardStatistics(mean, std, rms, saturated, dead, bad);
    }

    private Dictionary<Module, Variable> Outputs(IReadOnlyList<Variable> variables)
    {
        var outputs = new Dictionary<Module, Variable>();
        foreach (Variable variable in variables)
            if (variable.Operation is not null && _topology.ModuleOf(variable) is { } module)
                outputs[module] = variable;
        return outputs;
    }
}
