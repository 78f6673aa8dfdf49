using GradFlow.Nn;
using GradFlow.Tensors;

namespace GradFlow.Experiments;

/// <summary>What of a net a checkpoint holds.</summary>
internal static class NetTensors
{
    /// <summary>Parameters and buffers, by name.</summary>
    public static IEnumerable<(string Name, Tensor Value)> Tensors(this Module net) =>
        net.AllParameters().Select(parameter => (parameter.Name, parameter.Value)).Concat(net.AllBuffers());
}
