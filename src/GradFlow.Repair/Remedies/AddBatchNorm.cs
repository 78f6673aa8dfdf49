using GradFlow.Experiments;

namespace GradFlow.Repair;

/// <summary>
/// Batch normalisation before every hidden activation (Ioffe &amp; Szegedy 2015); not for batches of a single sample.
/// </summary>
public sealed class AddBatchNorm() : AddNorm("batch-norm", takesImages: true, smallestBatch: 2)
{
    private protected override LayerSpec Norm() => new BatchNormSpec();

    private protected override LayerSpec Within(LayerSpec layer) => layer;
}
