namespace GradFlow.Runs.Tests;

public sealed class ShortReachTests
{
    [Theory]
    [InlineData(6, 6, false)]
    [InlineData(6, 7, true)]
    [InlineData(0, 1, true)]
    [InlineData(null, 7, false)]
    public void Windows_are_too_short_from_one_step_beyond_their_reach_on(int? reach, int needed, bool isShort)
    {
        var found = ShortReach.Of(Structure(reach, 4, 4), needed);
        (found is not null).ShouldBe(isShort);
        if (found is not null) (found.Reach, found.Needed, found.IsNeedKnown).ShouldBe((reach!.Value, needed, true));
    }

    /// <summary>Sequences of ten steps go back nine from the last.</summary>
    [Theory]
    [InlineData(8, true)]
    [InlineData(9, false)]
    public void Where_no_need_is_known_the_length_of_sequences_stands_in_for_it(int reach, bool isShort)
    {
        var found = ShortReach.Of(Structure(reach, 4, 4), null);
        (found is not null).ShouldBe(isShort);
        if (found is not null) (found.Needed, found.IsNeedKnown).ShouldBe((9, false));
        ShortReach.Of(Structure(reach, 4) with { Signals = [] }, null).ShouldBeNull();
    }

    [Theory]
    [InlineData("1 layer of attention with a window of 4 time steps", 4)]
    [InlineData("2 layers of attention with windows of 4 time steps", 4, 4)]
    [InlineData("3 layers of attention with windows of 2 to 8 time steps", 4, 8, 2)]
    [InlineData("2 layers of attention with windows of 1 time step", 1, 1)]
    public void Windows_are_told_in_words(string words, params int[] windows) =>
        ShortReach.Of(Structure(0, windows), 20).ShouldNotBeNull().Windows.ShouldBe(words);

    [Fact]
    public void Convolutions_that_add_to_them_are_told()
    {
        RunStructure net = Structure(7, 6);
        net = net with { Signals = [.. net.Signals, new SignalInfo("conv1d-1", "conv1d", LinkKind.Weights, 1, 8, 10)] };
        ShortReach.Of(net, 20).ShouldNotBeNull().Windows
            .ShouldBe("1 layer of attention with a window of 6 time steps and convolutions along time");
    }

    [Fact]
    public void Records_from_before_windows_were_kept_are_read_and_say_nothing_of_them()
    {
        RunStructure old = RunJson.Deserialize<RunStructure>("""
            {
              "cuts": [], "links": [], "parts": [], "signals": [], "parameters": [],
              "attentions": [ { "name": "attention-1", "layer": 1, "heads": 2 } ]
            }
            """);
        old.Attentions.ShouldBe([new AttentionInfo("attention-1", 1, 2)]);
        (old.Reach, old.Attentions![0].Reach).ShouldBe((null, null));
        ShortReach.Of(old, 20).ShouldBeNull();
    }

    private static RunStructure Structure(int? reach, params int[] windows) => RunStructure.Empty with
    {
        Attentions = [.. windows.Select((window, i) => new AttentionInfo($"attention-{i}", 1, 2, window, true))],
        Signals = [new SignalInfo("attention-0", "attention", LinkKind.Attention, 1, 8, 10)],
        Reach = reach,
    };
}
