using System.Xml.Linq;
using GradFlow.Runs;
using GradFlow.TestKit;

namespace GradFlow.Report.Tests;

public sealed class PictureFileTests
{
    private static readonly TourPicture[] Pictures = [.. SyntheticTour.Build().Stops.SelectMany(stop => stop.Pictures)];

    [Fact]
    public void A_picture_holds_every_line_and_names_the_measured_ones()
    {
        foreach (TourPicture picture in Pictures)
        {
            XElement[] parts = [.. XDocument.Parse(PictureFile.Render(picture)).Descendants()];
            string[] texts = [.. parts.Where(part => part.Name.LocalName == "text").Select(part => part.Value)];
            texts.ShouldContain(picture.Title);
            foreach (TourLine line in picture.Lines) texts.Contains(line.Name).ShouldBe(!line.IsForecast, line.Name);
            string[] paths = [.. parts.Select(part => (string?)part.Attribute("class") ?? "")];
            paths.Count(style => style.StartsWith("forecast", StringComparison.Ordinal))
                .ShouldBe(picture.Lines.Count(line => line.IsForecast));
        }
    }

    [Fact]
    public void A_training_that_broke_ends_in_a_cross()
    {
        static int Crosses(TourPicture picture) => PictureFile.Render(picture).Split("m-5 -5l10 10").Length - 1;
        Crosses(Pictures.Single(picture => picture.Id == "loss")).ShouldBe(1);
        Crosses(Pictures.Single(picture => picture.Id == "regimes")).ShouldBe(0);
    }

    [Fact]
    public void Names_keep_a_line_s_distance_inside_the_picture()
    {
        foreach (TourPicture picture in Pictures)
        {
            double[] rows = [.. XDocument.Parse(PictureFile.Render(picture)).Descendants()
                .Where(part => ((string?)part.Attribute("class") ?? "").Split(' ')[0] is "name" or "note")
                .Select(part => (double)part.Attribute("y")!).Order()];
            rows.Zip(rows.Skip(1), (upper, lower) => lower - upper).ShouldAllBe(gap => gap >= 16.9);
            rows.ShouldAllBe(row => row > 60 && row < 350);
        }
    }

    [Fact]
    public void A_hostile_name_stays_text()
    {
        TourPicture hostile = Pictures[0] with { Title = SamplePages.HostileName };
        XDocument.Parse(PictureFile.Render(hostile)).Descendants().ShouldNotContain(part => part.Name.LocalName == "b");
    }
}
