using System.Buffers.Binary;
using System.IO.Compression;
using GradFlow.TestKit;

namespace GradFlow.Experiments.Tests;

public sealed class IdxTests
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    [Fact]
    public void Two_sets_are_train_and_test_and_one_is_split()
    {
        WriteSet("t10k", 50);
        DataSplits split = Load(new MnistSpec { Path = ".", Train = 30, Test = 20 });
        WriteSet("train", 40, zipped: true);
        DataSplits both = Load(new MnistSpec { Path = "." });

        (split.Train.Count, split.Validation.Count, split.Test!.Count).ShouldBe((24, 6, 20));
        Brightness(split).Count().ShouldBe(50);
        (both.Train.Count + both.Validation.Count, both.Test!.Count).ShouldBe((40, 50));
        both.Train.InputShape.ShouldBe([1, 2, 3]);
    }

    [Fact]
    public void A_split_set_has_the_same_test_images_for_every_seed()
    {
        WriteSet("train", 50);
        MnistSpec spec = new() { Path = "." };

        DataSplits one = TaskData.Load(spec, _folder, 1, 0.2), two = TaskData.Load(spec, _folder, 2, 0.2);

        one.Test!.Count.ShouldBe(10);
        two.Test!.Inputs.ShouldBe(one.Test.Inputs);
        two.Validation.Inputs.ShouldNotBe(one.Validation.Inputs);
    }

    [Fact]
    public void Pixels_are_scaled_as_asked_and_stay_with_their_labels()
    {
        WriteSet("train", 50);

        Dataset unit = Load(new MnistSpec { Path = "." }).Train;
        Dataset raw = Load(new MnistSpec { Path = ".", Scale = ImageScaling.None }).Train;
        Dataset standard = Load(new MnistSpec { Path = ".", Scale = ImageScaling.Standard }).Train;

        for (int i = 0; i < raw.Count; i++)
            (raw.Inputs[i * 6] % 10).ShouldBe(raw.Labels![i]);
        unit.Inputs.ShouldBe(raw.Inputs.Select(x => x / 255));
        standard.Inputs.Average(x => (double)x * x).ShouldBe(1, 1e-5);
    }

    [Fact]
    public void Rows_and_pixels_are_read_in_their_order()
    {
        WriteSet("train", 50);

        Dataset images = Load(new MnistSpec { Path = "." }).Train;
        Dataset rows = Load(new RowMnistSpec { Path = "." }).Train;
        Dataset pixels = Load(new PixelMnistSpec { Path = "." }).Train;

        rows.InputShape.ShouldBe([2, 3]);
        pixels.InputShape.ShouldBe([6, 1]);
        rows.Inputs.ShouldBe(images.Inputs);
        pixels.Inputs.ShouldBe(images.Inputs);
        pixels.Labels.ShouldBe(images.Labels);
        Load(new RowMnistSpec { Path = ".", Scale = ImageScaling.Standard }).Train.Inputs.Average().ShouldBe(0, 1e-5f);
    }

    [Fact]
    public void Permuted_pixels_are_in_one_other_order_whatever_the_seed()
    {
        Write(
            "train-images-idx3-ubyte",
            [.. Header(0x803, 20, 2, 3), .. Enumerable.Range(0, 120).Select(i => (byte)i)]);
        Write("train-labels-idx1-ubyte", Labels(20));
        PixelMnistSpec spec = new() { Path = ".", Permute = true };

        float[][] plain = [.. Load(spec with { Permute = false }).Train.Inputs.Chunk(6)];
        float[][] permuted = [.. Load(spec).Train.Inputs.Chunk(6)];

        int[] order = [.. permuted[0].Select(x => Array.IndexOf(plain[0], x))];
        order.Order().ShouldBe(Enumerable.Range(0, 6));
        order.ShouldNotBe(Enumerable.Range(0, 6));
        for (int i = 0; i < plain.Length; i++) permuted[i].ShouldBe(order.Select(t => plain[i][t]));
        TaskData.Load(spec, _folder, 99, 0.2).Test!.Inputs.ShouldBe(Load(spec).Test!.Inputs);
    }

    [Fact]
    public void Pooled_pixels_are_means_of_squares_that_the_image_parts_into()
    {
        float[] image = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];
        Write("train-images-idx3-ubyte", [.. Header(0x803, 20, 4, 4), .. Enumerable.Repeat(image, 20).SelectMany(
            pixels => pixels.Select(x => (byte)x))]);
        Write("train-labels-idx1-ubyte", Labels(20));
        PixelMnistSpec spec = new() { Path = ".", Pool = 2, Scale = ImageScaling.None };

        Dataset pooled = Load(spec).Train;

        pooled.InputShape.ShouldBe([4, 1]);
        pooled.Inputs[..4].ShouldBe([3.5f, 5.5f, 11.5f, 13.5f]);
        Message(spec with { Pool = 3 }).ShouldEndWith(
            "holds images of 4×4 pixels, which don't part into squares of 'pool: 3'; expected a divisor of both");
    }

    [Fact]
    public void Too_few_images_are_an_error()
    {
        WriteSet("t10k", 50);

        Message(new MnistSpec { Path = ".", Train = 45, Test = 20 }).ShouldEndWith(
            "holds 50 images in one set; expected enough for 45 to train on and 20 to test on");
        Message(new MnistSpec { Path = ".", Train = 50 }).ShouldEndWith(
            "holds 50 images in one set; expected enough for 50 to train on and 1 to test on");
        WriteSet("train", 20);
        Message(new MnistSpec { Path = ".", Train = 30 }).ShouldEndWith(
            "holds 20 images in a set; expected at least 30");
    }

    [Fact]
    public void A_folder_without_a_whole_set_is_an_error()
    {
        Message(new MnistSpec { Path = "none" }).ShouldEndWith(
            "none: no such folder; expected one with MNIST's IDX files");
        Message(new MnistSpec { Path = "." }).ShouldEndWith(
            "holds no MNIST files; expected train-images-idx3-ubyte and train-labels-idx1-ubyte (or t10k-…), "
            + "plain or .gz");
        Write("train-images-idx3-ubyte", Images(20));
        Message(new MnistSpec { Path = "." }).ShouldEndWith(
            "holds train-images-idx3-ubyte alone; expected train-images and train-labels");
    }

    public static TheoryData<string, byte[], string> BadImages => new()
    {
        { "", [], "is empty, or a device or pipe; expected an IDX file of images" },
        { "", Images(20)[..10], "ends within its header; expected an IDX file of images" },
        {
            "", Images(20)[..100],
            "is truncated: its header claims 20 images (120 bytes), but 84 bytes follow"
        },
        { "", [.. Images(20), 1], "is longer than its header claims: 20 images (120 bytes)" },
        { "", Labels(20), "begins with 0x00000801; expected 0x00000803, an IDX file of images" },
        {
            "", [.. Header(0x803, 2_000_000_000, 28, 28)],
            "claims 2,000,000,000 images of 28×28 pixels; expected at least one, up to 1024×1024 pixels and "
                + "268,435,456 bytes in all"
        },
        {
            "", [.. Header(0x803, -1, 28, 28)],
            "claims 4,294,967,295 images of 28×28 pixels; expected at least one, up to 1024×1024 pixels and "
                + "268,435,456 bytes in all"
        },
        {
            "", [.. Header(0x803, 1, 2000, 28)],
            "claims 1 image of 2,000×28 pixels; expected at least one, up to 1024×1024 pixels and "
                + "268,435,456 bytes in all"
        },
        { "", Images(1)[..^5], "is truncated: its header claims 1 image (6 bytes), but 1 byte follows" },
        { ".gz", Images(20), "is not a whole gzip file; download it again" },
        {
            ".gz", Zip(Images(20))[..^12],
            "is truncated: its header claims 20 images (120 bytes), but"
        },
    };

    [Theory]
    [MemberData(nameof(BadImages))]
    public void Broken_image_files_are_named(string ending, byte[] content, string expected)
    {
        Write("train-images-idx3-ubyte" + ending, content);
        Write("train-labels-idx1-ubyte", Labels(20));

        Message(new MnistSpec { Path = "." }).ShouldContain("train-images-idx3-ubyte" + ending + ": " + expected);
    }

    [Fact]
    public void Broken_label_files_are_named()
    {
        Write("train-images-idx3-ubyte", Images(20));
        Write("train-labels-idx1-ubyte", Labels(19));
        Message(new MnistSpec { Path = "." }).ShouldEndWith("holds 19 labels for 20 images; expected as many");

        byte[] wrong = Labels(20);
        wrong[8 + 5] = 10;
        Write("train-labels-idx1-ubyte", wrong);
        Message(new MnistSpec { Path = "." }).ShouldEndWith("label 10 of image 5 is out of range; expected 0 to 9");
    }

    [Fact]
    public void Impossible_counts_of_labels_are_named_as_claimed()
    {
        Write("train-images-idx3-ubyte", Images(20));
        Write("train-labels-idx1-ubyte", Header(0x801, -1));

        Message(new MnistSpec { Path = "." }).ShouldEndWith(
            "claims 4,294,967,295 labels; expected at least one, up to 268,435,456");
    }

    [Fact]
    public void Devices_are_refused_unopened()
    {
        Assert.SkipUnless(System.IO.File.Exists("/dev/zero"), "the system has no /dev/zero");
        Write("train-images-idx3-ubyte", Images(20));
        System.IO.File.CreateSymbolicLink(Path.Combine(_folder, "train-labels-idx1-ubyte"), "/dev/zero");

        Message(new MnistSpec { Path = "." }).ShouldEndWith(
            "train-labels-idx1-ubyte: is empty, or a device or pipe; expected an IDX file of labels");
    }

    [Fact]
    public void The_real_images_are_read()
    {
        string folder = Path.Combine(RepositoryFiles.SharedData, "mnist-t10k");
        Assert.SkipUnless(Directory.Exists(folder), "the folder shared/data/mnist-t10k is not there");

        DataSplits digits = TaskData.Load(new MnistSpec { Path = folder, Train = 8000, Test = 2000 }, ".", 1, 0.1);

        (digits.Train.Count, digits.Validation.Count, digits.Test!.Count).ShouldBe((7200, 800, 2000));
        digits.Train.InputShape.ShouldBe([1, 28, 28]);
        digits.Train.Inputs.Average(x => (double)x).ShouldBe(0.13, 0.005);
    }

    private DataSplits Load(DataSpec spec) => TaskData.Load(spec, _folder, 1, 0.2);

    private string Message(DataSpec spec) => Should.Throw<InvalidExperimentException>(() => Load(spec)).Message;

    private static IEnumerable<float> Brightness(DataSplits s) =>
        new[] { s.Train, s.Validation, s.Test! }.SelectMany(d => d.Inputs.Chunk(6).Select(x => x[0])).Distinct();

    private void WriteSet(string set, int count, bool zipped = false)
    {
        string ending = zipped ? ".gz" : "";
        Write($"{set}-images-idx3-ubyte{ending}", zipped ? Zip(Images(count)) : Images(count));
        Write($"{set}-labels-idx1-ubyte{ending}", zipped ? Zip(Labels(count)) : Labels(count));
    }

    private void Write(string name, byte[] content) =>
        System.IO.File.WriteAllBytes(Path.Combine(_folder, name), content);

    /// <summary>2×3 images of one brightness, whose last decimal is their label.</summary>
    private static byte[] Images(int count) =>
        [.. Header(0x803, count, 2, 3), .. Enumerable.Range(0, count).SelectMany(i => Enumerable.Repeat((byte)i, 6))];

    private static byte[] Labels(int count) =>
        [.. Header(0x801, count), .. Enumerable.Range(0, count).Select(i => (byte)(i % 10))];

    private static byte[] Header(params int[] words)
    {
        byte[] bytes = new byte[4 * words.Length];
        for (int i = 0; i < words.Length; i++)
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4 * i), words[i]);
        return bytes;
    }

    private static byte[] Zip(byte[] content)
    {
        using MemoryStream zipped = new();
        using (GZipStream stream = new(zipped, CompressionLevel.NoCompression))
            stream.Write(content);
        return zipped.ToArray();
    }
}
