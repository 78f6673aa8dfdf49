using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>Parameters in stretches that are worth a thread's while, for what is done to each alone.</summary>
internal sealed class ParameterShares : IChunkedWork
{
    private const int NumbersPerShare = 1 << 16;
    private readonly IReadOnlyList<Parameter> _parameters;
    private readonly Action<Parameter> _action;
    private readonly List<int> _ends = [];

    /// <summary>Divides the parameters.</summary>
    public ParameterShares(IReadOnlyList<Parameter> parameters, Action<Parameter> action)
    {
        (_parameters, _action) = (parameters, action);
        long numbers = 0;
        for (int i = 0; i < parameters.Count; i++)
        {
            numbers += parameters[i].Value.Size;
            if (numbers < NumbersPerShare && i < parameters.Count - 1) continue;
            _ends.Add(i + 1);
            numbers = 0;
        }
    }

    /// <summary>How many stretches there are.</summary>
    public int Count => _ends.Count;

    /// <inheritdoc/>
    public void Run(int chunk)
    {
        for (int i = chunk == 0 ? 0 : _ends[chunk - 1]; i < _ends[chunk]; i++) _action(_parameters[i]);
    }
}
