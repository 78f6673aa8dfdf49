using Microsoft.Playwright;

namespace GradFlow.Report.Tests;

/// <summary>A browser that all page tests share; absent where none is installed.</summary>
public sealed class Browser : IAsyncLifetime
{
    private static readonly string[] Places =
        ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    private static readonly string[] Flags =
    [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
        "--disable-sync",
    ];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>Starts the browser, if there is one.</summary>
    public async ValueTask InitializeAsync()
    {
        string? path = Environment.GetEnvironmentVariable("CHROMIUM") ?? Places.FirstOrDefault(File.Exists);
        if (path is null) return;
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = path, Args = Flags });
    }

    /// <summary>An empty tab of a size and theme; skips the test where there is no browser, except in CI.</summary>
    public async Task<IPage> OpenTab(int width, int height, ColorScheme theme, bool reducedMotion)
    {
        if (_browser is null)
        {
            if (Environment.GetEnvironmentVariable("CI") == "true")
                Assert.Fail("CI needs a browser: apt-get install chromium.");
            Assert.Skip("No browser: install chromium, or name one in the environment variable CHROMIUM.");
        }
        IBrowserContext context = await _browser.NewContextAsync(new()
        {
            ViewportSize = new() { Width = width, Height = height },
            ColorScheme = theme,
            DeviceScaleFactor = width < 500 ? 2 : 1,
            ReducedMotion = reducedMotion ? ReducedMotion.Reduce : ReducedMotion.NoPreference,
        });
        return await context.NewPageAsync();
    }

    /// <summary>Ends the browser.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
    }
}
