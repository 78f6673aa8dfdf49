using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using GradFlow.TestKit;

namespace GradFlow.Runs.Tests;

/// <summary>Numbers that can't be are refused, in one line that names file, line and what was expected.</summary>
public sealed partial class RangeTests : TemporaryFolder
{
    /// <summary>
    /// All that can be negative of a run; every other number in the examples is a size, count or share.
    /// </summary>
    private static readonly HashSet<string> Signed =
    [
        "header.seed", "header.plan.baselineLoss", "step.loss", "evaluation.loss", "by-length.rows[].loss",
        "by-length.rows[].baselineLoss",
        "frame.cutNorms[]", "frame.partGains[]", "frame.forward.mean[]", "frame.parameters.gradientNorm[]",
        "frame.parameters.gradientMeanAbs[]", "frame.parameters.gradientMaxAbs[]", "frame.parameters.exponents[].first",
        "frame.throughTime[].lagNorms[]", "frame.throughTime[].weightDecades",
        "frame.throughTime[].activationDecades", "frame.throughTime[].gateDecades",
        "frame.throughTime[].lyapunov", "frame.throughTime[].spectrum.real[]",
        "frame.throughTime[].spectrum.imaginary[]",
        "forecast.decadesPerLayer", "forecast.cutNorms[]", "forecast.partGains[]", "forecast.measuredDecadesPerLayer",
        "forecast.decadesPerTimeStep", "forecast.measuredDecadesPerTimeStep",
        "diagnosis.findings[].evidence.decadesPerLayer", "diagnosis.findings[].evidence.decadesPerStep",
        "diagnosis.findings[].evidence.memoryHorizon", "diagnosis.findings[].evidence.neededLag",
        "diagnosis.findings[].confirmation.before", "diagnosis.findings[].confirmation.after",
        "diagnosis.attribution[].decades", "repair.trials[].seed", "repair.trials[].loss",
        "repair.trials[].curveLoss[]", "repair.trials[].decadesPerLayer", "repair.before.decadesPerLayer",
        "repair.after.loss", "repair.after.testLoss",
    ];

    private string Log => In("run.jsonl");

    [Theory]
    [InlineData("example-run.jsonl")]
    [InlineData("example-recurrent-run.jsonl")]
    public void No_size_count_or_share_is_negative(string example)
    {
        string[] lines = Lines(example);
        for (int line = 0; line < lines.Length; line++)
        {
            foreach (string path in Numbers(JsonNode.Parse(lines[line])!))
            {
                string[] changed = [.. lines];
                changed[line] = With(lines[line], path, "-5");
                string? refusal = Refusal(changed);
                string field = Kind(lines[line]) + path[1..];
                if (Signed.Contains(Index().Replace(field, "[]"))) refusal.ShouldBeNull();
                else ShouldNameIt(refusal, line, path);
            }
        }
    }

    [Fact]
    public void What_a_step_lacks_is_named_by_its_fields()
    {
        string header = Lines("example-run.jsonl")[0];
        Refusal([header, """{"record":"step","step":0}"""])!.ShouldEndWith(
            "line 2: \"epoch\", \"loss\", \"learningRate\" missing; docs/schema/run-jsonl.md says what is required");
        Refusal([header, """{"record":"step","step":0,"epoch":0,"loss":null,"learningRate":1}"""])!
            .ShouldNotContain("GradFlow.Runs");
        Refusal([header, """{"record":"step","step":99999999999,"epoch":0,"loss":1,"learningRate":1}"""])!
            .ShouldEndWith("line 2: step: expected a whole number, at most 2147483647");
    }

    [Theory]
    [InlineData("header", "$.structure.signals[1].units", "3.5", "expected a whole number")]
    [InlineData("header", "$.plan.steps", "\"many\"", "expected a whole number")]
    [InlineData("header", "$.plan.steps", "3000000000", "expected a whole number, at most 2147483647")]
    [InlineData("header", "$.plan.chanceMetric", "10", "is 10; expected a share from 0 to 1, as the plan's metricName")]
    [InlineData("header", "$.plan.baselineLoss", "\"inf\"", "is \"inf\"; expected a finite number")]
    [InlineData("header", "$.structure.cuts[0].layer", "0", "is 0; expected 1 or more")]
    [InlineData("header", "$.structure.cuts[2].layer", "4", "structure.cuts[3].layer is 2; expected 4 or more")]
    [InlineData("step", "$.metric", "87.5", "step 0: metric is 87.5; expected a share from 0 to 1")]
    [InlineData("frame", "$.forward.saturatedShare[1]", "1.5", "is 1.5; expected a share from 0 to 1")]
    [InlineData("frame", "$.parameters.zeroShare[0]", "2", "frame 0: parameters.zeroShare[0] is 2; expected a share")]
    [InlineData("frame", "$.gradientCosine", "2", "is 2; expected -1 to 1")]
    [InlineData("evaluation", "$.epoch", "\"nan\"", "evaluation at step 0: epoch is \"nan\"; expected a finite number")]
    [InlineData("by-length", "$.rows[0].metric", "2", "by-length: rows[0]: metric is 2; expected a share from 0 to 1")]
    [InlineData("by-length", "$.rows[0].samples", "-1", "by-length: rows[0]: samples is -1; expected")]
    [InlineData("order", "$.shuffled", "-1", "order: shuffled is -1; expected")]
    [InlineData("by-length", "$.rows[1].from", "200", "by-length: a row's lengths are none; expected 1 ≤ from ≤ to")]
    [InlineData("end", "$.seconds", "\"inf\"", "end: seconds is \"inf\"; expected a finite number from 0")]
    [InlineData("end", "$.watchShare", "3", "end: watchShare is 3; expected a share from 0 to 1")]
    public void Other_impossible_numbers_are_refused_too(string kind, string path, string value, string expected) =>
        Change("example-run.jsonl", kind, path, value, expected);

