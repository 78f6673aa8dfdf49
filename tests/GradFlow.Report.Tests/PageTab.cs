using System.Collections.Concurrent;
using GradFlow.Runs;
using GradFlow.TestKit;
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

    internal static Task<PageTab> Open(
        Browser browser,
        string sample,
        int width = 1280,
        ColorScheme theme = ColorScheme.Light,
        bool reducedMotion = true)
    {
        (Run run, Run? repaired) = SamplePages.Get(sample);
        return Open(browser, path => ReportPage.Write(path, run, repaired), width, theme, reducedMotion);
    }

    internal static async Task<PageTab> Open(
        Browser browser,
        Action<string> write,
        int width = 1280,
        ColorScheme theme = ColorScheme.Light,
        bool reducedMotion = true)
    {
        string file = Path.Combine(Path.GetTempPath(), $"gradflow-page-{Guid.NewGuid():N}.html");
        write(file);
        IPage page = await browser.OpenTab(width, 900, theme, reducedMotion);
        var tab = new PageTab(page, file);
        tab.Listen();
        await page.GotoAsync(new Uri(file).AbsoluteUri);
        await page.WaitForSelectorAsync("main");
        // Pictures are drawn when they get their size, at the frame after that.
        await page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 150)))");
        return tab;
    }

    /// <summary>Keeps a screenshot beside the other build output, for people to look at.</summary>
    internal static void Keep(byte[] screenshot, string name)
    {
        string pages = Directory.CreateDirectory(RepositoryFiles.At("artifacts", "pages")).FullName;
        File.WriteAllBytes(Path.Combine(pages, $"{name}.png"), screenshot);
    }

    /// <summary>How many colours each picture shows, by its description; counted by the browser itself.</summary>
    /// <param name="screenshot">A screenshot of the whole page.</param>
    internal Task<Dictionary<string, int>> CountColors(byte[] screenshot) =>
        Page.EvaluateAsync<Dictionary<string, int>>(
            """
            async png => {
              const image = new Image();
              image.src = "data:image/png;base64," + png;
              await image.decode();
              const size = { width: image.width, height: image.height };
              const canvas = Object.assign(document.createElement("canvas"), size);
              const context = canvas.getContext("2d", { willReadFrequently: true });
              context.drawImage(image, 0, 0);
              const scale = image.width / document.documentElement.clientWidth;
              const colors = {};
              document.querySelectorAll(".plot").forEach((plot, i) => {
                const box = plot.getBoundingClientRect();
                const at = [box.x + scrollX, box.y + scrollY, box.width, box.height].map(v => Math.round(v * scale));
                const pixels = new Uint32Array(context.getImageData(...at).data.buffer);
                colors[`${i}: ${plot.getAttribute("aria-label")}`] = new Set(pixels).size;
              });
              return colors;
            }
            """,
            Convert.ToBase64String(screenshot));

    /// <summary>Pixels by which the page is wider than its window.</summary>
    internal Task<int> Overflow() =>
        Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth");

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
