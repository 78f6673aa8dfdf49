namespace GradFlow.Experiments.Tests.Training;

public sealed class RemarkTests
{
    private const string Copy = "copy: { length: 4, remember: 3, train: 20, test: 10 }";
    private const string Series = "mackey-glass: { length: 40, train: 20, test: 10 }";
    private const string Sentences = "agreement: { distance: 8, train: 20, test: 10 }";

    [Theory]
    [InlineData(Copy, "rnn: { out: 4, skip: 10 }, linear: 9", "'skip: 10' of 'rnn' has no effect: a sequence has 10 time steps")]
    [InlineData(Copy, "rnn: { out: 4, skip: 9 }, linear: 9", null)]
    [InlineData(Copy, "gru: 4, last-step, linear: 9",
        "model has one output per sequence, but the data ask at each of 10 time steps: only the last one's answer is learned")]
    [InlineData(Series, "gru: 4, last-step, linear: 1",
        "model has one output per sequence, but the data ask at each of 40 time steps: only the last one's answer is learned")]
    [InlineData(Series, "gru: 4, linear: 1", null)]
    [InlineData(Sentences, "gru: 4, last-step, linear: 39", null)]
    public void What_a_net_cannot_do_with_its_sequences_is_said(string data, string model, string? remark) =>
        Trainings.Start(Trainings.Parse($$"""
            name: remarks
            data: { {{data}} }
            model: [ {{model}} ]
            loss: {{(data == Series ? "mse" : "cross-entropy")}}
            optimizer: sgd
            training: { steps: 1, batch: 4 }
            """)).Remarks.ShouldBe(remark is null ? [] : [remark]);
}
