using GradFlow.Experiments;

namespace GradFlow.Repair;

/// <summary>
/// A normalisation between every hidden layer with weights and the activation behind it, also where that is inside of a
/// layer.
/// </summary>
public abstract class AddNorm : Remedy
{
    private readonly bool _takesImages;
    private readonly int _smallestBatch;

    private protected AddNorm(string id, bool takesImages, int smallestBatch = 1)
        : base(id, ForkKind.Restart) => (_takesImages, _smallestBatch) = (takesImages, smallestBatch);

    private protected sealed override Experiment? Change(Experiment experiment) =>
        experiment.Training.Batch < _smallestBatch
            ? null
            : LayerRewriting.InHidden(experiment, hidden => LayerRewriting.MapLists(hidden, Insert));

    private protected abstract LayerSpec Norm();

    /// <summary>
    /// A layer that has its activation inside, with such a normalisation before that where there may be one.
    /// </summary>
    private protected abstract LayerSpec Within(LayerSpec layer);

    private IEnumerable<LayerSpec> Insert(IReadOnlyList<LayerSpec> layers)
    {
        for (int i = 0; i < layers.Count; i++)
        {
            yield return Within(layers[i]);
            if (Suits(layers[i]) && i + 1 < layers.Count && LayerRewriting.IsActivation(layers[i + 1]))
                yield return Norm();
        }
    }

    private bool Suits(LayerSpec layer) => layer is WeightedSpec && (_takesImages || layer is not Conv2dSpec);
}
