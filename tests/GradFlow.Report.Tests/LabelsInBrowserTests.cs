namespace GradFlow.Report.Tests;

/// <summary>Texts in pictures stand where numbers put them; nothing may lie on anything there.</summary>
public sealed class LabelsInBrowserTests(Browser browser) : IClassFixture<Browser>
{
    private const int Desk = 1280;
    private const int Phone = 390;

    /// <summary>Texts of pictures that lie on another text of it, or reach out of it.</summary>
    private const string Overprints =
        """
        () => [...document.querySelectorAll(".plot")].flatMap(plot => {
            const boxOf = element => {
                const { left, top, right, bottom } = element.getBoundingClientRect();
                const isName = element.classList.contains("curve-name");
                return { text: element.textContent, isName, left, top, right, bottom };
            };
            const frame = boxOf(plot), name = plot.getAttribute("aria-label");
            const texts = [...plot.querySelectorAll("text, .curve-name, .line-name, .cut-off span")]
                .map(boxOf).filter(box => box.text.trim() && box.right > box.left);
            const isOut = box => box.left < frame.left - 1 || box.right > frame.right + 1
                || box.top < frame.top - 1 || box.bottom > frame.bottom + 1;
            // A line of text has air above and below its letters; two names side by side need some between them.
            const most = (a, b) => a.isName && b.isName ? -8 : 1;
            const meet = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > most(a, b)
                && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 2;
            return [
                ...texts.filter(isOut).map(box => `${name}: '${box.text}' reaches out`),
                ...texts.flatMap((a, i) => texts.slice(i + 1).filter(b => meet(a, b))
                    .map(b => `${name}: '${a.text}' on '${b.text}'`)),
            ];
        })
        """;

    /// <summary>Names of lines and levels that a line of their picture runs through.</summary>
    private const string Crossed =
        """
        () => [...document.querySelectorAll(".plot")].flatMap(plot => {
            // What is long and no hairline of the axes is a line of data.
            const lines = [...plot.querySelectorAll("path[fill=none]")]
                .filter(path => path.getTotalLength() > 60 && path.getBBox().height > 4);
            const isOn = (box, path) => {
                const toScreen = path.getScreenCTM();
                for (let at = 0; at <= path.getTotalLength(); at += 2) {
                    const { x, y } = path.getPointAtLength(at).matrixTransform(toScreen);
                    if (x > box.left && x < box.right && y > box.top + 1 && y < box.bottom - 1) return true;
                }
                return false;
            };
            return [...plot.querySelectorAll(".curve-name")]
                .filter(name => lines.some(line => isOn(name.getBoundingClientRect(), line)))
                .map(name => `${plot.getAttribute("aria-label")}: '${name.textContent}'`);
        })
        """;

    public static TheoryData<string, int> Pages()
    {
        var pages = new TheoryData<string, int>();
        foreach (string sample in SamplePages.Names)
            foreach (int width in new[] { Desk, Phone }) pages.Add(sample, width);
        return pages;
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task No_text_of_a_picture_lies_on_another_or_on_a_line_or_reaches_out_of_it(string sample, int width)
    {
        await using PageTab tab = await PageTab.Open(browser, sample, width);

        (await tab.Page.EvaluateAsync<string[]>(Overprints)).ShouldBeEmpty();
        (await tab.Page.EvaluateAsync<string[]>(Crossed)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("repaired", "constant prediction|chance|forecast|repaired|step 280")]
    [InlineData("alike", "constant prediction|chance|repaired|step 240")]
    [InlineData("exploding", "NaN from step 51|constant prediction|chance|step 48")]
    [InlineData("forgets", "the answer needs 40|the answer needs 40|forecast|constant prediction|chance")]
    public async Task Lines_and_levels_are_named(string sample, string names)
    {
        await using PageTab tab = await PageTab.Open(browser, sample);

        string[] drawn = [.. await tab.Page.Locator(".curve-name").AllInnerTextsAsync()];
        foreach (IGrouping<string, string> name in names.Split('|').GroupBy(name => name))
            drawn.Count(text => text == name.Key).ShouldBe(name.Count(), $"{name.Key} among {string.Join('|', drawn)}");
    }

    [Fact]
    public async Task A_name_that_is_moved_onto_another_or_onto_a_line_is_found()
    {
        await using PageTab tab = await PageTab.Open(browser, "repaired");

        await tab.Page.EvaluateAsync(
            """
            () => {
                const [first, second] = document.querySelectorAll(".curve-name");
                first.style.left = second.style.left;
                first.style.top = second.style.top;
                const third = document.querySelectorAll(".curve-name")[2];
                third.style.top = `${parseFloat(third.style.top) + third.offsetHeight}px`;
            }
            """);
        (await tab.Page.EvaluateAsync<string[]>(Overprints)).Length.ShouldBe(1);
        (await tab.Page.EvaluateAsync<string[]>(Crossed)).Length.ShouldBe(1);
    }
}
