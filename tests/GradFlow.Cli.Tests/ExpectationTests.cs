using System.Text.Json;
using System.Text.Json.Nodes;
using GradFlow.Cli.Answers;
using GradFlow.Cli.Rendering;
using GradFlow.Runs;
using GradFlow.TestKit;
using Spectre.Console;

namespace GradFlow.Cli.Tests;

/// <summary>What people and machines read, word by word; see <see cref="Golden"/>.</summary>
public sealed class ExpectationTests
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    [Fact]
    public void Doctor_on_a_sick_training_that_it_repairs() =>
        Shows("doctor", console => DoctorFigure.Write(console, Samples.Sick, Samples.Changes, Samples.Folder));

    [Fact]
    public void Doctor_on_a_sick_training_that_nothing_repairs() =>
        Shows("doctor-failed", console => DoctorFigure.Write(console, Samples.Failed, [], Samples.Folder));

    [Fact]
    public void Doctor_on_remedies_with_long_names() =>
        Shows("doctor-long-names", console => DoctorFigure.Write(console, Samples.LongNames, [], Samples.Folder));

    [Fact]
    public void Doctor_on_a_healthy_training() =>
        Shows("doctor-healthy", console => DoctorFigure.Write(console, Samples.Healthy, [], Samples.Folder));

    [Fact]
    public void Doctor_stopped_by_its_user() =>
        Shows("doctor-stopped", console => DoctorFigure.Write(console, Samples.Stopped, [], Samples.Folder));

    [Fact]
    public void Inspect() =>
        Shows("inspect", console => InspectFigure.Write(console, Samples.Sick.Header, Samples.Expected));

    [Fact]
    public void Train() => Shows("train", console => TrainFigure.Write(console, Samples.Trained, Samples.Folder));

    [Fact]
    public void Train_on_a_text() => Shows("train-text", console =>
        TrainFigure.Write(console, Samples.TrainedOnText, Samples.Folder));

    [Fact]
    public void Train_stopped_by_its_user() =>
        Shows("train-stopped", console => TrainFigure.Write(console, Samples.Stopped, Samples.Folder));

    [Fact]
    public void Train_that_ends_in_NaN() =>
        Shows("train-broken", console => TrainFigure.Write(console, Samples.Broken, Samples.Folder));

    [Fact]
    public void Train_that_stops_early() => Shows("train-early-stop", console => TrainFigure.Write(
        console, Samples.Trained with { End = new RunEnd("early-stop", 12.5, 0.04, 240) }, Samples.Folder));

    [Fact]
    public void Diagnose() =>
        Shows("diagnose", console => DiagnoseFigure.Write(console, Samples.Sick, Samples.Sick.Diagnosis!));

    [Fact]
    public void Doctor_on_a_net_that_forgets() =>
        Shows("doctor-forgets", console => DoctorFigure.Write(console, Samples.Forgets, [], Samples.Folder));

    [Fact]
    public void Diagnose_a_net_whose_gradient_is_cut() =>
        Shows("diagnose-truncated", console =>
            DiagnoseFigure.Write(console, Samples.Truncated, Samples.Truncated.Diagnosis!));

    [Fact]
    public void Diagnose_several_recurrent_layers() =>
        Shows("diagnose-recurrent-layers", console =>
            DiagnoseFigure.Write(console, Samples.RecurrentLayers, Samples.RecurrentLayers.Diagnosis!));

    [Fact]
    public void Inspect_a_recurrent_net() =>
        Shows("inspect-forgets", console =>
            InspectFigure.Write(console, Samples.Forgets.Header, Samples.ExpectedToForget));

    [Fact]
    public void Doctor_on_a_net_that_forgets_for_machines() =>
        Tells("doctor-forgets-json", DoctorAnswer.Of(Samples.Forgets, Samples.Folder.Path, Samples.Folder.Report));

    [Fact]
    public void Diagnose_a_net_whose_windows_are_too_short() =>
        Shows("diagnose-windows", console =>
            DiagnoseFigure.Write(console, Samples.Windows, Samples.Windows.Diagnosis!));

    [Fact]
    public void Inspect_a_net_whose_windows_are_too_short() =>
        Shows("inspect-windows", console => InspectFigure.Write(console, Samples.Windows.Header, Samples.Expected));

    [Fact]
    public void Diagnose_with_too_little_evidence() =>
        Shows("diagnose-inconclusive", console =>
            DiagnoseFigure.Write(console, Samples.Inconclusive, Samples.Inconclusive.Diagnosis!));

    [Fact]
    public void Diagnose_a_thousand_layers() =>
        Shows("diagnose-thousand-layers", console =>
            DiagnoseFigure.Write(console, Samples.ThousandLayers, Samples.ThousandLayers.Diagnosis!));

    [Fact]
    public void Diagnose_a_log_of_another_framework() =>
        Shows("diagnose-foreign", console => DiagnoseFigure.Write(
            console, Samples.Foreign, Samples.Foreign.Diagnosis!));

    [Fact]
    public void Report() =>
        Shows("report", console => ReportFigure.Write(console, Samples.Sick, Samples.Folder.Report));

    [Fact]
    public void Tour() => Shows("tour", console => Lead(console, SyntheticTour.Build()));

    [Fact]
    public void Tour_on_a_wide_terminal() => Golden.ShouldBe("tour-wide", Wide(SyntheticTour.Build()));

    [Fact]
    public void Tour_for_machines() => Tells("tour-json", SyntheticTour.Build());

    [Fact]
    public void Doctor_for_machines() =>
        Tells("doctor-json", DoctorAnswer.Of(Samples.Sick, Samples.Folder.Path, Samples.Folder.Report));

    [Fact]
    public void Diagnose_for_machines() =>
        Tells("diagnose-json", DoctorAnswer.Of(Samples.Sick with { Repair = null }, Samples.Folder.Path, null));

    [Fact]
    public void Inspect_for_machines() => Tells("inspect-json", Samples.Sick.Forecast! with
    {
        DepthScale = double.PositiveInfinity,
        TrainableDepth = double.PositiveInfinity,
    });

    [Fact]
    public void Train_for_machines() => Tells("train-json", TrainAnswer.Of(Samples.Broken, Samples.Folder.Path));

    [Fact]
    public void Report_for_machines() =>
        Tells("report-json", new ReportAnswer(Samples.Folder.Path, Samples.Folder.Report));

    [Fact]
    public void Help()
    {
        Invocation bare = Invocation.Of();
        bare.Code.ShouldBe(0);
        Golden.ShouldBe("help", bare.Output);
        Invocation.Of("--help").Output.ShouldBe(bare.Output);
        Invocation.Of("help").Output.ShouldBe(bare.Output);
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public void Help_of_each_verb(string verb)
    {
        Invocation asked = Invocation.Of(verb, "--help");
        asked.Code.ShouldBe(0);
        asked.Error.ShouldBeEmpty();
        Golden.ShouldBe($"{verb}-help", asked.Output);
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public void Every_verb_has_what_people_and_machines_read_and_its_help(string verb) =>
        new[] { verb, $"{verb}-json", $"{verb}-help" }
            .Where(name => !File.Exists(Path.Combine(Golden.Folder, name + ".txt")))
            .ShouldBeEmpty();

    public static TheoryData<string> Verbs() => [.. new CommandLine().Verbs.Select(verb => verb.Name)];

    private static void Shows(string name, Action<IAnsiConsole> write)
    {
        var text = new StringWriter();
        write(Terminal.Plain(text, TextWriter.Null).People);
        text.ToString().ShouldNotContain("\u001b");
        text.ToString().Split('\n').Where(line => !line.Contains("runs/", StringComparison.Ordinal))
            .ShouldAllBe(line => line.TrimEnd().Length <= 80);
        Golden.ShouldBe(name, text.ToString());
    }

    private static string Wide(Tour tour)
    {
        var text = new StringWriter();
        IAnsiConsole console = Terminal.Plain(text, TextWriter.Null).People;
        console.Profile.Width = 120;
        Lead(console, tour);
        return text.ToString();
    }

    private static void Lead(IAnsiConsole console, Tour tour)
    {
        var figure = new TourFigure(console, tour.Seed);
        foreach (TourStop stop in tour.Stops) figure.Add(stop);
        figure.End(tour, "runs/tour.html");
    }

    private static void Tells<T>(string name, T answer) =>
        Golden.ShouldBe(name, JsonNode.Parse(RunJson.Serialize(answer))!.ToJsonString(Indented));
}
