namespace GradFlow.Companion.Tests;

/// <summary>The companion's own tests, which are Python.</summary>
public sealed class CompanionTests
{
    [Fact]
    public void What_the_companion_promises_holds()
    {
        Python.Require();
        (int exitCode, string output) = Python.Run("-m", "unittest", "discover", "-s", "tests");
        exitCode.ShouldBe(0, output);
        output.ShouldContain("OK");
        output.ShouldNotContain("Ran 0 tests");
    }
}
