using System.Text.Json;
using GradFlow.Experiments;
using GradFlow.Runs;
using GradFlow.TestKit;

namespace GradFlow.Cli.Tests;

/// <summary>The verbs on small trainings, from the command line to the exit code.</summary>
public sealed class CommandTests : IDisposable
{
    private readonly Scratch _scratch = new();

    [Fact]
    public void Train_records_all_steps_and_ends_in_0()
    {
        Invocation trained = Invocation.Of("train", _scratch.WriteExperiment(), "--out", _scratch.Runs);
        trained.Code.ShouldBe(0, trained.Error);
        Run run = RunReader.Load(_scratch.Run);
        run.Steps.Count.ShouldBe(60);
        run.End!.Reason.ShouldBe("completed");
        File.Exists(RunFolder.At(_scratch.Run).Checkpoint).ShouldBeTrue();
        trained.Output.ShouldContain(_scratch.Run);
    }

    [Fact]
    public void A_quick_training_takes_a_quarter_of_the_steps()
    {
        Invocation.Of("train", _scratch.WriteExperiment(), "--out", _scratch.Runs, "--quick").Code.ShouldBe(0);
        RunReader.Load(_scratch.Run).Steps.Count.ShouldBe(15);
    }

    [Fact]
    public void A_training_that_ends_in_NaN_ends_in_1()
    {
        string file = _scratch.WriteExperiment(
            layers: "repeat: { times: 40, layers: [{linear: {out: 16, init: {normal: 30}}}, relu] }}, {linear: 2");
        Invocation trained = Invocation.Of("train", file, "--out", _scratch.Runs);
        trained.Code.ShouldBe(1, trained.Error);
        trained.Output.ShouldContain("Broke.");
    }

    [Fact]
    public void What_was_recorded_can_be_trained_again()
    {
        Invocation.Of("train", _scratch.WriteExperiment(), "--out", _scratch.Runs, "--seed", "11").Code.ShouldBe(0);
        string file = RunFolder.At(_scratch.Run).Experiment;
        ExperimentFile.Read(file).Seed.ShouldBe(11);
        Invocation again = Invocation.Of("train", file, "--out", _scratch.At("again"), "--json");
        again.Code.ShouldBe(0, again.Error);
        Run first = RunReader.Load(_scratch.Run), second = RunReader.Load(Path(again, "run"));
        second.Steps.Select(step => step.Loss).ShouldBe(first.Steps.Select(step => step.Loss));
    }

    [Fact]
    public void Doctor_leaves_a_healthy_training_alone_and_writes_the_page()
    {
        string file = _scratch.WriteExperiment(training: "steps: 300, batch: 20");
        Invocation treated = Invocation.Of("doctor", file, "--out", _scratch.Runs);
        treated.Code.ShouldBe(0, treated.Error + treated.Output);
        treated.Output.ShouldContain("Healthy");
        File.Exists(RunFolder.At(_scratch.Run).Report).ShouldBeTrue();
    }

    [Fact]
    public void Json_is_one_object_on_standard_output_and_nothing_else()
    {
        Invocation treated = Invocation.Of(
            "doctor", _scratch.WriteExperiment(training: "steps: 300, batch: 20"), "--out", _scratch.Runs, "--json");
        treated.Output.TrimEnd('\n').ShouldNotContain("\n");
        using JsonDocument json = JsonDocument.Parse(treated.Output);
        json.RootElement.EnumerateObject().Select(property => property.Name).ShouldBe(
            ["experiment", "verdict", "findings", "attribution", "forecast", "repair", "run", "report"]);
        json.RootElement.GetProperty("verdict").GetString().ShouldBe("healthy");
        File.Exists(Path(treated, "report")).ShouldBeTrue();
    }

