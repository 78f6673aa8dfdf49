namespace GradFlow.Experiments.Tests;

/// <summary>What the tests of single tasks share.</summary>
internal static class LiteratureTasks
{
    public static Dataset TrainOf(DataSpec spec) => TaskData.Load(spec, ".", 5, 0.1).Train;

    /// <summary>One sample's time steps.</summary>
    public static float[][] StepsOf(Dataset data, int row) =>
        [.. data.Inputs.AsSpan(row * data.Features, data.Features).ToArray().Chunk(data.InputShape[1])];

    /// <summary>The numbers of one-hot symbols.</summary>
    public static int[] SymbolsOf(Dataset data, int row) => [.. StepsOf(data, row).Select(NumberOf)];

    private static int NumberOf(float[] step)
    {
        step.Count(x => x == 1).ShouldBe(1);
        step.Count(x => x == 0).ShouldBe(step.Length - 1);
        return Array.IndexOf(step, 1);
    }
}
