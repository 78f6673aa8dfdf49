using GradFlow.Runs;

namespace GradFlow.Report;

/// <summary>The page of a tour: one HTML file that reads as an article and asks no network for anything.</summary>
public static class TourPage
{
    /// <summary>Renders the page of a tour.</summary>
    /// <param name="tour">The tour.</param>
    /// <returns>The HTML document.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="tour"/> is null.</exception>
    public static string Render(Tour tour)
    {
        ArgumentNullException.ThrowIfNull(tour);
        return PageFile.Fill(PageFile.ReadTemplate(), "tour", RunJson.Serialize(tour));
    }

    /// <summary>Writes the page of a tour. The file appears whole or not at all.</summary>
    /// <param name="path">Where to; folders that are missing are made.</param>
    /// <param name="tour">The tour.</param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is empty.</exception>
    /// <exception cref="IOException">The file can't be written.</exception>
    public static void Write(string path, Tour tour)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        PageFile.Write(path, Render(tour));
    }
}
