using GradFlow.Tensors;

namespace GradFlow.Experiments;

/// <summary>The standard toy sets in the plane; classes take turns, so that they are of equal size.</summary>
internal static class PlaneData
{
    private delegate (double X, double Y) Curve(int label, double along, double angle);

    public static (Dataset Train, Dataset Test) Draw(CirclesSpec spec, long seed) =>
        Draw(spec, seed, "circles", 2, spec.Noise, (label, _, angle) =>
            OnCircle(label == 0 ? 1 : spec.Factor, angle));

    public static (Dataset Train, Dataset Test) Draw(BlobsSpec spec, long seed) =>
        Draw(spec, seed, "blobs", spec.Classes, spec.Noise, (label, _, _) =>
            OnCircle(1, 2 * Math.PI * label / spec.Classes));

    public static (Dataset Train, Dataset Test) Draw(SpiralsSpec spec, long seed) =>
        Draw(spec, seed, "spirals", spec.Classes, spec.Noise, (label, along, _) =>
        {
            double radius = Math.Sqrt(along);
            return OnCircle(radius, 2 * Math.PI * ((spec.Turns * radius) + ((double)label / spec.Classes)));
        });

    private static (double X, double Y) OnCircle(double radius, double angle) =>
        (radius * Math.Cos(angle), radius * Math.Sin(angle));

    private static (Dataset Train, Dataset Test) Draw(
        PlaneDataSpec spec, long seed, string task, int classes, double noise, Curve curve)
    {
        int test = Math.Clamp((int)Math.Round(spec.Samples * spec.Test), 1, spec.Samples - 2);
        return (Points(new RandomKey(seed, task, "train"), spec.Samples - test),
            Points(new RandomKey(seed, task, "test"), test));

        Dataset Points(RandomKey key, int count)
        {
            float[] inputs = new float[2 * count];
            int[] labels = new int[count];
            for (int i = 0; i < count; i++)
            {
                RandomKey point = key.At(i);
                labels[i] = i % classes;
                (double x, double y) = curve(labels[i], point.Uniform(0), 2 * Math.PI * point.Uniform(1));
                inputs[2 * i] = (float)(x + (noise * point.Normal(2)));
                inputs[(2 * i) + 1] = (float)(y + (noise * point.Normal(3)));
            }

            return Dataset.ForClasses(inputs, [2], labels, classes);
        }
    }
}
