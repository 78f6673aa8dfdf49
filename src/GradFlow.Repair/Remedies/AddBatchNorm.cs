using GradFlow.Experiments;

namespace GradFlow.Repair;

/// <summary>Batch normalisation before every activation (Ioffe &amp; Szegedy 2015).</summary>
public sealed class AddBatchNorm() : AddNorm("batch-norm")
{
    private protected override LayerSpec Norm() => new BatchNormSpec();
}
