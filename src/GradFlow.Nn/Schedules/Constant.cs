namespace GradFlow.Nn;

/// <summary>The same rate all along.</summary>
public sealed class Constant : Schedule
{
    private protected override double FactorAt(int step) => 1;
}
