using System.Text.RegularExpressions;
using GradFlow.Autograd;
using GradFlow.Nn;

namespace GradFlow.Experiments;

/// <summary>
/// Tells which parameters of a net the experiment file means: by kind (<c>weights</c>, <c>norms</c>, <c>biases</c>) or
/// by name, where <c>*</c> stands for any text.
/// </summary>
internal sealed class ParameterSelection
{
    private readonly Dictionary<Parameter, string> _kinds;

    public ParameterSelection(Module net)
    {
        HashSet<Parameter> norms =
            [.. net.SelfAndDescendants().Where(m => m.Kind == ModuleKind.Normalization).SelectMany(
                m => m.OwnParameters)];
        string KindOf(Parameter p) => norms.Contains(p) ? ParameterKinds.Norms
            : p.Value.Shape.Count >= 2 ? ParameterKinds.Weights
            : ParameterKinds.Biases;
        All = net.AllParameters();
        _kinds = All.ToDictionary(p => p, KindOf);
    }

    public IReadOnlyList<Parameter> All { get; }

    /// <summary>The parameters that one of the patterns means, in the order of the net.</summary>
    /// <param name="patterns">Kinds and names.</param>
    /// <param name="fail">Makes the error for a name that no parameter has.</param>
    public IReadOnlyList<Parameter> Of(IEnumerable<string> patterns, Func<string, Exception> fail)
    {
        var chosen = new HashSet<Parameter>();
        foreach (string pattern in patterns)
        {
            IReadOnlyList<Parameter> meant = [.. All.Where(p => IsMeant(p, pattern))];
            if (meant.Count == 0 && !ParameterKinds.Contains(pattern))
                throw fail($"{Words.Quote(pattern)} is no parameter of this net; expected {ParameterKinds.Weights}, "
                    + $"{ParameterKinds.Norms}, {ParameterKinds.Biases} or a name such as {All[0].Name}");
            chosen.UnionWith(meant);
        }
        return [.. All.Where(chosen.Contains)];
    }

    private bool IsMeant(Parameter parameter, string pattern) => ParameterKinds.Contains(pattern)
        ? _kinds[parameter] == pattern
        : Regex.IsMatch(parameter.Name, "^" + Regex.Escape(pattern).Replace("\\*", ".*") + "$");
}
