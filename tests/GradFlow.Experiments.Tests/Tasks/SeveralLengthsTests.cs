using static GradFlow.Experiments.Tests.LiteratureTasks;

namespace GradFlow.Experiments.Tests;

/// <summary>Tasks whose sequences have several lengths.</summary>
public sealed class SeveralLengthsTests
{
    private static readonly LengthRange Range = new(20, 26);

    public static TheoryData<DataSpec> Tasks =>
    [
        new AddingSpec { Train = 300, Test = 20, Length = Range },
        new MultiplicationSpec { Train = 300, Test = 20, Length = Range },
        new LatchSpec { Train = 300, Test = 20, Length = Range },
        new TemporalOrderSpec { Train = 300, Test = 20, Length = Range },
        new TemporalOrderSpec { Train = 300, Test = 20, Length = Range, Variant = TemporalOrderVariant.Hochreiter },
        new CopySpec { Train = 300, Test = 20, Length = new(10, 16), Remember = 5 },
        new ReverseSpec { Train = 300, Test = 20, Length = Range },
    ];

    [Theory]
    [MemberData(nameof(Tasks))]
    public void Each_length_occurs_and_behind_it_is_nothing(DataSpec spec)
    {
        Dataset data = TrainOf(spec);
        int[] lengths = data.Traits.Lengths!;

        data.InputShape[0].ShouldBe(26);
        lengths.Distinct().Order().ShouldBe(Enumerable.Range(20, 7));
        data.Fingerprint.ShouldNotBe(TrainOf(spec with { }).WithInputs(new float[data.Inputs.Length]).Fingerprint);
        for (int i = 0; i < data.Count; i++)
        {
            float[][] steps = StepsOf(data, i);
            steps[lengths[i]..].ShouldAllBe(step => step.All(x => x == 0));
            steps[lengths[i] - 1].ShouldContain(x => x != 0);
            if (data.LabelsPerSample == 1) continue;
            int[] labels = data.Labels![(i * 26)..((i + 1) * 26)];
            labels[..lengths[i]].ShouldAllBe(label => label >= 0);
            labels[lengths[i]..].ShouldAllBe(label => label == -1);
        }
    }

    [Fact]
    public void The_last_of_several_lengths_is_asked_at_each_one_s_own_end()
    {
        Dataset data = TrainOf(new CopySpec { Train = 50, Test = 20, Length = new(3, 6), Remember = 2 });

        for (int i = 0; i < data.Count; i++)
        {
            int length = data.Traits.Lengths![i];
            int[] shown = [.. StepsOf(data, i)[..length].Select(step => Array.IndexOf(step, 1))];
            int[] labels = data.Labels![(i * 10)..(i * 10 + length)];
            Array.IndexOf(shown, 9).ShouldBe(length - 3);
            labels[^2..].ShouldBe(shown[..2]);
        }

        data.LongestDependency.ShouldBe(8);
        DataSummary.Of(data, new CrossEntropySpec(), isEveryStep: true).BaselineLoss!.Value
            .ShouldBe(2 * Math.Log(8) / data.Traits.Lengths!.Average(), 1e-12);
        data.LastLabels(2).ShouldAllBe(label => label >= 0 && label < 8);
    }

    [Fact]
    public void The_original_order_stands_where_it_does_of_the_shortest_and_the_later_one_by_each_length()
    {
        Dataset original = TrainOf(new TemporalOrderSpec
        {
            Train = 400,
            Test = 20,
            Length = new(100, 110),
            Variant = TemporalOrderVariant.Hochreiter,
        });
        Dataset later = TrainOf(new TemporalOrderSpec { Train = 400, Test = 20, Length = new(50, 200) });

        for (int i = 0; i < original.Count; i++)
        {
            int[] asked = Asked(original, i);
            (asked[0] is >= 10 and <= 20, asked[1] is >= 50 and <= 60).ShouldBe((true, true));
            asked = Asked(later, i);
            int length = later.Traits.Lengths![i];
            asked[0].ShouldBeInRange(length / 10, length / 5);
            asked[1].ShouldBeInRange(2 * length / 5, length / 2);
        }

        (original.LongestDependency, later.LongestDependency).ShouldBe((99, 179));
    }

    [Fact]
    public void Selected_rows_keep_their_lengths_and_averages_leave_padding_out()
    {
        Dataset data = Dataset.ForClasses(
            [1, 2, 3, 4, 0, 0, 5, 0, 0], [3, 1], [0, 1, 1], 2, traits: new SequenceTraits { Lengths = [3, 1, 1] });

        Dataset rows = data.Select([2, 0]);

        rows.Traits.Lengths.ShouldBe([1, 3]);
        DataSummary summary = DataSummary.Of(data, new CrossEntropySpec());
        summary.InputRms.ShouldBe(Math.Sqrt((1 + 4 + 9 + 16 + 25) / 5.0), 1e-12);
    }

    [Fact]
    public void Lengths_that_are_none_are_refused()
    {
        foreach (int[] lengths in new[] { [1, 2, 3], [0, 1], new[] { 1, 4 } })
        {
            Should.Throw<ArgumentException>(() => Dataset.ForClasses(
                new float[6], [3, 1], [0, 1], 2, traits: new SequenceTraits { Lengths = lengths }));
        }

        Should.Throw<ArgumentException>(() => Dataset.ForClasses(
            new float[6], [3], [0, 1], 2, traits: new SequenceTraits { Lengths = [1, 2] }));
        Should.Throw<ArgumentException>(() => Dataset.ForClasses(
            new float[6], [3, 1], [0, 1], 2, traits: new SequenceTraits { Judged = 4 }));
    }

    private static int[] Asked(Dataset data, int row)
    {
        int[] shown = [.. StepsOf(data, row).Select(step => Array.IndexOf(step, 1))];
        return [.. Enumerable.Range(0, shown.Length).Where(t => shown[t] is 0 or 1)];
    }
}
