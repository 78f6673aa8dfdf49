namespace GradFlow.Experiments.Tests;

public sealed class DrawnTaskTests
{
    public static TheoryData<DataSpec> Drawn =>
    [
        .. OfEqualClasses,
        new AgreementSpec { Train = 60, Test = 30 },
        new ReverseSpec { Train = 60, Test = 30 },
        new AddingSpec { Train = 60, Test = 30 },
        new MultiplicationSpec { Train = 60, Test = 30 },
        new CopySpec { Train = 60, Test = 30 },
        new LagSpec { Train = 60, Test = 30, Variant = LagVariant.Random },
        new LagSpec { Train = 60, Test = 30, Variant = LagVariant.Open },
        new MackeyGlassSpec { Train = 60, Test = 30 },
        new Narma10Spec { Train = 60, Test = 30 },
    ];

    public static TheoryData<DataSpec> OfEqualClasses =>
    [
        new StrokesSpec { Train = 60, Test = 30 },
        new CirclesSpec { Samples = 60 },
        new BlobsSpec { Samples = 60 },
        new SpiralsSpec { Samples = 60, Classes = 3 },
        new LatchSpec { Train = 60, Test = 30 },
        new TemporalOrderSpec { Train = 60, Test = 30 },
    ];

    [Theory]
    [MemberData(nameof(Drawn))]
    public void A_seed_always_draws_the_same_and_another_seed_something_else(DataSpec spec)
    {
        DataSplits one = Load(spec, 7), again = Load(spec, 7), other = Load(spec, 8);

        again.Train.Inputs.ShouldBe(one.Train.Inputs);
        again.Train.Labels.ShouldBe(one.Train.Labels);
        again.Validation.Inputs.ShouldBe(one.Validation.Inputs);
        again.Test!.Inputs.ShouldBe(one.Test!.Inputs);
        other.Train.Inputs.ShouldNotBe(one.Train.Inputs);
        other.Test!.Inputs.ShouldNotBe(one.Test.Inputs);
    }

    [Theory]
    [MemberData(nameof(Drawn))]
    public void No_sample_is_in_two_splits(DataSpec spec)
    {
        DataSplits splits = Load(spec, 3);

        Dataset[] all = [splits.Train, splits.Validation, splits.Test!];
        all.Sum(d => d.Count).ShouldBe(all.SelectMany(Rows).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(OfEqualClasses))]
    public void Classes_are_of_nearly_equal_size(DataSpec spec)
    {
        DataSplits splits = Load(spec, 3);

        int[] counts = [.. splits.Train.Labels!.Concat(splits.Validation.Labels!).CountBy(c => c).Select(c => c.Value)];
        counts.Length.ShouldBe(splits.Train.Classes);
        (counts.Max() - counts.Min()).ShouldBeLessThanOrEqualTo(1);
    }

    [Fact]
    public void More_strokes_begin_with_the_same_images()
    {
        Dataset few = Load(new StrokesSpec { Train = 20, Test = 10 }, 1).Test!;
        Dataset more = Load(new StrokesSpec { Train = 20, Test = 30 }, 1).Test!;

        more.Inputs.AsSpan(0, few.Inputs.Length).ToArray().ShouldBe(few.Inputs);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(16)]
    [InlineData(28)]
    public void Every_digit_leaves_ink_and_stays_on_the_sheet(int size)
    {
        Dataset digits = Load(new StrokesSpec { Train = 300, Test = 10, Size = size, Noise = 0 }, 5).Train;

        digits.InputShape.ShouldBe([1, size, size]);
        foreach (float[] image in digits.Inputs.Chunk(size * size))
        {
            image.ShouldAllBe(pixel => pixel >= 0 && pixel <= 1);
            image.Average().ShouldBeInRange(0.02f, 0.6f);
        }
    }

    [Fact]
    public void Nearest_neighbours_know_most_strokes_but_class_means_do_not()
    {
        DataSplits digits = Load(new StrokesSpec { Train = 1000, Test = 200 }, 11);

        double neighbours = Accuracy(digits.Test!, digits.Train);
        double means = Accuracy(digits.Test!, Means(digits.Train));

        neighbours.ShouldBeGreaterThan(0.8);
        means.ShouldBeInRange(0.4, 0.9);
    }

    [Fact]
    public void Without_noise_points_lie_on_their_curves()
    {
        Dataset circles = Load(new CirclesSpec { Samples = 100, Noise = 0, Factor = 0.3 }, 1).Train;
        Dataset blobs = Load(new BlobsSpec { Samples = 100, Noise = 0, Classes = 4 }, 1).Train;

        for (int i = 0; i < circles.Count; i++)
            Radius(circles, i).ShouldBe(circles.Labels![i] == 0 ? 1 : 0.3, 1e-6);
        Rows(blobs).Distinct().Count().ShouldBe(4);
        Load(new SpiralsSpec { Samples = 100, Noise = 0 }, 1).Train.Inputs.ShouldAllBe(x => Math.Abs(x) <= 1);
    }

    [Fact]
    public void Standard_images_have_mean_0_and_deviation_1_and_unscaled_ones_reach_255()
    {
        Dataset standard = Load(new StrokesSpec { Train = 50, Test = 10, Scale = ImageScaling.Standard }, 1).Train;
        Dataset raw = Load(new StrokesSpec { Train = 50, Test = 10, Scale = ImageScaling.None }, 1).Train;

        standard.Inputs.Average(x => (double)x).ShouldBe(0, 1e-6);
        standard.Inputs.Average(x => (double)x * x).ShouldBe(1, 1e-5);
        raw.Inputs.Max().ShouldBeInRange(200, 255);
    }

    private static DataSplits Load(DataSpec spec, long seed) => TaskData.Load(spec, ".", seed, 0.1);

    private static IEnumerable<string> Rows(Dataset data) =>
        data.Inputs.Chunk(data.Features).Select(r => string.Join(' ', r));

    private static double Radius(Dataset data, int row) =>
        Math.Sqrt(data.Inputs.Skip(2 * row).Take(2).Sum(x => (double)x * x));

    private static Dataset Means(Dataset data) => Dataset.ForClasses(
        [
            .. Enumerable.Range(0, data.Classes).SelectMany(c => data.Inputs.Chunk(data.Features)
                .Where((_, i) => data.Labels![i] == c)
                .Aggregate(new float[data.Features], (sum, x) => [.. sum.Zip(x, (a, b) => a + b)])
                .Select(s => s / data.Labels!.Count(l => l == c))),
        ],
        data.InputShape,
        [.. Enumerable.Range(0, data.Classes)],
        data.Classes);

    private static double Accuracy(Dataset test, Dataset known)
    {
        float[][] rows = [.. known.Inputs.Chunk(known.Features)];
        int right = 0;
        for (int i = 0; i < test.Count; i++)
        {
            float[] x = test.Inputs.AsSpan(i * test.Features, test.Features).ToArray();
            int nearest = Enumerable.Range(0, rows.Length).MinBy(k => Distance(x, rows[k]));
            right += known.Labels![nearest] == test.Labels![i] ? 1 : 0;
        }

        return (double)right / test.Count;
    }

    private static float Distance(float[] a, float[] b)
    {
        float sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        return sum;
    }
}
