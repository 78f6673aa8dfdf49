using GradFlow.Runs;
using GradFlow.TestKit;
using Microsoft.Playwright;

namespace GradFlow.Report.Tests;

public sealed class PageInBrowserTests(Browser browser) : IClassFixture<Browser>
{
    private const int Desk = 1280;
    private const int Phone = 390;

    [Theory]
    [InlineData("repaired", Desk, ColorScheme.Light, 4)]
    [InlineData("repaired", Desk, ColorScheme.Dark, 4)]
    [InlineData("repaired", Phone, ColorScheme.Light, 4)]
    [InlineData("repaired", Phone, ColorScheme.Dark, 4)]
    [InlineData("healthy", Desk, ColorScheme.Light, 4)]
    [InlineData("exploding", Desk, ColorScheme.Light, 4)]
    [InlineData("exploding", Phone, ColorScheme.Dark, 4)]
    [InlineData("losses-only", Desk, ColorScheme.Light, 1)]
    [InlineData("losses-only", Phone, ColorScheme.Dark, 1)]
    [InlineData("nothing", Desk, ColorScheme.Light, 0)]
    [InlineData("fitted", Desk, ColorScheme.Light, 0)]
    [InlineData("thousand-layers", Desk, ColorScheme.Light, 4)]
    [InlineData("exact-zeros", Desk, ColorScheme.Light, 4)]
    [InlineData("residual", Desk, ColorScheme.Dark, 4)]
    [InlineData("hostile", Phone, ColorScheme.Light, 4)]
    [InlineData("forgets", Desk, ColorScheme.Light, 5)]
    [InlineData("forgets", Desk, ColorScheme.Dark, 5)]
    [InlineData("forgets", Phone, ColorScheme.Light, 5)]
    [InlineData("forgets", Phone, ColorScheme.Dark, 5)]
    [InlineData("explodes-in-time", Desk, ColorScheme.Light, 5)]
    [InlineData("truncated", Desk, ColorScheme.Light, 4)]
    [InlineData("truncated", Phone, ColorScheme.Dark, 4)]
    [InlineData("three-recurrent-layers", Desk, ColorScheme.Light, 11)]
    [InlineData("three-recurrent-layers", Phone, ColorScheme.Light, 11)]
    [InlineData("lags-only", Desk, ColorScheme.Light, 3)]
    [InlineData("no-lags", Desk, ColorScheme.Light, 4)]
    public async Task Every_picture_is_drawn_without_an_error(string sample, int width, ColorScheme theme, int pictures)
    {
        await using PageTab tab = await PageTab.Open(browser, sample, width, theme);

        ILocator plots = tab.Page.Locator("main > section:not(.trials) .plot");
        (await plots.CountAsync()).ShouldBe(pictures);
        byte[] screenshot = await tab.Page.ScreenshotAsync(new() { FullPage = true });
        PageTab.Keep(screenshot, $"{sample}-{width}-{theme}".ToLowerInvariant());
        foreach ((string picture, int colors) in await tab.CountColors(screenshot))
            colors.ShouldBeGreaterThan(12, picture);
        (await tab.Overflow()).ShouldBe(0);
        tab.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_net_that_nothing_trained_is_shown_by_its_scores_alone()
    {
        await using PageTab tab = await PageTab.Open(browser, "fitted");

        (await tab.Page.GetByLabel("Scores", new() { Exact = true }).InnerTextAsync()).ShouldContain("89\u202f%");
        string[] ofTrainings = ["Gradient against depth", "Gradient through time", "Training", "Attribution"];
        foreach (string absent in ofTrainings)
            (await tab.Page.GetByLabel(absent, new() { Exact = true }).CountAsync()).ShouldBe(0, absent);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    public async Task A_forecast_is_named_where_it_is_a_line(int layers, int lines)
    {
        Run run = SyntheticRepair.Sick();
        double?[] known = [.. run.Forecast!.CutNorms];
        int[] outputs = [.. known.Index().Where(cut => run.Header.Structure.Cuts[cut.Index].IsLayerOutput)
            .Select(cut => cut.Index).TakeLast(layers)];
        Run covered = run with
        {
            Forecast = run.Forecast with
            {
                CutNorms = [.. known.Select((norm, cut) => outputs.Contains(cut) ? norm : null)],
            },
        };
        await using PageTab tab = await PageTab.Open(browser, path => ReportPage.Write(path, covered, repaired: null));

        ILocator depth = tab.Page.GetByLabel("Gradient against depth and time", new() { Exact = true });
        (await depth.Locator(".curve-name", new() { HasText = "forecast" }).CountAsync()).ShouldBe(lines);
        (await depth.Locator(".key .entry", new() { HasText = "forecast" }).CountAsync()).ShouldBe(lines);
    }

    [Fact]
    public async Task A_hostile_name_stays_text()
    {
        await using PageTab tab = await PageTab.Open(browser, "hostile");

        (await tab.Page.Locator("#injected").CountAsync()).ShouldBe(0);
        (await tab.Page.Locator(".meta strong").InnerTextAsync()).ShouldBe(SamplePages.HostileName);
        await tab.Page.Locator(".plot").First.HoverAsync();
        (await tab.Page.Locator(".tip").InnerTextAsync()).ShouldContain(SamplePages.HostileName);
        (await tab.Page.Locator("#injected").CountAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Hovering_tells_the_layer_s_norm_and_a_click_pins_it_in_every_picture()
    {
        await using PageTab tab = await PageTab.Open(browser, "repaired");

        await tab.Page.Locator(".plot").First.ClickAsync();
        (await tab.Page.Locator(".tip").InnerTextAsync()).ShouldContain("forecast");
        (await tab.Page.Locator(".band.pin:not([hidden])").CountAsync()).ShouldBe(3);
        (await tab.Page.Locator(".layer-panel").InnerTextAsync()).ShouldContain("gradient norm, step 0");

        await tab.Page.Keyboard.PressAsync("Escape");
        (await tab.Page.Locator(".band.pin:not([hidden])").CountAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Pointing_at_a_step_in_the_map_marks_it_over_time_and_shows_its_profile_over_depth()
    {
        await using PageTab tab = await PageTab.Open(browser, "repaired");

        await tab.Page.Locator(".plot").Nth(1).HoverAsync();
        (await tab.Page.Locator(".hair:not([hidden])").CountAsync()).ShouldBe(2);
        await tab.Page.WaitForFunctionAsync(
            """
            () => {
              const accent = getComputedStyle(document.documentElement).getPropertyValue("--accent").trim();
              return [...document.querySelector(".plot").querySelectorAll("path")].some(path =>
                path.getAttribute("stroke") === accent && path.getAttribute("d").length > 20);
            }
            """);
    }

    [Fact]
    public async Task Zooming_into_the_training_zooms_the_map_of_layers()
    {
        await using PageTab tab = await PageTab.Open(browser, "repaired");
        ILocator map = tab.Page.Locator(".plot").Nth(1), training = tab.Page.Locator(".plot").Nth(2);

        await map.HoverAsync();
        string whole = await tab.Page.Locator(".tip").InnerTextAsync();
        await training.HoverAsync(new() { Position = new() { X = 100, Y = 80 } });
        await tab.Page.Keyboard.DownAsync("Control");
        for (int i = 0; i < 8; i++) await tab.Page.Mouse.WheelAsync(0, -200);
        await tab.Page.Keyboard.UpAsync("Control");
        await map.HoverAsync();
        (await tab.Page.Locator(".tip").InnerTextAsync()).ShouldNotBe(whole);
    }

    [Fact]
    public async Task The_steps_can_be_played_unless_the_reader_prefers_stillness()
    {
        await using PageTab still = await PageTab.Open(browser, "repaired");
        (await still.Page.Locator(".play").CountAsync()).ShouldBe(0);

        await using PageTab moving = await PageTab.Open(browser, "repaired", reducedMotion: false);
        await moving.Page.Locator(".play").ClickAsync();
        await moving.Page.Locator(".hair:not([hidden])").First.WaitForAsync();
        moving.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task On_paper_the_page_is_light_whatever_the_theme()
    {
        await using PageTab tab = await PageTab.Open(browser, "repaired", theme: ColorScheme.Dark);

        string dark = await Background(tab.Page);
        await tab.Page.EvaluateAsync("() => dispatchEvent(new Event('beforeprint'))");
        (await Background(tab.Page)).ShouldNotBe(dark);
        await tab.Page.EvaluateAsync("() => dispatchEvent(new Event('afterprint'))");
        (await Background(tab.Page)).ShouldBe(dark);
    }

    [Fact]
    public async Task Arrow_keys_walk_through_the_layers()
    {
        await using PageTab tab = await PageTab.Open(browser, "repaired");

        await tab.Page.Locator(".plot").First.FocusAsync();
        await tab.Page.Keyboard.PressAsync("ArrowRight");
        await tab.Page.Keyboard.PressAsync("ArrowRight");
        await tab.Page.Keyboard.PressAsync("Enter");
        (await tab.Page.Locator(".layer-panel strong").InnerTextAsync()).ShouldBe("Layer 2 · 3.linear");
    }

    [Fact]
    public async Task The_theme_can_be_switched()
    {
        await using PageTab tab = await PageTab.Open(browser, "repaired");

        string light = await Background(tab.Page);
        await tab.Page.GetByTitle("Light or dark").ClickAsync();
        (await Background(tab.Page)).ShouldNotBe(light);
        tab.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_records_can_be_downloaded()
    {
        await using PageTab tab = await PageTab.Open(browser, "repaired");

        IDownload download = await tab.Page.RunAndWaitForDownloadAsync(
            () => tab.Page.GetByLabel("Download the records as JSON").ClickAsync());
        download.SuggestedFilename.ShouldBe("deep-sigmoid.json");
        using var json = System.Text.Json.JsonDocument.Parse(await File.ReadAllTextAsync(await download.PathAsync()));
        json.RootElement.GetProperty("run").GetProperty("steps").GetArrayLength().ShouldBe(300);
        json.RootElement.GetProperty("repaired").GetProperty("frames").GetArrayLength().ShouldBe(15);
    }

    private static Task<string> Background(IPage page) =>
        page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor");
}
