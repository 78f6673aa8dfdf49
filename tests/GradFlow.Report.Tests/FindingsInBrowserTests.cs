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

    [Theory]
    [InlineData("orderShare", 5.47e-8, "5.5·10⁻⁸")]
    [InlineData("orderShare", 0.0002, "0.02\u202f%")]
    [InlineData("orderShare", 0, "0\u202f%")]
    [InlineData("lift", 0.618, "61.8\u202f%")]
    public async Task A_share_is_in_per_cent_unless_that_would_round_it_to_nothing(
        string name, double value, string expected)
    {
        await using PageTab tab = await Open(CauseIds.Attention, "positions", new() { [name] = value });

        (await tab.Page.Locator(".evidence td").InnerTextAsync()).ShouldBe(expected);
    }

    [Fact]
    public async Task Lift_is_put_into_words()
    {
        await using PageTab tab = await Open(CauseIds.Attention, "positions", new() { ["lift"] = 0.6 });

        (await tab.Page.Locator(".evidence th").InnerTextAsync()).ShouldBe("accuracy's way from a guess to perfect");
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