    [Theory]
    [InlineData("$.structure.recurrences[0].units", "0", "is 0; expected 1 or more")]
    [InlineData("$.structure.recurrences[0].steps", "0", "is 0; expected 1 or more")]
    [InlineData("$.structure.recurrences[1].window", "0", "is 0; expected 1 or more")]
    public void A_recurrent_layer_has_units_and_time_steps(string path, string value, string expected) =>
        Change("example-recurrent-run.jsonl", "header", path, value, expected);

    [Theory]
    [InlineData("\"imaginary\":[0.3,-0.3,0]", "\"imaginary\":[0]",
        "spectrum has 3 real and 1 imaginary parts; expected")]
    [InlineData("[0.68,0.55,0.36,0.18,0.09]", "[1,2]", "throughTime[0].jacobians has 2 singular values; expected 5")]
    [InlineData("\"openShare\":0.6", "\"openShare\":1.5", "throughTime[1].gates[1].openShare is 1.5; expected a share")]
    public void What_a_time_step_does_to_the_state_is_whole(string before, string after, string expected)
    {
        string[] lines = Lines("example-recurrent-run.jsonl");
        int line = Array.FindIndex(lines, text => text.Contains(before, StringComparison.Ordinal));
        lines[line] = lines[line].Replace(before, after, StringComparison.Ordinal);
        Refusal(lines).ShouldNotBeNull().ShouldContain(expected);
    }

    [Fact]
    public void A_share_that_rounding_has_carried_past_its_bound_is_read()
    {
        string[] lines = Lines("example-run.jsonl");
        int line = Array.FindIndex(lines, text => Kind(text) == "frame");
        lines[line] = With(lines[line], "$.forward.saturatedShare[1]", "1.0000001");
        Refusal(lines).ShouldBeNull();
    }

    [Fact]
    public void A_metric_that_is_no_accuracy_may_be_any_number()
    {
        string[] lines = Lines("example-run.jsonl");
        lines[0] = With(lines[0], "$.plan.metricName", "\"perplexity\"");
        int line = Array.FindIndex(lines, text => Kind(text) == "step");
        lines[line] = With(lines[line], "$.metric", "87.5");
        Refusal(lines).ShouldBeNull();
    }

    private void Change(string example, string kind, string path, string value, string expected)
    {
        string[] lines = Lines(example);
        int line = Array.FindIndex(lines, text => Kind(text) == kind && Has(text, path));
        lines[line] = With(lines[line], path, value);
        string? refusal = Refusal(lines);
        ShouldNameIt(refusal, line, path);
        refusal.ShouldNotBeNull().ShouldContain(expected);
    }

    private void ShouldNameIt(string? refusal, int line, string path)
    {
        refusal.ShouldNotBeNull($"line {line + 1}: {path}");
        refusal.ShouldStartWith($"{Log}, line {line + 1}: ");
        refusal.ShouldContain("expected");
        refusal.ShouldNotContain("\n");
    }

    private string? Refusal(string[] lines)
    {
        File.WriteAllText(Log, string.Join('\n', lines) + "\n");
        try
        {
            JsonLines.Read(Log);
            return null;
        }
        catch (InvalidRunException error)
        {
            return error.Message;
        }
    }

    private static string[] Lines(string example) =>
        File.ReadAllLines(RepositoryFiles.At("docs", "schema", example));

    private static string Kind(string line) => JsonNode.Parse(line)!["record"]!.GetValue<string>();

    private static bool Has(string line, string path) =>
        Leaves(JsonNode.Parse(line)).Any(leaf => leaf.GetPath() == path);

    private static string With(string line, string path, string value)
    {
        JsonNode root = JsonNode.Parse(line)!;
        Leaves(root).Single(leaf => leaf.GetPath() == path).ReplaceWith(JsonNode.Parse(value));
        return root.ToJsonString();
    }

    private static IEnumerable<string> Numbers(JsonNode root) => Leaves(root)
        .Where(leaf => leaf.GetValueKind() == JsonValueKind.Number).Select(leaf => leaf.GetPath()).ToList();

    private static IEnumerable<JsonNode> Leaves(JsonNode? node) => node switch
    {
        JsonObject fields => fields.SelectMany(field => Leaves(field.Value)),
        JsonArray items => items.SelectMany(Leaves),
        null => [],
        _ => [node],
    };

    [GeneratedRegex(@"\[\d+\]")]
    private static partial Regex Index();
}
