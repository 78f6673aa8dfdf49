namespace GradFlow.Experiments.Tests.Training;

public sealed class RemarkTests
{
    private const string Copy = "copy: { length: 4, remember: 3, train: 20, test: 10 }";
    private const string Series = "mackey-glass: { length: 40, train: 20, test: 10 }";
    private const string Sentences = "agreement: { distance: 8, train: 20, test: 10 }";

    [Theory]
    [InlineData(Copy, "rnn: { out: 4, skip: 10 }, linear: 9",
        "'skip: 10' of 'rnn' has no effect: a sequence has 10 time steps")]
    [InlineData(Copy, "rnn: { out: 4, skip: 9 }, linear: 9", null)]
    [InlineData(Copy, "gru: 4, last-step, linear: 9",
        "model has one output per sequence, but the data ask at each of 10 time steps: only the last one's answer "
            + "is learned")]
    [InlineData(Series, "gru: 4, last-step, linear: 1",
        "model has one output per sequence, but the data ask at each of 40 time steps: only the last one's answer "
            + "is learned")]
    [InlineData(Series, "gru: 4, linear: 1", null)]
    [InlineData(Sentences, "gru: 4, last-step, linear: 39", null)]
    [InlineData(Copy, "attention: { heads: 1, window: 99 }, linear: 9",
        "'window' of 'attention' has no effect: a sequence has 10 time steps")]
    [InlineData(Copy, "attention: { heads: 1, window: 19 }, linear: 9",
        "'window' of 'attention' has no effect: a sequence has 10 time steps")]
    [InlineData(Copy, "attention: { heads: 1, window: 18 }, linear: 9", null)]
    [InlineData(Copy, "linear: 4, transformer-encoder: { heads: 1, hidden: 4, causal: true, window: 10 }, linear: 9",
        "'window' of 'transformer-encoder' has no effect: a sequence has 10 time steps")]
    [InlineData(Copy, "linear: 4, transformer-encoder: { heads: 1, hidden: 4, causal: true, window: 9 }, linear: 9",
        null)]
    public void What_a_net_cannot_do_with_its_sequences_is_said(string data, string model, string? remark) =>
        Of(data, model).ShouldBe(remark is null ? [] : ["test.yaml:3: " + remark]);

    [Theory]
    [InlineData("truncate: 10000", "it cuts after 10,000 time steps, and a sequence has 10")]
    [InlineData("truncate: 10", "it cuts after 10 time steps, and a sequence has 10")]
    [InlineData("truncate: 9", null)]
    [InlineData("truncate: { every: 5, back: 10 }", null)]
    public void A_window_that_holds_the_whole_sequence_is_told_before_the_training(string more, string? why) =>
        Of(Copy, "rnn: 4, linear: 9", more)
            .ShouldBe(why is null ? [] : ["test.yaml:6: training.truncate has no effect: " + why]);

    [Theory]
    [InlineData("truncate: 1, regularizers: [ norm-preservation: 4 ]", true)]
    [InlineData("truncate: 2, regularizers: [ norm-preservation: 4 ]", false)]
    [InlineData("truncate: 1, regularizers: [ l2: 0.1 ]", false)]
    public void A_penalty_on_a_way_back_that_there_is_not_is_told_before_the_training(string more, bool isTold) =>
        Of(Copy, "rnn: 4, linear: 9", more).ShouldBe(isTold
            ? ["test.yaml:6: 'norm-preservation' has no effect: training.truncate lets the gradient of each time step "
                + "end there"]
            : []);

    private static IReadOnlyList<string> Of(string data, string model, string more = "clip: { norm: 1 }") =>
        Trainings.Start(Trainings.Parse($$"""
            name: remarks
            data: { {{data}} }
            model: [ {{model}} ]
            loss: {{(data == Series ? "mse" : "cross-entropy")}}
            optimizer: sgd
            training: { steps: 1, batch: 4, {{more}} }
            """)).Remarks;
}
