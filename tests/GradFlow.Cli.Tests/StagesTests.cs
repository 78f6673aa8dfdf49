using GradFlow.Cli.Rendering;
using GradFlow.Repair;
using GradFlow.Runs;
using GradFlow.TestKit;
using Spectre.Console;

namespace GradFlow.Cli.Tests;

public sealed class StagesTests
{
    [Theory]
    [InlineData(80)]
    [InlineData(120)]
    public void What_is_told_above_the_bars_keeps_nothing_of_them(int width)
    {
        var screen = new Screen();
        var terminal = Terminal.Animated(screen, width);
        Stages.Follow(terminal, default, progress => Tell(terminal.Reading, progress));
        screen.ToString().ShouldContain('━');
        var plain = new StringWriter();
        IAnsiConsole console = Terminal.Plain(plain, TextWriter.Null).People;
        console.Profile.Width = width;
        Tell(console, null);
        string[] expected = plain.ToString().ReplaceLineEndings("\n").TrimEnd().Split('\n');
        string.Join('\n', screen.Lines).TrimEnd().Split('\n').ShouldBe(expected);
    }

    private static bool Tell(IAnsiConsole console, IProgress<DoctorProgress>? progress)
    {
        progress?.Report(new DoctorProgress("training the nets of the tour", "", 0.2));
        var figure = new TourFigure(console, 1);
        foreach (TourStop stop in SyntheticTour.Build().Stops)
        {
            figure.Add(stop);
            progress?.Report(new DoctorProgress("training the nets of the tour", "", 0.6));
        }
        return true;
    }
}
