namespace GradFlow.Experiments.Tests.Training;

public sealed class LookAheadTests
{
    private const string Text = "text: { characters: 5000, window: 20 }";
    private const string Sentences = "agreement: { train: 20, test: 10, distance: 8 }";

    [Theory]
    [InlineData(Text, "gru: { out: 8, bidirectional: true }", "'gru'")]
    [InlineData(Text, "residual: [ attention: { heads: 1, window: 4 } ]", "'attention'")]
    [InlineData(Text, "repeat: { times: 2, layers: [ transformer-encoder: { heads: 1, hidden: 8 } ] }",
        "'transformer-encoder'")]
    [InlineData(Sentences, "conv1d: { out: 8, kernel: 3, padding: 1 }", "'conv1d'")]
    [InlineData("reber: { train: 20, test: 10 }", "lstm: { out: 8, bidirectional: true }", "'lstm'")]
    [InlineData("lag: { train: 20, test: 10, length: 10 }", "rnn: { out: 8, bidirectional: true }", "'rnn'")]
    [InlineData("mackey-glass: { train: 20, test: 10, length: 40 }", "gru: { out: 8, bidirectional: true }", "'gru'")]
    public void A_net_that_sees_what_it_is_to_predict_is_refused(string data, string layer, string named) =>
        Should.Throw<InvalidExperimentException>(() => Start(data, layer)).Message.ShouldSatisfyAllConditions(
            message => message.ShouldStartWith($"test.yaml:5: model: {named} sees later time steps"),
            message => message.ShouldContain("; expected "));

    [Theory]
    [InlineData(Text, "gru: 8")]
    [InlineData(Text, "attention: { heads: 1, causal: true }")]
    [InlineData(Text, "conv1d: { out: 8, kernel: 1 }")]
    [InlineData("copy: { train: 20, test: 10, length: 10 }", "gru: { out: 8, bidirectional: true }")]
    [InlineData("reverse: { train: 20, test: 10, length: 5 }", "attention: { heads: 1 }")]
    public void Nets_that_go_forward_and_tasks_whose_answers_are_not_shown_are_fine(string data, string layer) =>
        Start(data, layer).Take(1)[0].Loss.ShouldBeGreaterThan(0);

    [Fact]
    public void A_decoder_looks_at_all_that_it_is_to_write() =>
        Should.Throw<InvalidExperimentException>(
            () => Trainings.Start(Of(Sentences, "gru: 8", "attention-decoder: 39")))
            .Message.ShouldStartWith("test.yaml:6: model: 'attention-decoder' sees later time steps");

    [Fact]
    public void The_last_answer_alone_is_shown_nowhere() =>
        Start(Sentences, "gru: { out: 8, bidirectional: true }\n  - last-step").Take(1)[0].Loss.ShouldBeGreaterThan(0);

    private static Trainer Start(string data, string layer)
    {
        DataSplits loaded = Trainings.DataOf(Of(data, layer, "linear: 1"));
        bool areClasses = loaded.Train.Labels is not null;
        return new Trainer(
            Of(data, layer, $"linear: {(areClasses ? loaded.Train.Classes : 1)}", areClasses ? "cross-entropy" : "mse"),
            loaded, "test.yaml");
    }

    private static Experiment Of(string data, string layer, string last, string loss = "cross-entropy") =>
        Trainings.Parse($$"""
            name: look-ahead
            data: { {{data}} }
            model:
              - linear: 8
              - {{layer}}
              - {{last}}
            loss: {{loss}}
            optimizer: { adam: { lr: 0.01 } }
            training: { steps: 1, batch: 4 }
            """);
}
