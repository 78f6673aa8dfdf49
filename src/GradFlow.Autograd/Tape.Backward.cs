using GradFlow.Tensors;

namespace GradFlow.Autograd;

public sealed partial class Tape
{
    /// <summary>
    /// Walks the tape back from a result and adds to the gradient of every parameter that it depends on.
    /// </summary>
    /// <param name="result">The loss, or any result together with a seed.</param>
    /// <param name="seed">∂L/∂result; null stands for 1, and then the result must be a single number.</param>
    /// <exception cref="ArgumentException">More than a single number without a seed, or shapes differ.</exception>
    /// <exception cref="InvalidOperationException">The tape records nothing, or has ended.</exception>
    public void Backward(Variable result, Tensor? seed = null)
    {
        ArgumentNullException.ThrowIfNull(result);
        var observer = Observer as IBackwardObserver;
        observer?.BackwardBegins(result);
        ITapeObserver? shown = Observer is { SeesBackward: true } ? Observer : null;
        foreach ((Variable variable, Cotangent cotangent) in Sweep(result, seed, shown, fillsParameters: true))
            variable.Parameter?.Accumulate(cotangent);
        observer?.BackwardEnded(result, seed);
    }

    /// <summary>
    /// Shows somebody all ops of this tape, and then the way back from a result once more. Parameters' gradients are
    /// left alone, and the tape's own observer isn't told.
    /// </summary>
    /// <param name="observer">Who looks.</param>
    /// <param name="result">The loss, or any result together with a seed.</param>
    /// <param name="seed">∂L/∂result; null stands for 1, and then the result must be a single number.</param>
    /// <exception cref="ArgumentException">More than a single number without a seed, or shapes differ.</exception>
    /// <exception cref="InvalidOperationException">The tape records nothing, or has ended.</exception>
    public void Replay(ITapeObserver observer, Variable result, Tensor? seed = null)
    {
        ArgumentNullException.ThrowIfNull(observer);
        ArgumentNullException.ThrowIfNull(result);
        foreach (Variable variable in Variables)
            if (variable.Operation is not null) observer.Recorded(variable);
        foreach (var _ in Sweep(result, seed, observer))
        {
            // The walk itself is what the observer came for.
        }
    }

