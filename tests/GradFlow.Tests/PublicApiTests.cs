namespace GradFlow.Tests;

public sealed class PublicApiTests
{
    /// <summary>Whoever changes the surface changes the file, with GRADFLOW_ACCEPT=1, and a reviewer sees it.</summary>
    [Fact]
    public void The_public_surface_is_the_reviewed_one()
    {
        string path = Path.Combine(Guide.Root, "tests", "GradFlow.Tests", "PublicApi", "GradFlow.txt");
        string present = PublicApi.Of(typeof(GradientWatch).Assembly);
        if (Environment.GetEnvironmentVariable("GRADFLOW_ACCEPT") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, present);
        }
        present.ShouldBe(File.ReadAllText(path));
    }
}
