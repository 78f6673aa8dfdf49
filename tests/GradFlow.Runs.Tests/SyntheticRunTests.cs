using GradFlow.TestKit;

namespace GradFlow.Runs.Tests;

public sealed class SyntheticRunTests
{
    [Fact]
    public void Parts_of_a_link_sum_to_the_difference_of_its_cuts()
    {
        Run run = new SyntheticRun { Depth = 5 }.Build();
        Frame frame = run.Frames[0];
        for (int link = 0; link < run.Header.Structure.Links.Count; link++)
        {
            double gain = frame.CutNorms![link]!.Value - frame.CutNorms[link + 1]!.Value;
            double parts = run.Header.Structure.Parts
                .Select((part, i) => part.Link == link ? frame.PartGains![i]!.Value : 0).Sum();
            parts.ShouldBe(gain, 1e-12);
        }
    }
}
