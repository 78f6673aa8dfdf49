using GradFlow.Runs;

namespace GradFlow.Diagnosis.Lags;

/// <summary>
/// Says in plain words why one time step shrinks or enlarges what the state holds; every sentence begins with a space,
/// and none is there where nothing was measured.
/// </summary>
/// <param name="flow">The troubled flow.</param>
/// <param name="cause">The cause id of what is told.</param>
/// <param name="isByGates">Whether gates are named as the cause.</param>
internal sealed class StepWording(TimeFlow flow, string cause, bool isByGates)
{
    private readonly StepEffect _effect = flow.Judged.Step;

    /// <summary>What the matrix, the slopes or the gates show.</summary>
    public string Why => flow.Trouble switch
    {
        TimeTrouble.None or TimeTrouble.Cut => "",
        TimeTrouble.Explodes => Growth,
        _ when isByGates => Gate,
        _ => Decay,
    };

    /// <summary>What the training made of the recurrent weights; empty where that isn't what grows.</summary>
    public string Gain => flow.Trouble == TimeTrouble.Explodes && !isByGates
        && flow.Judged is { WeightDecades: > 0 and var decades, LastLag: var lags }
        ? $" There the recurrent weights have a gain of {InWords.Number(Math.Pow(10, decades))} per time step, which "
            + $"over {lags} steps comes to {InWords.Factor(decades * lags)}."
        : "";

    private string Decay => _effect.Radius switch
    {
        null => "",
        < 1 and var radius when cause == CauseIds.Recurrence =>
            $" The recurrent matrix contracts: its largest eigenvalue is {InWords.Number(radius)} in size, so that "
            + $"what the state holds fades even where {Passes}.",
        >= 1 and var radius when cause == CauseIds.Activation =>
            $" The recurrent matrix alone would hold it, with an eigenvalue of {InWords.Number(radius)} in size: it is "
            + $"the {InWords.Activation(flow.Judged.Layer.Activation)} that is saturated.",
        >= 1 and var radius =>
            $" The recurrent matrix has an eigenvalue of {InWords.Number(radius)} in size, which would hold something "
            + "in the long run; along the states that the net goes through it does not.",
        _ => "",
    };

    private string Passes => flow.Judged.Layer.Activation is { } type
        ? $"the {InWords.Activation(type)} lets all of it through"
        : "nothing else shrinks it";

    /// <summary>A gate that is to leave 1 % after as many steps must be open that far.</summary>
    private string Gate
    {
        get
        {
            if (_effect.CarryingGate is not { } gate) return "";
            string need = flow.IsNeedKnown
                ? $"; to keep 1 % over {flow.NeededLag} steps takes "
                    + InWords.Percent(Math.Pow(10, LagProfile.HorizonDecades / flow.NeededLag))
                : "";
            return $" The {gate.Gate} gate is {InWords.Percent(gate.Mean)} open on average{need}.";
        }
    }

    private string Growth
    {
        get
        {
            string matrix = _effect.Radius is > 1 and var radius && cause == CauseIds.Recurrence
                ? $" The recurrent matrix expands: its largest eigenvalue is {InWords.Number(radius)} in size."
                : "";
            return _effect.Lyapunov is > 0 and var exponent && double.IsFinite(exponent)
                ? matrix + $" Small differences of the state grow {InWords.Number(Math.Exp(exponent))} times in each "
                    + $"time step{(IsBounded ? ", which is chaos" : "")}."
                : matrix;
        }
    }

    /// <summary>
    /// Whether the states stay within bounds: where they don't, differences that grow are growth and no chaos.
    /// </summary>
    private bool IsBounded => flow.Judged.Layer is { Type: "lstm" or "gru" }
        or { Activation: "tanh" or "sigmoid" or "softsign" or "hard-tanh" };
}