    [Fact]
    public void Inspect_forecasts_without_leaving_anything_behind()
    {
        Invocation inspected = Invocation.Of("inspect", _scratch.WriteSick(), "--json");
        inspected.Code.ShouldBe(0, inspected.Error);
        inspected.Error.ShouldBeEmpty();
        RunJson.Deserialize<Forecast>(inspected.Output).Expectation.ShouldBe("vanishes");
        Directory.GetFileSystemEntries(_scratch.Folder).ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("skip-init: { layers: [relu, linear: 8] }")]
    [InlineData("rezero: { layers: [linear: 8, relu] }")]
    [InlineData("fixup: { layers: [linear: 8, relu, linear: 8] }")]
    [InlineData("residual: { layers: [linear: 8, tanh] }")]
    public void The_rows_of_inspect_add_up_to_the_total_that_it_states(string block)
    {
        string file = _scratch.WriteExperiment(layers: $"linear: 8}}, {{{block}}}, {{{block}}}, {{linear: 2");
        string[] lines = Invocation.Of("inspect", file).Output.Split('\n');
        string stated = lines.Single(line => line.StartsWith("  over the net")).Split(' ', '\u00a0')[^2];
        lines.Single(line => line.StartsWith("  total ")).ShouldEndWith(stated);
        lines.Any(line => line.Contains('∞')).ShouldBeFalse("no row may stand beside the sum");
        lines.Any(line => line.StartsWith("  Left out: 2 branches")).ShouldBe(!block.StartsWith("residual"));
    }

    [Fact]
    public void Inspect_states_no_total_of_a_net_that_theory_covers_in_parts()
    {
        string file = _scratch.WriteExperiment(
            layers: "linear: 8}, tanh, {linear: { out: 8, init: { constant: 0.1 } }}, {linear: 2");
        Invocation inspected = Invocation.Of("inspect", file);
        inspected.Output.ShouldContain("Theory does not cover this net");
        inspected.Output.ShouldContain("decades per covered part");
        inspected.Output.ShouldNotContain("total");
        inspected.Output.ShouldNotContain("per layer");
    }

    [Fact]
    public void Data_are_read_from_the_given_place_and_found_again_from_the_run()
    {
        string digits = _scratch.WriteImages("elsewhere/digits", images: 60);
        string file = _scratch.WriteExperiment(
            "mnist: { path: nowhere }", "flatten: {}}, {linear: 10", "steps: 4, batch: 8", "nets/digits.yaml");
        string relative = System.IO.Path.GetRelativePath(Environment.CurrentDirectory, digits);
        Invocation trained = Invocation.Of("train", file, "--out", _scratch.Runs, "--data", relative);
        trained.Code.ShouldBe(0, trained.Error);
        var data = (MnistSpec)ExperimentFile.Read(RunFolder.At(_scratch.Run).Experiment).Data;
        System.IO.Path.GetFullPath(data.Path, _scratch.Run).ShouldBe(digits);
    }

    [Theory]
    [InlineData("healthy", 0)]
    [InlineData("sick", 1)]
    [InlineData("inconclusive", 4)]
    public void Diagnose_ends_in_the_code_of_its_verdict_and_stores_it(string verdict, int code)
    {
        string path = _scratch.At("run.db");
        RunWriter.Save(path, verdict switch
        {
            "healthy" => SyntheticRepair.Repaired(),
            "sick" => SyntheticRepair.Sick() with { Diagnosis = null },
            _ => new SyntheticRun { Steps = 3 }.Build(),
        });
        Invocation diagnosed = Invocation.Of("diagnose", path, "--json");
        diagnosed.Code.ShouldBe(code, diagnosed.Error);
        using JsonDocument json = JsonDocument.Parse(diagnosed.Output);
        json.RootElement.GetProperty("verdict").GetString().ShouldBe(verdict);
        RunReader.Load(path).Diagnosis!.Verdict.Kind.ToString().ToLowerInvariant().ShouldBe(verdict);
    }

