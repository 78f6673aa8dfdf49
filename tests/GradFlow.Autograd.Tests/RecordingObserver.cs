namespace GradFlow.Autograd.Tests;

/// <summary>Writes down what a tape shows, in order, with copies of the numbers.</summary>
internal sealed class RecordingObserver : ITapeObserver
{
    public List<(string Event, Variable Variable)> Events { get; } = [];

    public List<(Variable Consumer, int Input, Cotangent Share)> Contributions { get; } = [];

    public Dictionary<Variable, Cotangent> Completed { get; } = [];

    public void Recorded(Variable result) => Events.Add(("recorded", result));

    public void Contributed(Variable consumer, int input, Cotangent share)
    {
        Events.Add(("contributed", consumer.Inputs[input]));
        Contributions.Add((consumer, input, Copy(share)));
    }

    void ITapeObserver.Completed(Variable variable, Cotangent cotangent)
    {
        Events.Add(("completed", variable));
        Completed[variable] = Copy(cotangent);
    }

    private static Cotangent Copy(Cotangent cotangent) => cotangent with { Mantissa = cotangent.Mantissa.Clone() };
}
