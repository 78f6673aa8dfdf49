using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>
/// The tensors that an optimiser keeps per parameter, by the name under which they are saved. Several threads may ask
/// for those of different parameters at the same time.
/// </summary>
internal sealed class ParameterState(IReadOnlyList<Parameter> parameters, params string[] roles)
{
    private const string Counter = "steps";
    private readonly Dictionary<string, Tensor> _tensors = [];
    private readonly Dictionary<(Parameter, string), Tensor> _live = [];

    /// <summary>The live tensors by name, such as <c>momentum:3.linear.weight</c>.</summary>
    public IReadOnlyDictionary<string, Tensor> Tensors => _tensors;

    /// <summary>The tensor of a role, like the parameter; zeros when it is first asked for.</summary>
    public Tensor Of(Parameter parameter, string role, out bool isNew)
    {
        lock (_live)
        {
            isNew = !_live.TryGetValue((parameter, role), out Tensor? tensor);
            return tensor ?? Keep(parameter, role, Tensor.Zeros(ShapeOf(parameter, role), TypeOf(parameter, role)));
        }
    }

    /// <summary>Counts an update of a parameter; 1 at the first.</summary>
    public double CountStep(Parameter parameter) => Of(parameter, Counter, out _)[[]] += 1;

    /// <summary>Replaces everything by copies; changes nothing where a name or a shape doesn't fit.</summary>
    public void Load(IReadOnlyDictionary<string, Tensor> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var known = roles.SelectMany(role => parameters.Select(p => (Role: role, Parameter: p)))
            .ToDictionary(entry => NameOf(entry.Parameter, entry.Role));
        foreach ((string name, Tensor tensor) in state)
        {
            if (!known.TryGetValue(name, out var entry))
                throw new ArgumentException(
                    $"the optimiser has no state '{name}'; expected that of the same optimiser and net");
            Shape shape = ShapeOf(entry.Parameter, entry.Role);
            if (tensor.Shape != shape)
                throw new ArgumentException($"state '{name}' has shape {tensor.Shape}; expected {shape}");
        }
        _tensors.Clear();
        _live.Clear();
        foreach ((string name, Tensor tensor) in state)
        {
            (string role, Parameter parameter) = known[name];
            Keep(parameter, role, tensor.Clone(TypeOf(parameter, role)));
        }
    }

    private Tensor Keep(Parameter parameter, string role, Tensor tensor) =>
        _live[(parameter, role)] = _tensors[NameOf(parameter, role)] = tensor;

    private static string NameOf(Parameter parameter, string role) => $"{role}:{parameter.Name}";

    private static Shape ShapeOf(Parameter parameter, string role) =>
        role == Counter ? new Shape() : parameter.Value.Shape;

    private static ElementType TypeOf(Parameter parameter, string role) =>
        role == Counter ? ElementType.Float64 : parameter.Value.ElementType;
}
