using GradFlow.Nn;
using GradFlow.Theory;

namespace GradFlow.Experiments;

/// <summary>Builds normalisation layers, and theory's view of them.</summary>
internal static class NormalizationLayers
{
    /// <summary>The layer and its stage; null where the layer is no normalisation.</summary>
    /// <param name="spec">The layer.</param>
    /// <param name="name">Its stable name.</param>
    /// <param name="features">Features, or channels of feature maps.</param>
    /// <param name="isMap">Whether samples are feature maps, of which theory says nothing.</param>
    /// <param name="batch">Samples per step.</param>
    public static (Module, Stage)? Build(LayerSpec spec, string name, int features, bool isMap, int batch)
    {
        (Module Module, Stage Stage)? layer = spec switch
        {
            BatchNormSpec x => (
                new BatchNorm(name, features, x.Momentum, x.Eps, channelsFirst: isMap),
                new BatchNormStage(batch, x.Eps)),
            LayerNormSpec x => (new LayerNorm(name, features, x.Eps), new LayerNormStage(features, x.Eps)),
            GroupNormSpec x => (
                new GroupNorm(name, x.Groups, features, x.Eps, channelsFirst: isMap),
                new LayerNormStage(features / x.Groups, x.Eps)),
            RmsNormSpec x => (new RmsNorm(name, features, x.Eps), new RmsNormStage(features, x.Eps)),
            _ => null,
        };
        return layer is { } built && isMap
            ? (built.Module, new UncoveredStage($"{spec.EntryName} of feature maps"))
            : layer;
    }
}
