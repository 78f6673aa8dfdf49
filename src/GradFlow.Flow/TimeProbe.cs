using GradFlow.Autograd;
using GradFlow.Nn;
using GradFlow.Runs;
using GradFlow.Tensors;

namespace GradFlow.Flow;

/// <summary>
/// Follows the gradient of a late time step's loss alone back through the states of recurrent layers, before the
/// training's own backward pass. What it walks is not told to anybody and leaves parameters' gradients alone. It
/// follows a few sequences, the batch's first of those that are longest, so that a lag is the same in all of them and
/// none of it is padding; their gradient is scaled up to stand for all of the longest that the loss stands at. Where
/// outputs aren't one per sequence, or per time step of one, it follows all.
/// </summary>
/// <param name="layers">The recurrent layers, in the order of the run's table.</param>
/// <param name="reversed">Those of them that read from the last time step back.</param>
internal sealed class TimeProbe(IReadOnlyList<Recurrent> layers, IReadOnlySet<Recurrent> reversed)
{
    /// <summary>Late steps that the gradient is averaged over, where a loss stands at every step.</summary>
    public const int LateSteps = 3;

    /// <summary>Sequences of the batch that the gradient is followed in at most.</summary>
    public const int Sequences = 4;

    /// <summary>One profile per layer.</summary>
    /// <param name="tape">The step's tape, before its backward pass.</param>
    /// <param name="output">The net's output.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="lengths">The time steps of each sample that hold data; empty where all do.</param>
    /// <param name="withSpectra">Whether eigenvalues and singular values are due.</param>
    public TimeProfile?[]? Measure(
        Tape tape, Variable output, Variable loss, ReadOnlyMemory<int> lengths, bool withSpectra)
    {
        if (layers.Count == 0) return null;
        Variable?[] passes = [.. layers.Select(layer => LastPassOf(layer, tape))];
        Variable[] walked = [.. passes.OfType<Variable>()];
        if (walked.Length == 0 || tape.Gradient(loss, output) is not { } gradient)
            return new TimeProfile?[layers.Count];
        int[]? late = output.Shape.Count == 3 ? LateStepsOf(gradient) : null;
        if (late is []) return new TimeProfile?[layers.Count];
        // A window's lags depend on where in it a step lies, so that only one step's can be shown.
        if (layers.Any(layer => layer.Window is not null)) late = late?[..1];
        int[] whole = OfAllSteps(output.Shape[0], lengths.Span);
        int samples = output.Shape[0];
        bool isPerSequence = walked.All(pass => pass.Shape[0] == samples) && whole.All(sample => sample < samples);
        int[] asked = isPerSequence ? AskedOf(gradient, late?[0], whole) : [];
        int[] followed = [.. asked.Take(Sequences)];
        Tensor OfStep(int? step) => Seed(tape, gradient, isPerSequence ? followed : null, step);
        Tensor[] seeds = late is null ? [OfStep(null)] : [.. late.Select(step => OfStep(step))];
        if (followed.Length < asked.Length)
            foreach (Tensor seed in seeds) Kernels.Scale(seed, Math.Sqrt((double)asked.Length / Sequences), seed);
        RecurrentNorms?[][] norms = [.. seeds.Select(seed => tape.NormsThroughTime(output, walked, seed))];
        return [.. layers.Select((layer, i) => passes[i] is { } pass
            && Profile(
                layer, pass, [.. norms.Select(walk => walk[Array.IndexOf(walked, pass)])], late, output) is { } own
            ? StateProbe.With(
                WithState(own, pass.Value, isPerSequence ? followed : null, late), pass.Recurrence!.Map, whole, lengths,
                withSpectra)
            : null)];
    }

    /// <summary>Those of some samples that the loss stands at, at the latest step.</summary>
    private static int[] AskedOf(Tensor gradient, int? latest, int[] samples)
    {
        Tensor there = latest is { } step ? gradient.Slice(1, step, 1) : gradient;
        return [.. samples.Where(sample => Kernels.MaxAbs(there.Slice(0, sample, 1).Clone()) != 0)];
    }

