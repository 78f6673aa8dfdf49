using System.Text.RegularExpressions;
using GradFlow.Runs;
using GradFlow.TestKit;
using Microsoft.Playwright;

namespace GradFlow.Report.Tests;

public sealed class TourPageTests(Browser browser) : IClassFixture<Browser>
{
    [Fact]
    public void The_page_holds_the_tour_s_records_and_no_run()
    {
        string page = TourPage.Render(SyntheticTour.Build());

        RunJson.Serialize(RunJson.Deserialize<Tour>(ScriptText(page, "tour")))
            .ShouldBe(RunJson.Serialize(SyntheticTour.Build()));
        ScriptText(page, "run").ShouldBeEmpty();
    }

    [Theory]
    [InlineData(1280, ColorScheme.Light)]
    [InlineData(1280, ColorScheme.Dark)]
    [InlineData(390, ColorScheme.Light)]
    public async Task Every_picture_is_drawn_and_every_line_named(int width, ColorScheme theme)
    {
        await using PageTab tab = await PageTab.Open(browser, WriteTour, width, theme);

        byte[] screenshot = await tab.Page.ScreenshotAsync(new() { FullPage = true });
        PageTab.Keep(screenshot, $"tour-{width}-{theme}".ToLowerInvariant());
        Dictionary<string, int> pictures = await tab.CountColors(screenshot);
        pictures.Count.ShouldBe(3);
        foreach ((string picture, int colors) in pictures) colors.ShouldBeGreaterThan(12, picture);
        TourLine[] named = [.. SyntheticTour.Build().Stops.SelectMany(stop => stop.Pictures)
            .SelectMany(picture => picture.Lines).Where(line => !line.IsForecast)];
        string[] names = [.. await tab.Page.Locator(".line-name").AllInnerTextsAsync()];
        names.Select(name => name.Split('\n')[0]).ShouldBe(named.Select(line => line.Name), ignoreOrder: true);
        (await tab.Overflow()).ShouldBe(0);
        tab.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task Names_do_not_lie_on_each_other()
    {
        await using PageTab tab = await PageTab.Open(browser, WriteTour);

        foreach (ILocator plot in await tab.Page.Locator(".plot").AllAsync())
        {
            var boxes = new List<LocatorBoundingBoxResult>();
            foreach (ILocator name in await plot.Locator(".line-name").AllAsync())
                boxes.Add((await name.BoundingBoxAsync())!);
            foreach ((LocatorBoundingBoxResult upper, LocatorBoundingBoxResult lower) in
                boxes.OrderBy(box => box.Y).Zip(boxes.OrderBy(box => box.Y).Skip(1)))
            {
                (upper.Y + upper.Height).ShouldBeLessThanOrEqualTo(lower.Y + 1);
            }
        }
    }

    [Fact]
    public async Task Pointing_and_arrow_keys_tell_exact_values()
    {
        await using PageTab tab = await PageTab.Open(browser, WriteTour);

        ILocator plot = tab.Page.Locator(".plot").First;
        await plot.HoverAsync();
        (await tab.Page.Locator(".tip").InnerTextAsync()).ShouldContain("forecast for gain 1.25");
        await plot.FocusAsync();
        for (int i = 0; i < 2; i++) await tab.Page.Keyboard.PressAsync("ArrowRight");
        (await tab.Page.Locator(".tip").InnerTextAsync()).ShouldContain("4 layers back");
        (await tab.Page.Locator(".tip").InnerTextAsync()).ShouldContain("10⁰·⁴");
    }

    private static void WriteTour(string path) => TourPage.Write(path, SyntheticTour.Build());

    private static string ScriptText(string page, string id)
    {
        string pattern = $"<script type=\"application/json\" id=\"{id}\">(.*?)</script>";
        return Regex.Match(page, pattern, RegexOptions.Singleline).Groups[1].Value;
    }
}
