using GradFlow.Autograd;
using GradFlow.Runs;

namespace GradFlow.Flow;

/// <summary>
/// What follows from the graph that a step has recorded. A training's steps are mostly alike and record the very same
/// variables, so that it need not be found anew for each frame.
/// </summary>
internal sealed class StepGraph
{
    private readonly Variable[] _variables;
    private readonly Variable _loss;

    private StepGraph(Variable[] variables, Variable loss, FlowMap map, SignalReadings signals, bool isDescribed)
    {
        (_variables, _loss, Map, Signals, IsDescribed) = (variables, loss, map, signals, isDescribed);
        Norms = new CotangentNorms(map, variables.Length);
    }

    public FlowMap Map { get; }

    public SignalReadings Signals { get; }

    public CotangentNorms Norms { get; }

    /// <summary>Whether cuts and parts are those that the run's tables speak of.</summary>
    public bool IsDescribed { get; }

    /// <summary>Reads a tape that is about to be walked back from a loss.</summary>
    public static StepGraph Of(
        Topology topology, ForwardProbe forward, RunStructure structure, IReadOnlyList<Variable> variables,
        Variable loss)
    {
        FlowMap map = FlowMap.Of(topology, variables, loss);
        bool isDescribed = map.CutInfos.SequenceEqual(structure.Cuts) && map.Parts.SequenceEqual(structure.Parts);
        return new StepGraph([.. variables], loss, map, forward.ReadingsOf(variables), isDescribed);
    }

    /// <summary>Whether a tape holds the same variables again, and so the same graph.</summary>
    public bool IsOf(IReadOnlyList<Variable> variables, Variable loss)
    {
        if (_variables.Length != variables.Count || _loss != loss) return false;
        for (int i = 0; i < _variables.Length; i++)
            if (!ReferenceEquals(_variables[i], variables[i])) return false;
        return true;
    }
}
