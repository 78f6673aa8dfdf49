using GradFlow.Autograd;
using GradFlow.Nn;
using GradFlow.Runs;
using GradFlow.Tensors;

namespace GradFlow.Flow;

/// <summary>How widely the heads of attention layers look, from the weights of the last pass.</summary>
/// <param name="layers">The layers, in the order of the run's table.</param>
internal sealed class AttentionProbe(IReadOnlyList<MultiHeadAttention> layers)
{
    /// <summary>One profile per layer; null for a layer that the step didn't pass, and where there is no layer.</summary>
    public AttentionProfile?[]? Measure(Tape tape) =>
        layers.Count == 0 ? null : [.. layers.Select(layer => Profile(layer, tape))];

    private static AttentionProfile? Profile(MultiHeadAttention layer, Tape tape)
    {
        if (tape.Variables.LastOrDefault(v => v.Attention is not null && v.Scope == layer.Name) is not { } pass)
            return null;
        _ = pass.Value;
        AttentionEntropy[] heads = pass.Attention!.Entropies();
        return new AttentionProfile([.. heads.Select(head => head.Nats)], [.. heads.Select(head => head.Share)]);
    }
}
