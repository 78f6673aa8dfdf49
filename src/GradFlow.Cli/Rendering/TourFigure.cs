using GradFlow.Runs;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace GradFlow.Cli.Rendering;

/// <summary>What <c>tour</c> shows.</summary>
internal static class TourFigure
{
    private const int Gap = 4, WidthForTwo = 108;

    /// <summary>Shows it.</summary>
    /// <param name="console">Where.</param>
    /// <param name="tour">The tour.</param>
    /// <param name="page">The page's path.</param>
    public static void Write(IAnsiConsole console, Tour tour, string page)
    {
        var figure = new Figure(console);
        figure.AddTitle(
            "A tour of vanishing and exploding gradients", $"seed {tour.Seed}",
            "measured in " + Numbers.Duration(TimeSpan.FromSeconds(tour.Seconds)));
        for (int i = 0; i < tour.Stops.Count; i++) Add(figure, i + 1, tour.Stops[i]);
        figure.AddPlaces(("the same as a page", page));
    }

    private static void Add(Figure figure, int number, TourStop stop)
    {
        figure.Add($"{number}  {stop.Title}", null, new Text(Unbroken.Of(stop.Idea), Palette.Quiet));
        foreach (IRenderable row in PictureRows(stop.Pictures, figure.Width)) figure.Add(null, null, row);
        figure.Add(null, null, new Text(Unbroken.Of(string.Join(' ', stop.Sentences))));
        var deeper = new Grid()
            .AddColumn(new GridColumn().NoWrap().PadLeft(0).PadRight(Figure.ColumnGap))
            .AddColumn(new GridColumn().PadLeft(0).PadRight(0));
        deeper.AddRow(new Text("go deeper", Palette.Quiet), new Text(stop.Deeper, Palette.Accent));
        deeper.AddRow(Text.Empty, new Text(stop.DeeperShows, Palette.Quiet));
        figure.Add(null, null, deeper);
    }

    private static IEnumerable<IRenderable> PictureRows(IReadOnlyList<TourPicture> pictures, int width)
    {
        if (pictures.Count == 1 || width < WidthForTwo) return pictures.Select(picture => Titled(picture, width));
        int half = (width - Gap) / 2;
        return pictures.Chunk(2).Select(pair =>
        {
            var grid = new Grid();
            for (int i = 0; i < pair.Length; i++)
                grid.AddColumn(new GridColumn { Width = half }.PadLeft(0).PadRight(i == 0 ? Gap : 0));
            return grid.AddRow([.. pair.Select(picture => Titled(picture, half))]);
        });
    }

    private static Rows Titled(TourPicture picture, int width) =>
        new(new Text(Unbroken.Of(picture.Title), Palette.Strong), LineChart.Of(picture, width));
}
