using System.Text.RegularExpressions;
using GradFlow.Runs;
using GradFlow.TestKit;

namespace GradFlow.Report.Tests;

public sealed class ReportPageTests
{
    [Fact]
    public void The_page_holds_the_run_s_records()
    {
        Run run = SyntheticRepair.Sick();

        Run read = RunJson.Deserialize<Run>(ScriptText(ReportPage.Render(run, SyntheticRepair.Repaired()), "run"));

        read.Header.Name.ShouldBe("deep-sigmoid");
        read.Steps.ShouldBe(run.Steps);
        read.Diagnosis!.Verdict.Sentence.ShouldBe(run.Diagnosis!.Verdict.Sentence);
    }

    [Fact]
    public void Without_a_repaired_run_its_place_stays_empty() =>
        ScriptText(ReportPage.Render(SyntheticRepair.Sick()), "repaired").ShouldBeEmpty();

    [Fact]
    public void A_name_cannot_end_the_element_that_holds_it()
    {
        string page = ReportPage.Render(SamplePages.Get("hostile").Run);

        page.ShouldNotContain("<b id=injected");
        RunJson.Deserialize<Run>(ScriptText(page, "run")).Header.Name.ShouldBe(SamplePages.HostileName);
    }

    [Theory]
    [InlineData("repaired")]
    [InlineData("thousand-layers")]
    public void The_page_stays_small_enough_to_send(string sample)
    {
        (Run run, Run? repaired) = SamplePages.Get(sample);

        ReportPage.Render(run, repaired).Length.ShouldBeLessThan(3_500_000);
    }

    [Fact]
    public void Writing_replaces_an_earlier_page_and_leaves_nothing_else()
    {
        string folder = Directory.CreateTempSubdirectory("gradflow-report-").FullName;
        string path = Path.Combine(folder, "inside", "report.html");
        try
        {
            ReportPage.Write(path, SyntheticRepair.Sick("first"));
            ReportPage.Write(path, SyntheticRepair.Sick("second"));

            File.ReadAllText(path).ShouldBe(ReportPage.Render(SyntheticRepair.Sick("second")));
            Directory.GetFileSystemEntries(Path.GetDirectoryName(path)!).ShouldBe([path]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string ScriptText(string page, string id)
    {
        string pattern = $"<script type=\"application/json\" id=\"{id}\">(.*?)</script>";
        return Regex.Match(page, pattern, RegexOptions.Singleline).Groups[1].Value;
    }
}
