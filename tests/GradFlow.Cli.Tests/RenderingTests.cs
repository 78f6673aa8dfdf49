using GradFlow.Cli.Rendering;
using GradFlow.Experiments;
using GradFlow.Runs;
using Spectre.Console;

namespace GradFlow.Cli.Tests;

public sealed class RenderingTests
{
    [Theory]
    [InlineData(0.0, "")]
    [InlineData(1.0, "████")]
    [InlineData(0.5, "██")]
    [InlineData(0.03125, "▏")]
    [InlineData(0.71875, "██▉")]
    [InlineData(double.PositiveInfinity, "████")]
    [InlineData(double.NaN, "")]
    public void Bars_are_an_eighth_of_a_cell_fine(double share, string expected) => Bar.Of(share, 4).ShouldBe(expected);

    [Theory]
    [InlineData(-0.612, "−0.61")]
    [InlineData(2.0, "+2.00")]
    [InlineData(-0.001, "0.00")]
    [InlineData(-634.2, "−634")]
    [InlineData(-6012.0, "−6,012")]
    [InlineData(double.NegativeInfinity, "−∞")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(null, "–")]
    public void Decades_carry_their_sign(double? decades, string expected) =>
        Numbers.Decades(decades).ShouldBe(expected);

    [Theory]
    [InlineData(2.53, "small differences grow 12.6-fold per time step")]
    [InlineData(0.4, "small differences grow 1.49-fold per time step")]
    [InlineData(0.001, "small differences last")]
    [InlineData(-0.115, "small differences fade to 89.1 % per time step")]
    [InlineData(double.NegativeInfinity, "small differences are lost at once")]
    public void Small_differences_of_the_state_grow_last_or_fade(double exponent, string expected) =>
        StepTable.Fate(exponent).ShouldBe(expected);

    [Theory]
    [InlineData(0.0, "0")]
    [InlineData(0.12345, "0.123")]
    [InlineData(0.0012345, "0.00123")]
    [InlineData(2.5, "2.5")]
    [InlineData(-62.34, "−62.3")]
    [InlineData(4096.0, "4,096")]
    [InlineData(3.1e-9, "3.1·10⁻⁹")]
    [InlineData(1e30, "1.0·10³⁰")]
    public void Numbers_have_three_digits(double number, string expected) => Numbers.Plain(number).ShouldBe(expected);

    [Theory]
    [InlineData(2.30259, "2.303")]
    [InlineData(0.1, "0.100")]
    [InlineData(0.021712, "0.0217")]
    [InlineData(0.00041234, "0.000412")]
    [InlineData(0.0, "0")]
    [InlineData(20620.4, "20,620")]
    public void Small_losses_keep_three_digits(double loss, string expected) => Numbers.Loss(loss).ShouldBe(expected);

    [Theory]
    [InlineData(-0.824, "−82 %")]
    [InlineData(0.001, "±0 %")]
    [InlineData(2.5, "+250 %")]
    [InlineData(68.83, "×69.8")]
    [InlineData(8162548.15, "×8,162,549")]
    [InlineData(81625481.5, "×8.2·10⁷")]
    public void Large_changes_are_told_as_factors(double share, string expected) =>
        Numbers.Change(share).ShouldBe(expected);

    [Fact]
    public void Long_names_are_cut_where_they_stay_apart()
    {
        ShortNames.Of(["lower-learning-rate×100", "relu"], 16).ShouldBe(["lower-l…rate×100", "relu"]);
        ShortNames.Of(["decoder-1-feed-forward", "decoder-2-feed-forward"], 14).Distinct().Count().ShouldBe(2);
        ShortNames.Of(["decoder-feed-forward-1", "decoder-feed-forward-2"], 14).Distinct().Count().ShouldBe(2);
    }

    [Fact]
    public void A_changed_line_that_is_too_long_goes_on_below_itself()
    {
        var text = new StringWriter();
        string layers = string.Join(", ", Enumerable.Repeat("relu", 20));
        Terminal.Plain(text, TextWriter.Null).People.Write(
            ChangeDiff.Of([new DiffLine(LineChange.Added, "model: " + layers)]));
        string[] lines = text.ToString().ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
        lines[0].ShouldStartWith("+ model: relu");
        lines[1].ShouldStartWith("  relu");
    }