    [Fact]
    public void Diagnose_keeps_what_an_intervention_has_confirmed()
    {
        string path = _scratch.At("run.db");
        Run sick = SyntheticRepair.Sick();
        RunWriter.Save(path, sick);
        Invocation.Of("diagnose", path).Code.ShouldBe(1);
        Finding finding = RunReader.Load(path).Diagnosis!.Findings[0];
        finding.Rule.ShouldBe("vanishing-gradient");
        finding.Confirmation.ShouldBe(sick.Diagnosis!.Findings[0].Confirmation);
        RunReader.Load(path).Diagnosis!.Verdict.Sentence.ShouldEndWith("; confirmed by swapping it.");
    }

    [Fact]
    public void Report_lies_in_the_run_folder_or_where_it_is_wanted()
    {
        string folder = _scratch.At("some-run");
        RunWriter.Save(RunFolder.At(folder).Database, SyntheticRepair.Sick());
        RunWriter.Save(RunFolder.At(folder).Repaired.Database, SyntheticRepair.Repaired());
        Invocation reported = Invocation.Of("report", folder);
        reported.Code.ShouldBe(0, reported.Error);
        string page = File.ReadAllText(RunFolder.At(folder).Report);
        page.ShouldContain("deep-sigmoid");
        page.ShouldContain("id=\"repaired\"");
        Invocation.Of("report", RunFolder.At(folder).Database, "--out", _scratch.At("page.html")).Code.ShouldBe(0);
        File.ReadAllText(_scratch.At("page.html")).ShouldBe(page);
    }

    [Theory]
    [InlineData("train")]
    [InlineData("doctor")]
    public void A_training_that_is_stopped_ends_in_3_and_keeps_what_was_recorded(string verb)
    {
        Invocation stopped = Invocation.StoppedAt("training", verb, _scratch.WriteSick(), "--out", _scratch.Runs);
        stopped.Code.ShouldBe(3, stopped.Error);
        stopped.Output.ShouldContain("Stopped.");
        Run run = RunReader.Load(_scratch.Run);
        run.Steps.Count.ShouldBeInRange(1, 199);
        run.End!.Reason.ShouldBe("interrupted");
    }

    [Fact]
    public void A_training_that_is_stopped_while_pre_training_says_that_nothing_is_kept()
    {
        string file = _scratch.WriteExperiment(
            "temporal-order: { length: 20, train: 60, test: 20 }", "rnn: 4}, last-step, {linear: 4",
            "steps: 5, batch: 20, pretrain: 300");
        Invocation stopped = Invocation.StoppedAt("pre-training", "train", file, "--out", _scratch.Runs);
        stopped.Code.ShouldBe(3, stopped.Error);
        stopped.Output.ShouldMatch(@"Stopped while pre-training\. It has taken \d+ of 300 steps of it");
        stopped.Output.ShouldNotContain("NaN");
        stopped.Output.ShouldContain($"gradflow train --resume {_scratch.Run}");
    }

    [Fact]
    public void A_doctor_who_is_stopped_during_trials_keeps_the_diagnosis()
    {
        Invocation stopped = Invocation.StoppedAt(
            "trying", "doctor", _scratch.WriteSick(), "--out", _scratch.Runs, "--json");
        stopped.Code.ShouldBe(3, stopped.Error);
        RunReader.Load(_scratch.Run).Diagnosis!.Verdict.Kind.ShouldBe(VerdictKind.Sick);
        using JsonDocument json = JsonDocument.Parse(stopped.Output);
        json.RootElement.GetProperty("verdict").GetString().ShouldBe("sick");
    }

    [Fact]
    public void The_version_is_told() => Invocation.Of("--version").Output.ShouldMatch(@"^gradflow \d+\.\d+\.\d+\s*$");

    public void Dispose() => _scratch.Dispose();

    private static string Path(Invocation invocation, string property)
    {
        using JsonDocument json = JsonDocument.Parse(invocation.Output);
        return json.RootElement.GetProperty(property).GetString()!;
    }
}
