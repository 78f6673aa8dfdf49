using GradFlow.Tensors;

namespace GradFlow.Experiments;

/// <summary>Reads images [1, height, width] as sequences.</summary>
internal static class ImageSequences
{
    /// <summary>A row at each time step: [height, width].</summary>
    public static (Dataset Train, Dataset Test) LoadRows(RowMnistSpec spec, string folder) =>
        Reshaped(IdxFolder.Load(spec, folder), images => (images.Inputs, images.InputShape[1..]));

    /// <summary>A pixel, or the mean of some, at each time step: [pixels, 1].</summary>
    /// <exception cref="InvalidExperimentException">Images don't part into squares of that size.</exception>
    public static (Dataset Train, Dataset Test) LoadPixels(PixelMnistSpec spec, string folder)
    {
        (Dataset Train, Dataset Test) images = IdxFolder.Load(spec, folder);
        (int height, int width) = (images.Train.InputShape[1], images.Train.InputShape[2]);
        if (height % spec.Pool != 0 || width % spec.Pool != 0)
            throw new InvalidExperimentException(
                folder, null, $"holds images of {height}×{width} pixels, which don't part into squares of 'pool: "
                    + $"{spec.Pool}'; expected a divisor of both");
        int pixels = height * width / (spec.Pool * spec.Pool);
        int[] order = spec.Permute
            ? new RandomKey(0, "pixel order").Permutation(pixels)
            : [.. Enumerable.Range(0, pixels)];
        return Reshaped(images, part => (Ordered(Pooled(part, spec.Pool), order), [pixels, 1]));
    }

    private static (Dataset Train, Dataset Test) Reshaped(
        (Dataset Train, Dataset Test) images, Func<Dataset, (float[] Inputs, int[] Shape)> reshape)
    {
        Dataset Of(Dataset part)
        {
            (float[] inputs, int[] shape) = reshape(part);
            return Dataset.ForClasses(inputs, shape, part.Labels!, part.Classes);
        }

        return (Of(images.Train), Of(images.Test));
    }

    /// <summary>The means of squares, row by row.</summary>
    private static float[] Pooled(Dataset images, int side)
    {
        if (side == 1) return images.Inputs;
        (int height, int width) = (images.InputShape[1] / side, images.InputShape[2] / side);
        float[] pooled = new float[images.Count * height * width];
        for (int i = 0; i < images.Inputs.Length; i++)
        {
            int image = i / images.Features, row = i % images.Features / images.InputShape[2];
            int column = i % images.InputShape[2];
            pooled[(((image * height) + (row / side)) * width) + (column / side)] += images.Inputs[i] / (side * side);
        }

        return pooled;
    }

    private static float[] Ordered(float[] inputs, int[] order)
    {
        float[] ordered = new float[inputs.Length];
        for (int first = 0; first < inputs.Length; first += order.Length)
            for (int t = 0; t < order.Length; t++) ordered[first + t] = inputs[first + order[t]];
        return ordered;
    }
}
