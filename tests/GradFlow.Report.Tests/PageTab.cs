using System.Collections.Concurrent;
using GradFlow.Runs;
using Microsoft.Playwright;

namespace GradFlow.Report.Tests;

/// <summary>A sample's page, opened from disk as a reader does, with everything that went wrong noted.</summary>
internal sealed class PageTab : IAsyncDisposable
{
    private readonly string _file;

    private PageTab(IPage page, string file) => (Page, _file) = (page, file);

    internal IPage Page { get; }

    /// <summary>Console errors, exceptions, and requests for anything but the file itself.</summary>
    internal ConcurrentQueue<string> Complaints { get; } = new();

    internal static async Task<PageTab> Open(Browser browser, string sample, int width = 1280, ColorScheme theme = ColorScheme.Light)
    {
        (Run run, Run? repaired) = SamplePages.Get(sample);
        string file = Path.Combine(Path.GetTempPath(), $"gradflow-page-{Guid.NewGuid():N}.html");
        ReportPage.Write(file, run, repaired);
        IPage page = await browser.OpenTab(width, 900, theme);
        var tab = new PageTab(page, file);
        tab.Listen();
        await page.GotoAsync(new Uri(file).AbsoluteUri);
        await page.WaitForSelectorAsync("main");
        // Pictures are drawn when they get their size, at the frame after that.
        await page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 150)))");
        return tab;
    }

    /// <summary>The number of colours in an element's picture, counted by the browser itself.</summary>
    internal async Task<int> CountColors(ILocator element)
    {
        string png = Convert.ToBase64String(await element.ScreenshotAsync());
        return await Page.EvaluateAsync<int>(
            """
            async png => {
              const image = new Image();
              image.src = "data:image/png;base64," + png;
              await image.decode();
              const canvas = Object.assign(document.createElement("canvas"), { width: image.width, height: image.height });
              const context = canvas.getContext("2d");
              context.drawImage(image, 0, 0);
              return new Set(new Uint32Array(context.getImageData(0, 0, image.width, image.height).data.buffer)).size;
            }
            """,
            png);
    }

    public async ValueTask DisposeAsync()
    {
        await Page.Context.DisposeAsync();
        File.Delete(_file);
    }

    private void Listen()
    {
        Page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning") Complaints.Enqueue($"console: {message.Text}");
        };
        Page.PageError += (_, error) => Complaints.Enqueue($"exception: {error}");
        Page.Dialog += (_, dialog) => Complaints.Enqueue($"dialog: {dialog.Message}");
        Page.Request += (_, request) =>
        {
            bool isOwn = request.Url.StartsWith("file:", StringComparison.Ordinal)
                && request.Url.EndsWith(Path.GetFileName(_file), StringComparison.Ordinal);
            bool isInline = request.Url.StartsWith("data:", StringComparison.Ordinal);
            if (!isOwn && !isInline) Complaints.Enqueue($"request: {request.Url}");
        };
    }
}
