namespace GradFlow.Repair;

/// <summary>
/// All interventions, a file each under Interventions; of a cause's, one after the other is made until one confirms it.
/// </summary>
internal static class InterventionCatalogue
{
    public static IReadOnlyList<Intervention> All { get; } =
    [
        new TakeOffActivations(), new TakeOffSlopes(), new RescaleWeights(), new ScaleBranches(),
        new TakeOffNormalization(), new OpenGates(), new RescaleRecurrence(), new LengthenTimeConstants(),
        new LengthenReservoir(), new TakeOutTruncation(), new TakeOutWindows(), new CutDepth(),
        new StandardizeInputs(), new GiveLogits(), new TakeOffPenalties(), new TakeOffDecay(),
        new TakeOffClipping(), new WidenClipping(),
        new ChangeRate(0.1), new ChangeRate(10), new ChangeRate(0.01), new ChangeRate(1000), new ChangeRate(0.001),
        new ChangeRate(1e5),
    ];
}