    /// <summary>
    /// Walks the tape back from a result to chosen variables and returns log10 ‖∂L/∂variable‖ of each: finite at any
    /// size, −∞ where nothing flows. Only ways that lead to them are walked; parameters' gradients are left alone, and
    /// the observer isn't told.
    /// </summary>
    /// <param name="result">The loss, or any result together with a seed.</param>
    /// <param name="inputs">Inputs, parameters or results in between.</param>
    /// <param name="seed">∂L/∂result; null stands for 1, and then the result must be a single number.</param>
    /// <exception cref="ArgumentException">More than a single number without a seed, or shapes differ.</exception>
    /// <exception cref="InvalidOperationException">The tape records nothing, or has ended.</exception>
    public double[] Log10GradientNorms(Variable result, IReadOnlyList<Variable> inputs, Tensor? seed = null)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var norms = new Dictionary<Variable, double>();
        foreach (Variable input in inputs) norms[input] = double.NegativeInfinity;
        foreach ((Variable variable, Cotangent cotangent) in Sweep(result, seed, null, LeadingTo(norms.Keys)))
            if (norms.ContainsKey(variable)) norms[variable] = cotangent.Log10Norm;
        return inputs.Select(input => norms[input]).ToArray();
    }

    /// <summary>
    /// Walks the tape back from a result through chosen recurrent layers and returns the norms of what passes their
    /// time steps; null where nothing flows. Parameters' gradients are left alone, and the observer isn't told.
    /// </summary>
    /// <param name="result">The loss, or any result together with a seed.</param>
    /// <param name="layers">Results of recurrent ops.</param>
    /// <param name="seed">∂L/∂result; null stands for 1, and then the result must be a single number.</param>
    /// <exception cref="ArgumentException">More than a single number without a seed, or shapes differ.</exception>
    /// <exception cref="InvalidOperationException">The tape records nothing, or has ended.</exception>
    public RecurrentNorms?[] NormsThroughTime(Variable result, IReadOnlyList<Variable> layers, Tensor? seed = null)
    {
        ArgumentNullException.ThrowIfNull(layers);
        var norms = new Dictionary<Variable, RecurrentNorms?>();
        foreach (Variable layer in layers) norms[layer] = null;
        foreach (var _ in Sweep(result, seed, null, LeadingTo(norms.Keys), throughTime: norms))
        {
            // The walk itself fills the norms.
        }
        return [.. layers.Select(layer => norms[layer])];
    }

    /// <summary>
    /// Walks the tape back from a result and returns ∂L/∂input for chosen variables, with exponents applied, as tensors
    /// that the caller keeps. Parameters' gradients are left alone. Null where nothing flows.
    /// </summary>
    /// <param name="result">The loss, or any result together with a seed.</param>
    /// <param name="inputs">Inputs, parameters or results in between.</param>
    /// <param name="seed">∂L/∂result; null stands for 1, and then the result must be a single number.</param>
    /// <exception cref="ArgumentException">More than a single number without a seed, or shapes differ.</exception>
    /// <exception cref="InvalidOperationException">The tape records nothing, or has ended.</exception>
    public Tensor?[] Gradients(Variable result, IReadOnlyList<Variable> inputs, Tensor? seed = null)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        return Plain(Sweep(result, seed, Observer), inputs);
    }

    /// <summary>
    /// ∂result/∂input alone, as a tensor that the caller keeps: only ways that lead to it are walked, and the observer
    /// isn't told. Null where nothing flows.
    /// </summary>
    /// <param name="result">The loss, a single number.</param>
    /// <param name="input">An input, a parameter or a result in between.</param>
    /// <exception cref="ArgumentException">More than a single number.</exception>
    /// <exception cref="InvalidOperationException">The tape records nothing, or has ended.</exception>
    public Tensor? Gradient(Variable result, Variable input) =>
        Plain(Sweep(result, null, null, LeadingTo([input])), [input])[0];

    private static Tensor?[] Plain(
        IEnumerable<(Variable Variable, Cotangent Cotangent)> sweep, IReadOnlyList<Variable> inputs)
    {
        var wanted = inputs.ToHashSet();
        var found = new Dictionary<Variable, Tensor>();
        foreach ((Variable variable, Cotangent cotangent) in sweep)
        {
            if (!wanted.Contains(variable)) continue;
            Tensor plain = cotangent.Mantissa.Clone();
            Kernels.ScaleByPowerOfTwoInPlace(plain, cotangent.Exponent);
            found[variable] = plain;
        }
        return inputs.Select(found.GetValueOrDefault).ToArray();
    }

    /// <summary>
    /// The backward pass; yields variables as their cotangents are complete, results before what they are made of.
    /// </summary>
    /// <param name="result">Where it starts.</param>
    /// <param name="seed">∂L/∂result.</param>
    /// <param name="observer">Who is told; null for nobody.</param>
    /// <param name="isWanted">Which variables' cotangents are wanted, by index; null for all.</param>
    /// <param name="fillsParameters">Whether ops may add to parameters' gradients by themselves.</param>
    /// <param name="throughTime">Takes norms by time step, of the recurrent results that it has; null for none.</param>
    private IEnumerable<(Variable Variable, Cotangent Cotangent)> Sweep(
        Variable result, Tensor? seed, ITapeObserver? observer, bool[]? isWanted = null, bool fillsParameters = false,
        Dictionary<Variable, RecurrentNorms?>? throughTime = null)
    {
        RequireWayBack(result);
        ComputePending();
        var sink = new CotangentSink(this, observer, isWanted, fillsParameters, throughTime);
        sink.Start(result, Seed(result, seed));
        SegmentWalk? segments = _segments.Count > 0 ? new SegmentWalk(this, _segments, sink) : null;
        try
        {
            for (int i = result.Index; i >= 0; i--)
            {
                Variable variable = Trace.Variables[i];
                if (sink.Take(variable) is not { } cotangent) continue;
                segments?.Pass(variable);
                observer?.Completed(variable, cotangent);
                yield return (variable, cotangent);
                sink.Derive(variable, cotangent);
            }
        }
        finally
        {
            segments?.End();
            sink.Finish();
        }
    }

    /// <summary>Room for one walk's sums; empty, and at least one for each variable.</summary>
    internal Cotangent?[] TakeCotangents()
    {
        Cotangent?[] room = Trace.Cotangents;
        Trace.Cotangents = [];
        return room.Length >= Variables.Count ? room : new Cotangent?[Variables.Count];
    }

    /// <summary>A list for what is left for later; of use to one walk at a time.</summary>
    internal List<IParameterGradients> EmptyLate() => Trace.Late.Count == 0 ? Trace.Late : [];

    /// <summary>Keeps the room for the next walk.</summary>
    internal void GiveBackCotangents(Cotangent?[] room)
    {
        if (_trace is null) return;
        room.AsSpan().Clear();
        _trace.Cotangents = room;
    }

    private void RequireWayBack(Variable result)
    {
        ArgumentNullException.ThrowIfNull(result);
        if (result.Tape != this) throw new ArgumentException("the result lies on another tape", nameof(result));
        if (!IsRecording) throw new InvalidOperationException("the tape does not record, so there is no way back");
        if (result.Index >= Variables.Count || Variables[result.Index] != result)
            throw new InvalidOperationException(
                "the tape of this result has ended; walk it back before it is disposed");
    }

    /// <summary>Which variables are made of chosen ones, these included, by index.</summary>
    private bool[] LeadingTo(IEnumerable<Variable> chosen)
    {
        bool[] leads = new bool[Variables.Count];
        foreach (Variable variable in chosen)
            if (variable.Tape == this && variable.Index < leads.Length) leads[variable.Index] = true;
        foreach (Variable variable in Variables)
            foreach (Variable input in variable.Inputs) leads[variable.Index] |= leads[input.Index];
        return leads;
    }

    private Tensor Seed(Variable result, Tensor? seed)
    {
        if (seed is null && result.Value.Size != 1)
            throw new ArgumentException(
                $"a result of shape {result.Shape} needs a seed; only a single number has seed 1");
        if (seed is not null && seed.Shape != result.Shape)
            throw new ArgumentException($"the seed has shape {seed.Shape}, the result {result.Shape}");
        Tensor cotangent = RentLike(result.Value);
        if (seed is null) Kernels.FillInPlace(cotangent, 1);
        else Kernels.Copy(seed, cotangent);
        return cotangent;
    }
}
