namespace GradFlow.Runs.Tests;

/// <summary>Compares runs by all that they hold.</summary>
internal static class SameRun
{
    internal static void ShouldHoldTheSameAs(this Run actual, Run expected)
    {
        string actualJson = RunJson.Serialize(actual), expectedJson = RunJson.Serialize(expected);
        int common = actualJson.Zip(expectedJson).TakeWhile(pair => pair.First == pair.Second).Count();
        if (actualJson == expectedJson) return;
        int start = Math.Max(0, common - 40);
        string Near(string json) => json.Substring(start, Math.Min(80, json.Length - start));
        Assert.Fail($"expected … {Near(expectedJson)} …\nbut was  … {Near(actualJson)} …");
    }
}
