using GradFlow.Autograd;
using GradFlow.Nn;
using GradFlow.Runs;
using GradFlow.Tensors;

namespace GradFlow.Flow;

/// <summary>Reads a net's tables (cuts, links, parts, signals, parameters) off one forward pass.</summary>
public static class StructureProbe
{
    /// <summary>
    /// Runs the net forward once as in training, so that frames find the same graph, and describes it. Running averages
    /// are put back, so nothing in the net has changed.
    /// </summary>
    /// <param name="model">The net, with its initial weights.</param>
    /// <param name="example">A batch of inputs; two samples suffice, and batch normalisation needs two.</param>
    /// <param name="initNames">
    /// The initialisation of each parameter by its name, as the experiment file writes it.
    /// </param>
    /// <param name="lengths">The example's <see cref="Pass.Lengths"/>; empty where all of it is data.</param>
    public static RunStructure Describe(
        Module model, Tensor example, IReadOnlyDictionary<string, string>? initNames = null,
        ReadOnlyMemory<int> lengths = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(example);
        using var tape = new Tape();
        Tensor[] buffers = model.AllBuffers().Select(b => b.Value.Clone()).ToArray();
        Variable output = model.Apply(
            tape.Constant(example), new Pass(IsTraining: true, default) { Lengths = lengths });
        foreach ((Tensor kept, (_, Tensor buffer)) in buffers.Zip(model.AllBuffers())) Kernels.Copy(kept, buffer);
        return Describe(model, tape, Ops.Sum(output), initNames);
    }

    /// <summary>Describes a net as it lies on a tape after its forward pass.</summary>
    /// <param name="model">The net, with its initial weights.</param>
    /// <param name="tape">The tape that the net was applied on.</param>
    /// <param name="loss">The result that the backward pass starts from.</param>
    /// <param name="initNames">
    /// The initialisation of each parameter by its name, as the experiment file writes it.
    /// </param>
    public static RunStructure Describe(
        Module model, Tape tape, Variable loss, IReadOnlyDictionary<string, string>? initNames = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(tape);
        ArgumentNullException.ThrowIfNull(loss);
        var topology = new Topology(model);
        FlowMap map = FlowMap.Of(topology, tape.Variables, loss);
        return new RunStructure(
            map.CutInfos, map.Links, map.Parts,
            new ForwardProbe(topology).Describe(tape.Variables),
            DescribeParameters(topology, initNames), DescribeRecurrences(topology, tape),
            DescribeAttentions(topology), ReachProbe.Of(model, topology, tape));
    }

    /// <summary>The tables with what an optimiser's weight decay is for each parameter.</summary>
    /// <param name="structure">The tables.</param>
    /// <param name="optimizer">What trains the net; parameters that it doesn't have are left as they are.</param>
    public static RunStructure WithDecay(RunStructure structure, Optimizer optimizer)
    {
        ArgumentNullException.ThrowIfNull(structure);
        ArgumentNullException.ThrowIfNull(optimizer);
        Dictionary<string, double> decays = optimizer.Parameters.ToDictionary(p => p.Name, optimizer.DecayOf);
        return decays.Values.All(decay => decay == 0) ? structure : structure with
        {
            Parameters = [.. structure.Parameters.Select(info =>
                decays.TryGetValue(info.Name, out double decay) && decay > 0 && !info.IsFrozen
                    ? info with { WeightDecay = decay }
                    : info)],
        };
    }

    private static List<RecurrenceInfo>? DescribeRecurrences(Topology topology, Tape tape)
    {
        List<RecurrenceInfo> rows = [.. topology.InOrder.OfType<Recurrent>().Select(layer =>
        {
            Recurrence[] passes = [.. tape.Variables.Where(v => v.Scope == layer.Name).Select(v => v.Recurrence)
                .OfType<Recurrence>()];
            return new RecurrenceInfo(
                layer.Name, layer.Type, topology.LayerOf(layer), layer.Units,
                passes.Max(pass => (int?)pass.Steps) ?? 0, layer.ActivationType, layer.Window,
                passes.LastOrDefault()?.Map?.Size);
        })];
        return rows.Count > 0 ? rows : null;
    }

    private static List<AttentionInfo>? DescribeAttentions(Topology topology)
    {
        List<AttentionInfo> rows = [.. topology.InOrder.OfType<MultiHeadAttention>().Select(
            layer => InfoOf(layer, topology.LayerOf(layer)))];
        return rows.Count > 0 ? rows : null;
    }

    internal static AttentionInfo InfoOf(MultiHeadAttention layer, int depth) =>
        new(layer.Name, depth, layer.Settings.Heads, layer.Settings.Window, layer.Settings.IsCausal);

    private static List<ParameterInfo> DescribeParameters(
        Topology topology, IReadOnlyDictionary<string, string>? initNames)
    {
        var rows = new List<ParameterInfo>();
        var seen = new HashSet<Parameter>();
        foreach (Module module in topology.InOrder)
        {
            foreach (Parameter parameter in module.OwnParameters.Where(seen.Add))
            {
                Shape shape = parameter.Value.Shape;
                bool isMatrix = shape.Count >= 2;
                rows.Add(new ParameterInfo(
                    parameter.Name, module.Name, Math.Max(1, topology.LayerOf(module)), RoleOf(parameter), [.. shape],
                    isMatrix ? shape.Size / shape[0] : 0, isMatrix ? shape[0] : 0,
                    initNames?.GetValueOrDefault(parameter.Name), Std(parameter.Value), parameter.IsFrozen));
            }
        }
        return rows;
    }

    private static string RoleOf(Parameter parameter) => parameter.Name[(parameter.Name.LastIndexOf('.') + 1)..];

    private static double Std(Tensor tensor)
    {
        double[] values = tensor.ToDoubles();
        double mean = values.Average();
        return Math.Sqrt(values.Average(x => (x - mean) * (x - mean)));
    }
}
