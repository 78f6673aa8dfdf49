namespace GradFlow.Experiments.Tests;

/// <summary>How large weights may be when a training begins.</summary>
public sealed class InitLimitTests
{
    /// <summary>Theory squares them, and weights are of single precision.</summary>
    [Theory]
    [InlineData("linear: { out: 4, init: { normal: 1e200 } }", "'std' in 'normal' must be at least 0")]
    [InlineData("rnn: { out: 4, bias: { normal: 1e170 } }", "'std' in 'normal' must be at least 0")]
    [InlineData("rnn: { out: 4, recurrent-init: { uniform: 1e300 } }", "'a' in 'uniform' must be at least 0")]
    [InlineData("rnn: { out: 4, bias: { constant: -1e200 } }", "'c' in 'constant' must be at least -1,000,000")]
    [InlineData("linear: { out: 4, init: { xavier-normal: { gain: 1e308 } } }",
        "'gain' in 'xavier-normal' must be above 0")]
    [InlineData("rnn: { out: 4, recurrent-init: { orthogonal: { gain: 1e200 } } }",
        "'gain' in 'orthogonal' must be above 0")]
    [InlineData("rnn: { out: 4, recurrent-init: { spectral-radius: 1e200 } }",
        "'radius' in 'spectral-radius' must be at least 0")]
    [InlineData("echo-state: { out: 4, spectral-radius: 1e155 }",
        "'spectral-radius' in 'echo-state' must be at least 0")]
    [InlineData("echo-state: { out: 4, input-scale: 1e155 }", "'input-scale' in 'echo-state' must be at least 0")]
    [InlineData("echo-state: { out: 4, bias-scale: 1e155 }", "'bias-scale' in 'echo-state' must be at least 0")]
    public void Weights_begin_no_larger_than_can_be_reckoned_with(string layer, string expected) =>
        Refusal.Of($"name: m\ndata: adding\nloss: mse\noptimizer: sgd\ntraining: {{ epochs: 1 }}\nmodel: [ {layer} ]")
            .ShouldMatch($"^bad\\.yaml:6: {expected} and at most 1,000,000, found '-?1e[0-9]+'$");

    /// <summary>So that whoever adds an initialisation limits it too.</summary>
    [Fact]
    public void Every_number_of_an_initialisation_has_limits() =>
        typeof(InitSpec).Assembly.GetTypes()
            .Where(type => type.IsAssignableTo(typeof(InitSpec)) && type != typeof(RidgeInitSpec))
            .SelectMany(type => type.GetProperties()).Where(key => key.PropertyType == typeof(double))
            .Where(key => key.CustomAttributes.FirstOrDefault(a => a.AttributeType.Name == "LimitsAttribute")
                ?.NamedArguments.Any(a => a.MemberName == "AtMost") != true)
            .ShouldBeEmpty();
}
