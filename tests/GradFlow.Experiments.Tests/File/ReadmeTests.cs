using GradFlow.TestKit;

namespace GradFlow.Experiments.Tests;

public sealed class ReadmeTests
{
    [Fact]
    public void The_readmes_experiment_is_one()
    {
        string readme = File.ReadAllText(RepositoryFiles.At("README.md"));
        string yaml = readme.Split("```yaml")[1].Split("```")[0];
        ExperimentFile.Parse(yaml, "README.md").Name.ShouldBe("deep-sigmoid");
    }
}
