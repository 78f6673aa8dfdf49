using GradFlow.Tensors;

namespace GradFlow.Experiments;

/// <summary>Reads a folder with MNIST's files: the sets <c>train-*</c> and <c>t10k-*</c>, or one of them.</summary>
internal static class IdxFolder
{
    private const int Classes = 10;

    public static (Dataset Train, Dataset Test) Load(IdxDataSpec spec, string folder)
    {
        if (!Directory.Exists(folder))
            throw Bad(folder, "no such folder; expected one with MNIST's IDX files");
        Dataset? train = ReadSet(folder, "train", spec.Scale), test = ReadSet(folder, "t10k", spec.Scale);
        if (train is not null && test is not null && !train.InputShape.SequenceEqual(test.InputShape))
            throw Bad(folder, "holds train-* and t10k-* images of different sizes");
        return (train, test) switch
        {
            (null, null) => throw Bad(
                folder, "holds no MNIST files; expected train-images-idx3-ubyte and train-labels-idx1-ubyte "
                + "(or t10k-…), plain or .gz"),
            (not null, not null) => (
                Take(folder, train, 0, spec.Train ?? train.Count), Take(folder, test, 0, spec.Test ?? test.Count)),
            _ => Split(folder, (train ?? test)!, spec),
        };
    }

    private static (Dataset Train, Dataset Test) Split(string folder, Dataset all, IdxDataSpec spec)
    {
        int test = spec.Test ?? (spec.Train is { } asked ? all.Count - asked : all.Count / 5);
        int train = spec.Train ?? (all.Count - test);
        if (test < 1 || train < 2 || (long)train + test > all.Count)
            throw Bad(folder, $"holds {Words.Count(all.Count, "image")} in one set; "
                + $"expected enough for {train:N0} to train on and {Math.Max(test, 1):N0} to test on");
        return (Take(folder, all, 0, train), Take(folder, all, train, test));
    }

    /// <summary>
    /// Some rows in a random order that is the same for every seed: another seed's test data must not be trained on.
    /// </summary>
    private static Dataset Take(string folder, Dataset all, int first, int count)
    {
        if (count < 2 || count > all.Count)
            throw Bad(folder, $"holds {Words.Count(all.Count, "image")} in a set; "
                + $"expected at least {Math.Max(count, 2):N0}");
        int[] order = new RandomKey(0, "file split").Permutation(all.Count);
        return all.Select(order.AsSpan(first, count));
    }

    private static Dataset? ReadSet(string folder, string set, ImageScaling scale)
    {
        string? images = Find(folder, set + "-images", "idx3-ubyte");
        string? labels = Find(folder, set + "-labels", "idx1-ubyte");
        if (images is null && labels is null)
            return null;
        if (images is null || labels is null)
            throw Bad(folder, $"holds {Path.GetFileName(images ?? labels)} alone; expected {set}-images and "
                + $"{set}-labels");

        (byte[] pixels, int count, int height, int width) = IdxFile.ReadImages(images);
        byte[] classes = IdxFile.ReadLabels(labels);
        if (classes.Length != count)
            throw Bad(labels, $"holds {Words.Count(classes.Length, "label")} for "
                + $"{Words.Count(count, "image")}; expected as many");
        int wrong = Array.FindIndex(classes, label => label >= Classes);
        if (wrong >= 0)
            throw Bad(labels, $"label {classes[wrong]} of image {wrong:N0} is out of range; expected 0 to "
                + $"{Classes - 1}");
        float white = scale == ImageScaling.None ? 1 : 255;
        return Dataset.ForClasses(
            Array.ConvertAll(pixels, pixel => pixel / white), [1, height, width],
            Array.ConvertAll(classes, c => (int)c), Classes);
    }

    private static string? Find(string folder, string stem, string kind) =>
        new[] { $"{stem}-{kind}", $"{stem}.{kind}", $"{stem}-{kind}.gz", $"{stem}.{kind}.gz" }
            .Select(name => Path.Combine(folder, name))
            .FirstOrDefault(System.IO.File.Exists);

    private static InvalidExperimentException Bad(string path, string problem) => new(path, null, problem);
}
