namespace GradFlow.Experiments.Tests;

/// <summary>One line says of layers that cannot be built where they stand, and what was expected.</summary>
public sealed class BadModelTests
{
    public static TheoryData<string, string> Models => new()
    {
        { "[]", "'model' is empty; expected at least one entry" },
        { "relu", "'model' must be a list, found 'relu'" },
        { "[ linear ]", "'linear' needs more than its name; write linear: { out: … }" },
        { "[ linear: ]", "'linear' needs more than its name; write linear: { out: … }" },
        { "[ linear: -5 ]", "'out' in 'linear' must be at least 1 and at most 100,000, found '-5'" },
        { "[ linear: 1e3 ]", "'out' in 'linear' must be a whole number, found '1e3'" },
        { "[ linear: { init: torch } ]", "key 'out' is missing in 'linear'" },
        {
            "[ linear: { out: 4, bias: he-normal } ]",
            "initialisation 'he-normal' is unknown; expected one of: constant, normal, torch, uniform, zeros"
        },
        { "[ linear: { out: 4, init: none } ]", "initialisation 'none' is unknown; expected one of: constant, "
            + "critical, delta-orthogonal, he-normal, he-uniform, identity, lecun-normal, lecun-uniform, lsuv, normal, "
            + "orthogonal, ridge, spectral-radius, torch, uniform, xavier-normal, xavier-uniform, zeros" },
        { "[ sigmoid: 3 ]", "'sigmoid' takes no value; write it as a bare name" },
        { "[ dropout: 1 ]", "'p' in 'dropout' must be at least 0 and below 1, found '1'" },
        { "[ repeat: { times: 0, layers: [relu] } ]",
            "'times' in 'repeat' must be at least 1 and at most 10,000, found '0'" },
        { "[ repeat: { times: 2 } ]", "key 'layers' is missing in 'repeat'" },
        { "[ repeat: { times: 2, layers: [] } ]", "'layers' in 'repeat' is empty; expected at least one entry" },
        { "[ [relu] ]", "an entry of 'model' must be the name of a layer or a map with that name as its one key, "
            + "found a list" },
        { "[ repeat: { times: 9999, layers: [relu, relu, relu, relu, relu, tanh] } ]",
            "'model' has 59,994 layers with its repeats; at most 50,000 can be built" },
        { "[ repeat: { times: 9999, layers: [ repeat: { times: 9999, layers: [ repeat: { times: 9999, layers: "
            + "[ repeat: { times: 9999, layers: [relu] } ] } ] } ] } ]",
            "'model' has more than 10^12 layers with its repeats; at most 50,000 can be built" },
        { "[ repeat: { times: 5000, layers: [ linear: 1000 ] } ]",
            "'model' has 4,999,000,000 weights; at most 250,000,000 can be trained" },
        { "[ rnn: { out: 4, activation: sigmoid } ]",
            "'activation' in 'rnn' is 'sigmoid'; expected one of: tanh, relu, identity, mod-relu" },
        { "[ lstm ]", "'lstm' needs more than its name; write lstm: { out: … }" },
        { "[ gru: 0 ]", "'out' in 'gru' must be at least 1 and at most 10,000, found '0'" },
        { "[ gru: { out: 4, forget-bias: 1 } ]", "key 'forget-bias' is unknown in 'gru'; "
            + "expected one of: out, init, recurrent-init, bias, bidirectional, skip, skip-init, update-bias, chrono" },
        { "[ irnn: { out: 4, recurrent-init: torch } ]",
            "key 'recurrent-init' is unknown in 'irnn'; expected one of: out, init" },
    };

    /// <summary>There are more layers than a line holds.</summary>
    [Theory]
    [InlineData("sigmod", "did you mean 'sigmoid'? ", "sigmoid")]
    [InlineData("Sigmoid", "did you mean 'sigmoid'? ", "sigmoid")]
    [InlineData("conv3d", "did you mean 'conv1d'? ", "conv2d")]
    [InlineData("fourier", "", "linear")]
    public void An_unknown_layer_is_named_with_those_most_like_it(string name, string hint, string alike)
    {
        string message = Refusal.Of(Samples.Small.Replace("- flatten", $"- {name}"));

        message.ShouldStartWith($"bad.yaml:5: layer '{name}' is unknown; {hint}expected one of: ");
        message.Split(": ")[^1].Split(", ").ShouldContain(alike);
        message.ShouldEndWith(", …");
        message.Length.ShouldBeLessThan(500);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void A_wrong_model_is_named_with_what_was_expected(string model, string expected)
    {
        string text = $"name: m\ndata: strokes\nloss: mse\noptimizer: sgd\ntraining: {{ epochs: 1 }}\nmodel: {model}";

        Refusal.Of(text).ShouldBe("bad.yaml:6: " + expected);
    }

    [Theory]
    [InlineData("lstm", "forget-bias")]
    [InlineData("gru", "update-bias")]
    public void A_gate_without_a_bias_can_be_given_none(string layer, string key) =>
        Refusal.Of($"name: m\ndata: adding\nloss: mse\noptimizer: sgd\ntraining: {{ epochs: 1 }}\n"
            + $"model: [ {layer}: {{ out: 4, bias: none, {key}: 1 }}, last-step, linear: 1 ]")
            .ShouldBe($"bad.yaml:6: '{key}' sets a bias, but 'bias' is none; leave one of them out");
}
