using GradFlow.Runs;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace GradFlow.Cli.Rendering;

/// <summary>What <c>tour</c> shows: a title, then stop by stop, then where the page is.</summary>
internal sealed class TourFigure
{
    private const int Gap = 4, WidthForTwo = 108;

    private readonly Figure _figure;
    private int _stops;

    /// <summary>Shows the title.</summary>
    /// <param name="console">Where.</param>
    /// <param name="seed">What everything random is drawn from.</param>
    public TourFigure(IAnsiConsole console, long seed)
    {
        _figure = new Figure(console);
        _figure.AddTitle("A tour of vanishing and exploding gradients", $"seed {seed}", "measured while you wait");
    }

    /// <summary>Shows the next stop.</summary>
    public void Add(TourStop stop)
    {
        _figure.Add($"{++_stops}  {stop.Title}", null, new Text(Unbroken.Of(stop.Idea), Palette.Quiet));
        foreach (IRenderable row in PictureRows(stop.Pictures, _figure.Width)) _figure.Add(null, null, row);
        _figure.Add(null, null, new Text(Unbroken.Of(string.Join(' ', stop.Sentences))));
        var deeper = new Grid()
            .AddColumn(new GridColumn().NoWrap().PadLeft(0).PadRight(Figure.ColumnGap))
            .AddColumn(new GridColumn().PadLeft(0).PadRight(0));
        deeper.AddRow(new Text("go deeper", Palette.Quiet), new Text(stop.Deeper, Palette.Accent));
        deeper.AddRow(Text.Empty, new Text(stop.DeeperShows, Palette.Quiet));
        _figure.Add(null, null, deeper);
    }

    /// <summary>Shows how long it took, and where the page is.</summary>
    public void End(Tour tour, string page) => _figure.AddPlaces(
        ("measured in", Numbers.Duration(TimeSpan.FromSeconds(tour.Seconds))), ("the same as a page", page));

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
