namespace GradFlow.Experiments;

/// <summary>Draws anti-aliased curves into a square image; where they overlap, the darker ink stays.</summary>
internal readonly ref struct Pen(Span<float> image, int size, double width)
{
    private const int PiecesPerSpan = 4;

    private readonly Span<float> _image = image;
    private readonly double _reach = (width / 2) + 0.5;

    /// <summary>A Catmull–Rom curve through points of the unit square (Catmull &amp; Rom 1974); closed where first and
    /// last point are the same.</summary>
    public void DrawCurve(ReadOnlySpan<(double X, double Y)> points)
    {
        int last = points.Length - 1;
        bool closed = last > 1 && points[0] == points[last];
        for (int i = 0; i < last; i++)
        {
            (double X, double Y) before = points[i > 0 ? i - 1 : closed ? last - 1 : 0];
            (double X, double Y) after = points[i + 2 <= last ? i + 2 : closed ? 1 : last];
            DrawSpan(before, points[i], points[i + 1], after);
        }
    }

    private void DrawSpan(
        (double X, double Y) p0, (double X, double Y) p1, (double X, double Y) p2, (double X, double Y) p3)
    {
        (double X, double Y) from = p1;
        for (int piece = 1; piece <= PiecesPerSpan; piece++)
        {
            double t = (double)piece / PiecesPerSpan;
            (double X, double Y) to = (Spline(p0.X, p1.X, p2.X, p3.X, t), Spline(p0.Y, p1.Y, p2.Y, p3.Y, t));
            DrawLine(from.X * size, from.Y * size, to.X * size, to.Y * size);
            from = to;
        }
    }

    private static double Spline(double p0, double p1, double p2, double p3, double t) => 0.5 * ((2 * p1)
        + (t * (p2 - p0 + (t * ((2 * p0) - (5 * p1) + (4 * p2) - p3 + (t * ((3 * (p1 - p2)) + p3 - p0)))))));

    private void DrawLine(double x0, double y0, double x1, double y1)
    {
        double dx = x1 - x0, dy = y1 - y0, squared = (dx * dx) + (dy * dy);
        int top = Math.Max(0, (int)(Math.Min(y0, y1) - _reach)), left = Math.Max(0, (int)(Math.Min(x0, x1) - _reach));
        int bottom = Math.Min(size - 1, (int)(Math.Max(y0, y1) + _reach));
        int right = Math.Min(size - 1, (int)(Math.Max(x0, x1) + _reach));
        for (int row = top; row <= bottom; row++)
        {
            for (int column = left; column <= right; column++)
            {
                double px = column + 0.5 - x0, py = row + 0.5 - y0;
                double along = squared == 0 ? 0 : Math.Clamp(((px * dx) + (py * dy)) / squared, 0, 1);
                double ex = px - (along * dx), ey = py - (along * dy);
                float ink = (float)Math.Clamp(_reach - Math.Sqrt((ex * ex) + (ey * ey)), 0, 1);
                ref float pixel = ref _image[(row * size) + column];
                pixel = Math.Max(pixel, ink);
            }
        }
    }
}
