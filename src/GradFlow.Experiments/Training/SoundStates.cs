using GradFlow.Nn;
using GradFlow.Tensors;

namespace GradFlow.Experiments;

/// <summary>
/// The states that a training may go back to. A state that is kept proves sound only when so many steps have followed
/// it without a number that isn't finite: the last one before trouble may be past help already. So two are held, and
/// the older is the one to go back to.
/// </summary>
/// <param name="values">The live parameters and buffers, by name.</param>
/// <param name="optimizer">What updates them.</param>
internal sealed class SoundStates(IReadOnlyDictionary<string, Tensor> values, Optimizer optimizer)
{
    private const string Sound = "sound/", Latest = "latest/", Update = "optimizer/";
    private Dictionary<string, Tensor> _sound = [];
    private Dictionary<string, Tensor> _latest = [];

    public IEnumerable<KeyValuePair<string, Tensor>> State => Under(Sound, _sound).Concat(Under(Latest, _latest));

    public bool IsEmpty => _sound.Count == 0;

    /// <summary>Keeps the present state; the one kept before has proved sound.</summary>
    public void Keep()
    {
        Dictionary<string, Tensor> present = values.Concat(Under(Update, optimizer.State))
            .ToDictionary(t => t.Key, t => t.Value.Clone());
        _sound = _latest.Count > 0 ? _latest : present;
        _latest = present;
    }

    /// <summary>Goes back to the state that proved sound.</summary>
    public void GoBack()
    {
        foreach ((string name, Tensor value) in values) Kernels.Copy(_sound[name], value);
        optimizer.LoadState(Below(Update, _sound));
        _latest = _sound;
    }

    public void LoadState(IReadOnlyDictionary<string, Tensor> state) => (_sound, _latest) =
        (Copied(Below(Sound, state)), Copied(Below(Latest, state)));

    private static Dictionary<string, Tensor> Copied(Dictionary<string, Tensor> state) =>
        state.ToDictionary(t => t.Key, t => t.Value.Clone());

    private static IEnumerable<KeyValuePair<string, Tensor>> Under(
        string prefix, IReadOnlyDictionary<string, Tensor> state) =>
        state.Select(t => KeyValuePair.Create(prefix + t.Key, t.Value));

    private static Dictionary<string, Tensor> Below(string prefix, IReadOnlyDictionary<string, Tensor> state) =>
        state.Where(t => t.Key.StartsWith(prefix, StringComparison.Ordinal))
            .ToDictionary(t => t.Key[prefix.Length..], t => t.Value);
}
