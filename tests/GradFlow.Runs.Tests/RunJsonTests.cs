using System.Text.Json;

namespace GradFlow.Runs.Tests;

public sealed class RunJsonTests
{
    [Fact]
    public void Numbers_that_are_not_finite_are_three_strings()
    {
        double?[] values = [1.5, null, double.NaN, double.PositiveInfinity, double.NegativeInfinity, -0.0];
        string json = RunJson.Serialize(values);
        json.ShouldBe("[1.5,null,\"nan\",\"inf\",\"-inf\",-0]");
        RunJson.Deserialize<double?[]>(json).ShouldBe(values);
    }

    [Fact]
    public void Enums_are_lower_case_kebab_strings()
    {
        RunJson.Serialize(LinkKind.Weights).ShouldBe("\"weights\"");
        RunJson.Serialize(Severity.Critical).ShouldBe("\"critical\"");
        RunJson.Deserialize<VerdictKind>("\"inconclusive\"").ShouldBe(VerdictKind.Inconclusive);
        Should.Throw<JsonException>(() => RunJson.Deserialize<Severity>("2"));
    }

    [Fact]
    public void Absent_properties_are_left_out_and_come_back_as_null()
    {
        var step = new StepRecord(3, 0, double.NaN, null, 0.1, null, null, null);
        string json = RunJson.Serialize(step);
        json.ShouldBe("{\"step\":3,\"epoch\":0,\"loss\":\"nan\",\"learningRate\":0.1}");
        RunJson.Deserialize<StepRecord>(json).ShouldBe(step);
    }

    [Fact]
    public void Moments_are_in_utc()
    {
        var moment = new DateTimeOffset(2026, 1, 2, 3, 4, 5, 670, TimeSpan.FromHours(1));
        RunJson.Serialize(moment).ShouldBe("\"2026-01-02T02:04:05.67Z\"");
        RunJson.Deserialize<DateTimeOffset>("\"2026-01-02T03:04:05+01:00\"").ShouldBe(moment.AddMilliseconds(-670));
        Should.Throw<JsonException>(() => RunJson.Deserialize<DateTimeOffset>("\"yesterday\""));
    }

    [Fact]
    public void Unknown_properties_are_ignored()
    {
        string json = "{\"first\":\"1.linear\",\"last\":\"3.linear\",\"colour\":{\"hue\":[1,2]}}";
        RunJson.Deserialize<LayerSpan>(json).ShouldBe(new LayerSpan("1.linear", "3.linear"));
    }

    [Theory]
    [InlineData("{\"step\":3,\"epoch\":0,\"learningRate\":0.1}")]
    [InlineData("{\"step\":3,\"epoch\":0,\"loss\":null,\"learningRate\":0.1}")]
    [InlineData("{\"step\":3,\"epoch\":0,\"loss\":\"much\",\"learningRate\":0.1}")]
    [InlineData("{\"step\":3,\"epoch\":0,\"loss\":true,\"learningRate\":0.1}")]
    [InlineData("null")]
    [InlineData("")]
    public void What_is_missing_or_of_the_wrong_type_is_refused(string json) =>
        Should.Throw<JsonException>(() => RunJson.Deserialize<StepRecord>(json));

    [Fact]
    public void Text_can_stand_in_a_script_element() =>
        RunJson.Serialize("</script>&<!--").ShouldNotContain("<");

    [Fact]
    public void What_is_computed_is_not_written()
    {
        RunJson.Serialize(RunStructure.Empty)
            .ShouldBe("{\"cuts\":[],\"links\":[],\"parts\":[],\"signals\":[],\"parameters\":[]}");
    }

    [Fact]
    public void A_whole_run_comes_back_as_it_was()
    {
        Run run = SampleRun.Build();
        string json = RunJson.Serialize(run);
        RunJson.Serialize(RunJson.Deserialize<Run>(json)).ShouldBe(json);
    }
}