    /// <summary>The gradient of chosen samples' outputs, all or one time step of them, zeros everywhere else.</summary>
    private static Tensor Seed(Tape tape, Tensor gradient, int[]? samples, int? step)
    {
        Tensor seed = tape.Rent(gradient.Shape, gradient.ElementType);
        Kernels.FillInPlace(seed, 0);
        Tensor At(Tensor all) => step is { } at ? all.Slice(1, at, 1) : all;
        if (samples is null) Kernels.Copy(At(gradient), At(seed));
        foreach (int sample in samples ?? [])
            Kernels.Copy(At(gradient.Slice(0, sample, 1)), At(seed.Slice(0, sample, 1)));
        return seed;
    }

    /// <summary>The samples that hold data at every time step.</summary>
    private static int[] OfAllSteps(int samples, ReadOnlySpan<int> lengths)
    {
        if (lengths.IsEmpty) return [.. Enumerable.Range(0, samples)];
        int[] all = lengths.ToArray();
        int longest = all.Max();
        return [.. Enumerable.Range(0, all.Length).Where(sample => all[sample] == longest)];
    }

    /// <summary>The last steps that a loss stands at, the latest first, close to each other.</summary>
    private static int[] LateStepsOf(Tensor gradient)
    {
        int latest = gradient.Shape[1] - 1;
        bool HasLoss(int step) => Kernels.MaxAbs(gradient.Slice(1, step, 1).Clone()) != 0;
        while (latest >= 0 && !HasLoss(latest)) latest--;
        return [.. Enumerable.Range(0, LateSteps).Select(i => latest - i).Where(step => step >= 0 && HasLoss(step))];
    }

    /// <summary>A layer's last pass over a sequence; null where it is frozen, so that no gradient passes it.</summary>
    private static Variable? LastPassOf(Recurrent layer, Tape tape) => tape.Variables.LastOrDefault(
        v => v.Recurrence is not null && v.RequiresGradient && v.Scope == layer.Name);

    /// <summary>
    /// Counts lags in the layer's own time steps. Where they are the output's, lag 0 is the step that the loss stands
    /// at; where a layer between changes their number, it is the latest step that the last output's loss reaches, and
    /// null is returned where no loss stands there, since nobody knows which step another output's is.
    /// </summary>
    private TimeProfile? Profile(
        Recurrent layer, Variable pass, IReadOnlyList<RecurrentNorms?> norms, int[]? late, Variable output)
    {
        // Nothing has come before the late steps for who reads from the end.
        if (late is not null && reversed.Contains(layer)) return null;
        int steps = pass.Recurrence!.Steps;
        if (late is not null && output.Shape[1] == steps)
            return Profile(layer, pass, late[0], [.. norms.Zip(late, LagWalk.Of)]);
        if (late is not null && late[0] != output.Shape[1] - 1) return null;
        int reached = Array.FindLastIndex([.. norms[0]?.States ?? []], norm => !double.IsNegativeInfinity(norm));
        int latest = reached >= 0 ? reached : steps - 1;
        return Profile(layer, pass, latest, [LagWalk.Of(norms[0], latest)]);
    }

    private static TimeProfile Profile(Recurrent layer, Variable pass, int last, IReadOnlyList<LagWalk> walks)
    {
        Recurrence recurrence = pass.Recurrence!;
        int start = layer.WindowStart(last, recurrence.Steps);
        double?[] norms = [.. AverageStates(walks).Select((norm, k) => last - k >= start ? norm : (double?)null)];
        int end = Array.FindLastIndex(norms, norm => norm is { } n && double.IsFinite(n));
        double?[]? slopes = Nullable(recurrence.SlopeRms());
        var bare = new TimeProfile(norms, StateRms: Nullable(recurrence.StateRms()), Slopes: slopes);
        // With several ways from one state to the next, no product of parts is what the whole does; nor are weights and
        // slopes all that lies on a normalised one.
        if (!recurrence.IsGated && (recurrence.Skip is not null || recurrence.IsNormalized)) return bare;
        if (end <= 0 || !norms.Take(end).All(n => n is { } x && double.IsFinite(x))) return bare;
        double total = (norms[end]!.Value - norms[0]!.Value) / end;
        double? Between(Func<LagWalk, double[]> of) =>
            Finite(Enumerable.Range(0, end).Sum(k => Average(walks, of, k)) / end);
        if (recurrence.IsGated)
            return bare with { GateDecades = Between(w => w.Gates), WeightDecades = total - Between(w => w.Gates) };
        return slopes is null
            ? bare with { WeightDecades = total }
            : bare with { ActivationDecades = Between(w => w.Slopes), WeightDecades = total - Between(w => w.Slopes) };
    }

