using GradFlow.Autograd;
using GradFlow.Nn;
using GradFlow.Runs;
using GradFlow.Tensors;

namespace GradFlow.Flow;

/// <summary>
/// Follows the gradient of a late time step's loss alone back through the states of recurrent layers, before the
/// training's own backward pass. What it walks is not told to anybody and leaves parameters' gradients alone.
/// </summary>
/// <param name="layers">The recurrent layers, in the order of the run's table.</param>
internal sealed class TimeProbe(IReadOnlyList<Recurrent> layers)
{
    /// <summary>Late steps that the gradient is averaged over, where a loss stands at every step.</summary>
    public const int LateSteps = 3;

    public TimeProfile?[]? Measure(Tape tape, Variable output, Variable loss)
    {
        if (layers.Count == 0) return null;
        List<RecurrentState>[] states = [.. layers.Select(layer => StatesOf(layer, tape))];
        int steps = states.Max(s => s.Count);
        if (steps == 0 || tape.Gradient(loss, output) is not { } gradient) return new TimeProfile?[layers.Count];
        bool isPerStep = output.Shape.Count == 3 && output.Shape[1] == steps;
        int[] late = isPerStep ? LateStepsOf(gradient) : [steps - 1];
        if (late.Length == 0) return new TimeProfile?[layers.Count];
        // A window's lags depend on where in it a step lies, so that only one step's can be shown.
        if (layers.Any(layer => layer.Window is not null)) late = late[..1];
        List<LagWalk[]> walks = [.. late.Select(last => Walk(
            tape, output, isPerStep ? AtStep(gradient, last) : gradient, states, last, lags: late[^1] + 1))];
        return [.. layers.Select((layer, i) => Profile(layer, states[i], late[0], [.. walks.Select(w => w[i])]))];
    }

    /// <summary>The last steps that a loss stands at, the latest first, close to each other.</summary>
    private static int[] LateStepsOf(Tensor gradient)
    {
        int latest = gradient.Shape[1] - 1;
        bool HasLoss(int step) => Kernels.MaxAbs(gradient.Slice(1, step, 1).Clone()) != 0;
        while (latest >= 0 && !HasLoss(latest)) latest--;
        return [.. Enumerable.Range(0, LateSteps).Select(i => latest - i).Where(step => step >= 0 && HasLoss(step))];
    }

    /// <summary>The states of a layer's last pass over a sequence, in the order of time.</summary>
    private static List<RecurrentState> StatesOf(Recurrent layer, Tape tape)
    {
        List<RecurrentState> states = [.. tape.States.Where(state => state.Layer == layer.Name)];
        return states[Math.Max(0, states.FindLastIndex(state => state.Step == 0))..];
    }

    /// <summary>The gradient at one time step of [n, T, …], zeros at all others: that step's loss alone.</summary>
    private static Tensor AtStep(Tensor gradient, int step)
    {
        Tensor seed = Tensor.Zeros(gradient.Shape, gradient.ElementType);
        Kernels.Copy(gradient.Slice(1, step, 1), seed.Slice(1, step, 1));
        return seed;
    }

    private static LagWalk[] Walk(
        Tape tape, Variable output, Tensor seed, List<RecurrentState>[] states, int last, int lags)
    {
        List<Variable> wanted = [];
        foreach (RecurrentState state in states.SelectMany(s => s.Take(last + 1)))
        {
            wanted.AddRange(state.Values);
            if (state.Preactivation is { } a) wanted.Add(a);
            if (state.Carried is { } carried) wanted.Add(carried);
        }
        double[] norms = tape.Log10GradientNorms(output, wanted, seed);
        var normOf = new Dictionary<Variable, double>();
        for (int i = 0; i < norms.Length; i++) normOf[wanted[i]] = norms[i];
        return [.. states.Select(s => LagWalk.Of(s, last, Math.Min(lags, Math.Min(last + 1, s.Count)), normOf))];
    }

    private static TimeProfile Profile(
        Recurrent layer, List<RecurrentState> states, int last, IReadOnlyList<LagWalk> walks)
    {
        int steps = states.Count, lags = walks[0].States.Length;
        double?[] norms = new double?[lags];
        for (int k = 0; k < lags; k++)
            if (last - k >= layer.WindowStart(last, steps)) norms[k] = walks.Average(walk => walk.States[k]);
        int end = Array.FindLastIndex(norms, norm => norm is { } n && double.IsFinite(n));
        double?[]? slopes = layer.Activation is { } activation
            ? [.. states.Select(s => SlopeRms(activation, s.Preactivation!.Value))]
            : null;
        double?[] rms = [.. states.Select(s => (double?)Rms(s.Values[0].Value))];
        var bare = new TimeProfile(norms, StateRms: rms, Slopes: slopes);
        if (end <= 0 || !norms.Take(end).All(n => n is { } x && double.IsFinite(x))) return bare;
        double total = (norms[end]!.Value - norms[0]!.Value) / end;
        double through = walks.Average(walk => walk.Between.Take(end).Sum()) / end;
        if (states[0].Carried is not null)
            return bare with { GateDecades = Finite(through), WeightDecades = Finite(total - through) };
        return layer.Activation is null
            ? bare with { WeightDecades = total }
            : bare with { ActivationDecades = Finite(through), WeightDecades = Finite(total - through) };
    }

    private static double? Finite(double x) => double.IsFinite(x) ? x : null;

    private static double Rms(Tensor h) => Math.Sqrt(Kernels.SumOfSquares(h) / h.Size);

    private static double? SlopeRms(Activation activation, Tensor a)
    {
        double[] values = a.ToDoubles();
        return Math.Sqrt(values.Average(x => activation.SlopeAt(x) * activation.SlopeAt(x)));
    }
}

/// <summary>One walk back in time: norms by lag, and what lies between one lag and the next.</summary>
/// <param name="States">log10 ‖∂L_τ/∂s_{τ−k}‖ by lag k.</param>
/// <param name="Between">
/// Decades from lag k on: those of the non-linearity's slope, or those that the gate alone hands to lag k+1.
/// </param>
internal readonly record struct LagWalk(double[] States, double[] Between)
{
    public static LagWalk Of(
        IReadOnlyList<RecurrentState> states, int last, int lags, IReadOnlyDictionary<Variable, double> normOf)
    {
        double[] norms = new double[lags], between = new double[lags];
        for (int k = 0; k < lags; k++) norms[k] = Joined(states[last - k].Values.Select(v => normOf[v]));
        for (int k = 0; k < lags; k++)
        {
            if (states[last - k].Preactivation is { } a) between[k] = normOf[a] - norms[k];
            else if (k + 1 < lags && states[last - k - 1].Carried is { } carried) between[k] = normOf[carried] - norms[k];
        }
        return new LagWalk(norms, between);
    }

    /// <summary>log10 of the norm of tensors taken together, from the logs of theirs.</summary>
    private static double Joined(IEnumerable<double> logs)
    {
        double[] all = [.. logs];
        double largest = all.Max();
        return double.IsFinite(largest)
            ? largest + Math.Log10(all.Sum(x => Math.Pow(10, 2 * (x - largest)))) / 2
            : largest;
    }
}
