using GradFlow.Nn;
using GradFlow.Tensors;

namespace GradFlow.Experiments;

/// <summary>Looks, at its intervals, whether the validation loss still improves, and keeps the best net.</summary>
/// <param name="spec">The experiment's rule.</param>
/// <param name="values">The live parameters and buffers, by name.</param>
/// <param name="stepsPerEpoch">The interval where the experiment gives none.</param>
internal sealed class EarlyStopping(
    EarlyStoppingSpec spec, IReadOnlyDictionary<string, Tensor> values, int stepsPerEpoch) : IKeepsState
{
    private const string Progress = "progress", BestPrefix = "best/";
    private Dictionary<string, Tensor> _best = [];
    private double _bestLoss = double.PositiveInfinity;
    private int _bestStep, _bad;

    /// <summary>True once the patience is over.</summary>
    public bool HasStopped => _bad >= spec.Patience;

    /// <summary>Steps taken when the loss was at its best; null while no look has found a finite one.</summary>
    public int? BestStep => _best.Count > 0 ? _bestStep : null;

    public IReadOnlyDictionary<string, Tensor> State =>
        new Dictionary<string, Tensor>(_best.Select(t => KeyValuePair.Create(BestPrefix + t.Key, t.Value)))
        {
            [Progress] = Tensor.From([_bestLoss, _bestStep, (double)_bad]),
        };

    /// <summary>A step is done; NaN is no improvement.</summary>
    /// <param name="steps">Steps taken so far.</param>
    /// <param name="evaluate">Judges the net on the validation data.</param>
    public void After(int steps, Func<double> evaluate)
    {
        if (HasStopped || steps % (spec.Every ?? stepsPerEpoch) != 0) return;
        double loss = evaluate();
        if (loss < _bestLoss - spec.Delta)
        {
            (_bestLoss, _bestStep, _bad) = (loss, steps, 0);
            _best = values.ToDictionary(t => t.Key, t => t.Value.Clone());
        }
        else _bad++;
    }

    /// <summary>Puts the best net's numbers back.</summary>
    public void GoBack()
    {
        foreach ((string name, Tensor best) in _best) Kernels.Copy(best, values[name]);
    }

    public void LoadState(IReadOnlyDictionary<string, Tensor> state)
    {
        Tensor progress = state[Progress];
        (_bestLoss, _bestStep, _bad) = (progress[0], (int)progress[1], (int)progress[2]);
        _best = state.Where(t => t.Key.StartsWith(BestPrefix, StringComparison.Ordinal))
            .ToDictionary(t => t.Key[BestPrefix.Length..], t => t.Value.Clone());
    }
}