    [Theory]
    [InlineData(4.26, "4.3 s")]
    [InlineData(59.4, "59 s")]
    [InlineData(75.0, "1 min 15 s")]
    [InlineData(7380.0, "2 h 3 min")]
    public void Time_is_told_in_two_units(double seconds, string expected) =>
        Numbers.Duration(TimeSpan.FromSeconds(seconds)).ShouldBe(expected);

    [Fact]
    public void A_fork_that_broke_counts_as_the_worst_in_the_median()
    {
        Trial Fork(double loss, double metric) =>
            new("relu", "restart", 1, 10, loss, metric, [], [], null, "candidate");
        TrialGroup one = TrialGroup.Of([Fork(0.5, 0.9), Fork(double.NaN, 0.1), Fork(0.7, 0.8)], "accuracy")
            .ShouldHaveSingleItem();
        one.Loss.ShouldBe(0.7);
        one.Metric.ShouldBe(0.8);
        TrialGroup.Of([Fork(0.5, 0.9), Fork(double.NaN, 0.1), Fork(double.NaN, 0.1)], "accuracy")[0]
            .Loss.ShouldBe(double.NaN);
        TrialGroup.Of([Fork(0.5, 0.2), Fork(0.5, double.NaN), Fork(0.7, 0.3)], "NRMSE")[0].Metric.ShouldBe(0.3);
        TrialGroup.Of([Fork(0.5, 0.2), Fork(0.5, double.NaN), Fork(0.7, 0.3)], "accuracy")[0].Metric.ShouldBe(0.2);
    }

    [Fact]
    public void An_accuracy_is_told_in_percent_and_an_error_is_not()
    {
        Numbers.Metric(0.9123, "accuracy").ShouldBe("91.2 %");
        Numbers.Metric(0.9123, "NRMSE").ShouldBe("0.912");
    }

    [Fact]
    public void A_number_and_its_percent_sign_are_not_broken_apart()
    {
        var text = new StringWriter();
        string filler = new('x', 71);
        new Figure(Terminal.Plain(text, TextWriter.Null).People).AddSentence(
            Palette.Good, "", $"{filler} 96.4 % good.");
        text.ToString().ShouldContain("96.4 % good.");
        Unbroken.Of("to 0.000 003 of 7 % in 3 steps").Split(' ').ShouldBe(
            ["to", "0.000\uE000003", "of", "7\uE000%", "in", "3", "steps"]);
    }

    [Fact]
    public void Lines_that_go_to_a_file_end_without_blanks()
    {
        var text = new StringWriter();
        DoctorFigure.Write(Terminal.Plain(text, TextWriter.Null).People, Samples.Sick, Samples.Changes, Samples.Folder);
        text.ToString().Split('\n').ShouldAllBe(line => line == line.TrimEnd());
    }

    [Fact]
    public void What_stays_infinite_is_not_called_confirmed()
    {
        const double never = double.NegativeInfinity;
        Finding finding = Samples.Sick.Diagnosis!.Findings[0] with
        {
            Confirmation = new Confirmation("confirmed", "ReLU for sigmoid", "decadesPerLayer", never, never),
        };
        var text = new StringWriter();
        Terminal.Plain(text, TextWriter.Null).People.Write(FindingList.Short([finding]));
        text.ToString().ShouldContain("Not confirmed: ReLU for sigmoid; decades per layer stayed −∞.");
    }

    [Fact]
    public void Forks_of_another_kind_or_role_are_another_row()
    {
        Trial Fork(string kind, string role) => new("control", kind, 1, 10, 1, null, [], [], null, role);
        TrialGroup.Of([Fork("restart", "control"), Fork("continue", "control"), Fork("restart", "control")], null)
            .Select(group => (group.Kind, group.Seeds)).ShouldBe([("restart", 2), ("continue", 1)]);
    }

    [Fact]
    public void A_recurrent_layer_that_was_not_followed_step_by_step_is_said_to_lack_its_gradient_by_lag()
    {
        Run foreign = Samples.Foreign;
        IEnumerable<string> Missing(Run run) => Unrecorded.Of(run, run.Diagnosis!).Select(line => line.What);
        Missing(foreign).ShouldNotContain("gradient by lag");
        Missing(foreign with
        {
            Header = foreign.Header with
            {
                Structure = foreign.Header.Structure with
                {
                    Signals = [new SignalInfo("r", "gru", LinkKind.Recurrence, 1, 16)],
                },
            },
        }).ShouldContain("gradient by lag");
    }
}
