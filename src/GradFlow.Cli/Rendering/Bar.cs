namespace GradFlow.Cli.Rendering;

/// <summary>A horizontal bar of text, an eighth of a cell fine.</summary>
internal static class Bar
{
    private const string Eighths = " ▏▎▍▌▋▊▉";

    /// <summary>The bar.</summary>
    /// <param name="share">How much of the width, from 0 to 1; beyond that it is full, and undefined is empty.</param>
    /// <param name="width">Cells.</param>
    public static string Of(double share, int width)
    {
        if (double.IsNaN(share)) return "";
        int eighths = (int)Math.Round(8 * width * Math.Clamp(share, 0, 1));
        return (new string('█', eighths / 8) + Eighths[eighths % 8]).TrimEnd();
    }
}
