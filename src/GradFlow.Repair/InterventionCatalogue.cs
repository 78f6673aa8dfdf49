namespace GradFlow.Repair;

/// <summary>All interventions, a file each under Interventions; of a cause's, the first that applies is made.</summary>
internal static class InterventionCatalogue
{
    public static IReadOnlyList<Intervention> All { get; } =
    [
        new TakeOffActivations(), new RescaleWeights(), new ScaleBranches(), new TakeOffNormalization(),
        new HalveDepth(), new StandardizeInputs(), new LowerRate(), new GiveLogits(),
    ];
}
