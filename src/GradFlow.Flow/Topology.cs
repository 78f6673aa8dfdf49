using GradFlow.Autograd;
using GradFlow.Nn;
using GradFlow.Runs;

namespace GradFlow.Flow;

/// <summary>
/// What is known of a net from its modules alone: which module a variable belongs to, and how deep it lies.
/// </summary>
internal sealed class Topology
{
    private readonly Dictionary<string, Module> _modules = [];
    private readonly Dictionary<string, Module> _parents = [];
    private readonly Dictionary<string, int> _layers = [];

    public Topology(Module model)
    {
        int weighted = 0;
        Visit(model, null, ref weighted);
        InOrder = model.SelfAndDescendants().Distinct().ToList();
    }

    /// <summary>All modules, each once, outer before inner, in the order in which data first passes.</summary>
    public IReadOnlyList<Module> InOrder { get; }

    public Module? ModuleOf(Variable variable) => _modules.GetValueOrDefault(variable.Scope);

    /// <summary>How many weight layers lie at or before the output of a module's first use.</summary>
    public int LayerOf(Module module) => _layers[module.Name];

    /// <summary>
    /// The outermost module below a given one (null: below the whole net) that a variable belongs to, sequences not
    /// counted; null where it belongs to none.
    /// </summary>
    public Module? UnitOf(Variable variable, Module? within)
    {
        Module? unit = null;
        for (Module? m = ModuleOf(variable); m is not null && m != within; m = _parents.GetValueOrDefault(m.Name))
            if (m.Kind != ModuleKind.Sequence) unit = m;
        return unit;
    }

    public bool IsInside(Variable variable, Module block)
    {
        for (Module? m = ModuleOf(variable); m is not null; m = _parents.GetValueOrDefault(m.Name))
            if (m == block) return true;
        return false;
    }

    /// <summary>True for what counts as a layer of the net's depth.</summary>
    public static bool IsWeighted(Module module) => module.Kind is ModuleKind.Weights or ModuleKind.Recurrence
        or ModuleKind.Attention;

    public static LinkKind KindOf(Module? module) => module?.Kind switch
    {
        ModuleKind.Weights => LinkKind.Weights,
        ModuleKind.Activation => LinkKind.Activation,
        ModuleKind.Normalization => LinkKind.Normalization,
        ModuleKind.Residual => LinkKind.Skip,
        ModuleKind.Recurrence => LinkKind.Recurrence,
        ModuleKind.Attention => LinkKind.Attention,
        _ => LinkKind.Other,
    };

    private void Visit(Module module, Module? parent, ref int weighted)
    {
        if (!_modules.TryAdd(module.Name, module))
        {
            if (_modules[module.Name] == module) return;
            throw new ArgumentException($"two modules are named '{module.Name}'; expected unique names");
        }
        if (parent is not null) _parents[module.Name] = parent;
        // What a layer is made of stands beside each other, no deeper than it.
        if (IsWeighted(module) && (parent is null || !IsWeighted(parent))) weighted++;
        foreach (Module child in module.Children) Visit(child, module, ref weighted);
        _layers[module.Name] = weighted;
    }
}
