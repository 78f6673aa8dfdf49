using GradFlow.Tensors;

namespace GradFlow.Experiments;

/// <summary>
/// Draws handwriting-like digits: a glyph's points are moved by a smooth random warp and a random slant, turn, size and
/// place, joined by smooth curves and drawn with a pen of random width.
/// </summary>
internal static class Strokes
{
    public static (Dataset Train, Dataset Test) Draw(StrokesSpec spec, long seed) =>
        (Draw(spec, new RandomKey(seed, "strokes", "train"), spec.Train),
            Draw(spec, new RandomKey(seed, "strokes", "test"), spec.Test));

    private static Dataset Draw(StrokesSpec spec, RandomKey key, int count)
    {
        int pixels = spec.Size * spec.Size;
        float[] inputs = new float[count * pixels];
        int[] labels = new int[count];
        Parallel.For(0, count, i =>
        {
            labels[i] = i % spec.Classes;
            DrawDigit(spec, labels[i], key.At(i), inputs.AsSpan(i * pixels, pixels));
        });
        return Dataset.ForClasses(inputs, [1, spec.Size, spec.Size], labels, spec.Classes);
    }

    private static void DrawDigit(StrokesSpec spec, int digit, RandomKey key, Span<float> image)
    {
        (double X, double Y)[][][] ways = Glyphs.Digits[digit];
        Hand hand = new(key.At(1), spec.Variation);
        Pen pen = new(image, spec.Size, hand.Width * spec.Size);
        foreach ((double X, double Y)[] stroke in ways[key.Integer(0, ways.Length)])
        {
            (double X, double Y)[] points = Array.ConvertAll(stroke, hand.Move);
            pen.DrawCurve(points);
        }

        RandomKey noise = key.At(2);
        float white = spec.Scale == ImageScaling.None ? 255 : 1;
        for (int p = 0; p < image.Length; p++)
        {
            double ink = (image[p] * hand.Ink) + (spec.Noise == 0 ? 0 : spec.Noise * noise.Normal(p));
            image[p] = white * (float)Math.Clamp(ink, 0, 1);
        }
    }

    /// <summary>One writing of a digit: where its points go, how wide and how dark the pen draws.</summary>
    private sealed class Hand
    {
        private const int Grid = 3;

        private readonly double[] _warp = new double[2 * Grid * Grid];
        private readonly double _slant, _cos, _sin, _scaleX, _scaleY, _shiftX, _shiftY;

        public Hand(RandomKey key, double variation)
        {
            double turn = 0.12 * variation * key.Normal(0);
            (_sin, _cos) = Math.SinCos(turn);
            _slant = 0.18 * variation * key.Normal(1);
            double size = 0.84 * Math.Exp(0.09 * variation * Bounded(key.Normal(2)));
            double aspect = Math.Exp(0.10 * variation * Bounded(key.Normal(3)));
            (_scaleX, _scaleY) = (size * aspect, size / aspect);
            (_shiftX, _shiftY) = (0.035 * variation * key.Normal(4), 0.035 * variation * key.Normal(5));
            Width = 0.095 * Math.Exp(0.25 * Math.Min(variation, 1) * Bounded(key.Normal(6)));
            Ink = 1 - (0.3 * Math.Min(variation, 1) * key.Uniform(7));
            for (int i = 0; i < _warp.Length; i++)
                _warp[i] = 0.055 * variation * key.Normal(8 + i);
        }

        /// <summary>The pen's width as a share of the image's side.</summary>
        public double Width { get; }

        /// <summary>The brightness of full ink, at most 1.</summary>
        public double Ink { get; }

        public (double X, double Y) Move((double X, double Y) point)
        {
            double x = point.X - 0.5 + Warp(point, 0), y = point.Y - 0.5 + Warp(point, 1);
            (x, y) = (_scaleX * (x - (_slant * y)), _scaleY * y);
            return (0.5 + _shiftX + (_cos * x) - (_sin * y), 0.5 + _shiftY + (_sin * x) + (_cos * y));
        }

        /// <summary>Bilinear between the warp's grid points, so that neighbours move together.</summary>
        private double Warp((double X, double Y) point, int axis)
        {
            double x = point.X * (Grid - 1), y = point.Y * (Grid - 1);
            int i = Math.Clamp((int)x, 0, Grid - 2), j = Math.Clamp((int)y, 0, Grid - 2);
            double u = x - i, v = y - j;
            return ((1 - v) * (((1 - u) * At(i, j)) + (u * At(i + 1, j))))
                + (v * (((1 - u) * At(i, j + 1)) + (u * At(i + 1, j + 1))));

            double At(int column, int row) => _warp[(((row * Grid) + column) * 2) + axis];
        }

        private static double Bounded(double normal) => Math.Clamp(normal, -2.5, 2.5);
    }
}
