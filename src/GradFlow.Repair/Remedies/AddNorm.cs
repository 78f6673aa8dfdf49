using GradFlow.Experiments;

namespace GradFlow.Repair;

/// <summary>A normalisation between every hidden linear layer and the activation behind it.</summary>
public abstract class AddNorm : Remedy
{
    private readonly int _smallestBatch;

    private protected AddNorm(string id, int smallestBatch = 1)
        : base(id, ForkKind.Restart) => _smallestBatch = smallestBatch;

    private protected sealed override Experiment? Change(Experiment experiment) =>
        experiment.Training.Batch < _smallestBatch
            ? null
            : LayerRewriting.InHidden(experiment, hidden => LayerRewriting.MapLists(hidden, Insert));

    private protected abstract LayerSpec Norm();

    private IEnumerable<LayerSpec> Insert(IReadOnlyList<LayerSpec> layers)
    {
        for (int i = 0; i < layers.Count; i++)
        {
            yield return layers[i];
            if (layers[i] is LinearSpec && i + 1 < layers.Count && LayerRewriting.IsActivation(layers[i + 1])) yield return Norm();
        }
    }
}