    /// <summary>
    /// The mean over walks as far as all reach; from there on what the latest ones add, so that lags reach back to the
    /// first time step without a leap where a walk ends.
    /// </summary>
    private static double[] AverageStates(IReadOnlyList<LagWalk> walks)
    {
        double[] norms = new double[walks[0].States.Length];
        int common = walks.Min(walk => walk.States.Length);
        for (int k = 0; k < norms.Length; k++)
        {
            double mean = Average(walks, walk => walk.States, k);
            norms[k] = k < common || !double.IsFinite(mean)
                ? mean
                : norms[k - 1] + walks.Where(walk => k < walk.States.Length)
                    .Average(walk => walk.States[k] - walk.States[k - 1]);
        }
        return norms;
    }

    private static double Average(IReadOnlyList<LagWalk> walks, Func<LagWalk, double[]> of, int lag) =>
        walks.Select(of).Where(values => lag < values.Length).Average(values => values[lag]);

    /// <summary>
    /// Without those lags at the end that reach back to where the followed states are exactly 0 still, as before the
    /// first pixel that isn't black: a rectifier has no slope there, and nothing is there to be remembered.
    /// </summary>
    private static TimeProfile WithState(TimeProfile profile, Tensor states, int[]? followed, int[]? late)
    {
        int lags = profile.LagNorms.Count, end = lags, spread = late?[0] - late?[^1] ?? 0;
        // The earliest of the late steps comes first to where nothing is.
        while (end > 1 && profile.LagNorms[end - 1] is double.NegativeInfinity
            && IsZero(states, Math.Max(0, lags - end - spread), followed))
            end--;
        return end < lags ? profile with { LagNorms = [.. profile.LagNorms.Take(end)] } : profile;
    }

    private static bool IsZero(Tensor states, int step, int[]? samples)
    {
        Tensor there = states.Slice(1, step, 1);
        bool IsZero(Tensor part) => Kernels.MaxAbs(part.Clone()) == 0;
        return samples?.All(sample => IsZero(there.Slice(0, sample, 1))) ?? IsZero(there);
    }

    private static double?[]? Nullable(double[]? values) => values?.Select(value => (double?)value).ToArray();

    private static double? Finite(double x) => double.IsFinite(x) ? x : null;
}

/// <summary>One walk back in time: norms by lag, and what lies between one lag and the next.</summary>
/// <param name="States">log10 ‖∂L_τ/∂s_{τ−k}‖ by lag k.</param>
/// <param name="Slopes">
/// Decades of the non-linearity's slope at lag k, without the farthest, behind which is none.
/// </param>
/// <param name="Gates">Decades that the gate alone hands from lag k to lag k+1, likewise.</param>
internal readonly record struct LagWalk(double[] States, double[] Slopes, double[] Gates)
{
    /// <summary>
    /// Reads a walk's norms by time step as norms by lag; null stands for a walk that nothing flowed on.
    /// </summary>
    public static LagWalk Of(RecurrentNorms? norms, int last)
    {
        double At(IReadOnlyList<double>? logs, int lag) => logs?[last - lag] ?? double.NegativeInfinity;
        double[] states = [.. Enumerable.Range(0, last + 1).Select(k => At(norms?.States, k))];
        return new LagWalk(
            states,
            [.. states.SkipLast(1).Select((state, k) => At(norms?.Preactivations, k) - state)],
            [.. states.SkipLast(1).Select((state, k) => At(norms?.Carried, k + 1) - state)]);
    }
}
