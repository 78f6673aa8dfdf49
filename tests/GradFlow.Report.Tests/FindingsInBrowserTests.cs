using GradFlow.Runs;
using GradFlow.TestKit;

namespace GradFlow.Report.Tests;

/// <summary>What the page says of findings.</summary>
public sealed class FindingsInBrowserTests(Browser browser) : IClassFixture<Browser>
{
    [Theory]
    [InlineData("drop-decay", "The optimiser's weight decay")]
    [InlineData("drop-penalty", "The penalty on the weights")]
    [InlineData("fix-output", "What is minimised, or an output that doesn't fit it")]
    public async Task A_cause_that_several_share_is_named_by_what_is_to_be_taken_off(string remedy, string expected)
    {
        await using PageTab tab = await Open(CauseIds.LossOrOutput, remedy, []);

        (await tab.Page.Locator(".facts dd").First.InnerTextAsync()).ShouldBe(expected);
    }

    private Task<PageTab> Open(string cause, string remedy, Dictionary<string, double> evidence)
    {
        var finding = new Finding(
            RuleIds.NoLearning, cause, Severity.Critical, null, 0, evidence, "It stays at a guess.", [remedy]);
        Run run = SyntheticRepair.Sick() with
        {
            Diagnosis = new DiagnosisResult(new Verdict(VerdictKind.Sick, "It learns nothing.", []), [finding], []),
        };
        return PageTab.Open(browser, path => ReportPage.Write(path, run, repaired: null));
    }
}
