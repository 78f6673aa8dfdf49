using GradFlow.Autograd;
using GradFlow.Nn;
using GradFlow.Runs;

namespace GradFlow.Flow;

/// <summary>
/// One step's graph, cut into links and parts: which cotangents to take the norm of, and how gains follow from them.
/// </summary>
internal sealed class FlowMap
{
    private readonly Topology _topology;
    private readonly IReadOnlyList<Variable> _variables;

    private FlowMap(Topology topology, IReadOnlyList<Variable> variables)
    {
        _topology = topology;
        _variables = variables;
    }

    public List<Variable> Cuts { get; } = [];

    public List<CutInfo> CutInfos { get; } = [];

    public List<LinkInfo> Links { get; } = [];

    public List<PartInfo> Parts { get; } = [];

    /// <summary>How each part's gain is taken, in the order of <see cref="Parts"/>.</summary>
    public List<PartGain> Gains { get; } = [];

    /// <summary>
    /// Maps a recorded forward pass.
    /// </summary>
    /// <returns>The map; without any cut where no weight layer leads to the loss.</returns>
    public static FlowMap Of(Topology topology, IReadOnlyList<Variable> variables, Variable loss)
    {
        var map = new FlowMap(topology, variables);
        if (map.FirstWeightedOutput() is not { } source) return map;
        map.AddCuts(map.UnitBoundaries(GraphCuts.Find(variables, source, loss), null));
        for (int link = 0; link < map.Links.Count; link++) map.AddParts(link);
        return map;
    }

    /// <summary>
    /// The output of the first weight layer that data passes; of its first use, where it is used again.
    /// </summary>
    private Variable? FirstWeightedOutput()
    {
        Variable? output = null;
        Module? first = null;
        foreach (Variable variable in _variables)
        {
            if (variable.Operation is null || !variable.RequiresGradient) continue;
            Module? module = _topology.ModuleOf(variable);
            if (first is not null && module != first) break;
            if (module is null || !Topology.IsWeighted(module)) continue;
            first = module;
            output = variable;
        }
        return output;
    }

    /// <summary>Of cuts that follow each other inside one module, the last; the loss's own ops are left off.</summary>
    private List<Variable> UnitBoundaries(List<Variable> cuts, Module? within)
    {
        var boundaries = new List<Variable>();
        Module? previous = null;
        foreach (Variable cut in cuts)
        {
            Module? unit = _topology.UnitOf(cut, within);
            if (unit is null) continue;
            if (unit == previous) boundaries[^1] = cut;
            else boundaries.Add(cut);
            previous = unit;
        }
        return boundaries;
    }

    private void AddCuts(List<Variable> boundaries)
    {
        int layer = 0;
        foreach (Variable cut in boundaries)
        {
            Module unit = _topology.UnitOf(cut, null)!;
            int weighted = unit.SelfAndDescendants().Count(Topology.IsWeighted);
            layer = Math.Max(_topology.LayerOf(unit), layer + weighted); // a module that is used again counts again
            if (Cuts.Count > 0) Links.Add(new LinkInfo(unit.Name, unit.Type, Topology.KindOf(unit), layer));
            Cuts.Add(cut);
            CutInfos.Add(new CutInfo(unit.Name, unit.Type, layer, weighted > 0));
        }
    }

    private void AddParts(int link)
    {
        Variable entry = Cuts[link], exit = Cuts[link + 1];
        Module unit = _topology.UnitOf(exit, null)!;
        if (unit.Kind != ModuleKind.Residual) AddPart(link, unit, new PartGain.OfLink(link));
        else AddBlock(link, unit, entry, exit);
    }

    /// <summary>
    /// A block with a skip: its branch's layers, each by its own partial cotangent, and the skip that closes the sum.
    /// </summary>
    private void AddBlock(int link, Module block, Variable entry, Variable exit)
    {
        int first = Parts.Count;
        AddBranch(link, block, entry, exit);
        Parts.Add(new PartInfo(link, block.Name, block.Type, LinkKind.Skip));
        Gains.Add(new PartGain.Closing(link, first, Parts.Count - 1));
    }

    private void AddBranch(int link, Module block, Variable entry, Variable exit)
    {
        bool IsBranch(Variable v) => v != exit && _topology.IsInside(v, block);
        if (exit.Inputs.LastOrDefault(IsBranch) is not { } end) return;
        List<Variable> cuts = GraphCuts.Find(_variables, entry, end, IsBranch);
        List<Variable> boundaries = UnitBoundaries(cuts.Where(v => v != entry).ToList(), block);
        Cotangents from = new Cotangents.Shares(EntryShares(entry, end, IsBranch));
        foreach (Variable boundary in boundaries)
        {
            var to = new Cotangents.Whole(boundary.Index);
            AddPart(link, _topology.UnitOf(boundary, block)!, new PartGain.Between(from, to));
            from = to;
        }
        // Of a sum both paths get the whole cotangent, of a concatenation each its share.
        bool isShare = exit.Operation == "concatenate";
        if (!isShare && (boundaries.Count == 0 || boundaries[^1] == end)) return;
        string what = isShare ? "share" : "scale";
        Parts.Add(new PartInfo(link, $"{block.Name} {what}", what, LinkKind.Other));
        Gains.Add(new PartGain.Between(from, new Cotangents.Whole(exit.Index)));
    }

    /// <summary>
    /// Which shares of the entry's cotangent come from the branch, up to its end, rather than from the skip, which may
    /// be a projection.
    /// </summary>
    private List<(int Consumer, int Input)> EntryShares(Variable entry, Variable end, Func<Variable, bool> isBranch)
    {
        var shares = new List<(int, int)>();
        var leads = new HashSet<Variable> { end };
        for (int at = end.Index; at > entry.Index; at--)
        {
            Variable variable = _variables[at];
            if (!leads.Contains(variable)) continue;
            leads.UnionWith(variable.Inputs);
            for (int i = 0; i < variable.Inputs.Count; i++)
                if (variable.Inputs[i] == entry && isBranch(variable)) shares.Add((at, i));
        }
        return shares;
    }

    private void AddPart(int link, Module unit, PartGain gain)
    {
        Parts.Add(new PartInfo(link, unit.Name, unit.Type, Topology.KindOf(unit)));
        Gains.Add(gain);
    }
}

/// <summary>
/// Cotangents whose norm is wanted: a variable's whole one, or the sum of some consumers' shares of it.
/// </summary>
internal abstract record Cotangents
{
    public sealed record Whole(int Variable) : Cotangents;

    public sealed record Shares(IReadOnlyList<(int Consumer, int Input)> Of) : Cotangents;
}

/// <summary>How a part's gain follows from measured norms.</summary>
internal abstract record PartGain
{
    /// <summary>The whole link's.</summary>
    public sealed record OfLink(int Link) : PartGain;

    /// <summary>From one cotangent to another.</summary>
    public sealed record Between(Cotangents In, Cotangents Out) : PartGain;

    /// <summary>
    /// The link's, less that of the parts from <paramref name="First"/> up to <paramref name="End"/>.
    /// </summary>
    public sealed record Closing(int Link, int First, int End) : PartGain;
}
