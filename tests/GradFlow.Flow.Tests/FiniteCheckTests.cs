using GradFlow.Autograd;
using GradFlow.Nn;
using GradFlow.Runs;
using GradFlow.Tensors;

namespace GradFlow.Flow.Tests;

public sealed class FiniteCheckTests
{
    private const int Step = 7;
    private static readonly Tensor Input = Tensor.Full(new Shape(2, 4), 1);

    [Fact]
    public void A_sound_step_has_no_origin() =>
        OriginOf(Nets.Chain(Nets.Linear("linear-1", 4, 4), new Tanh("tanh-1")), Input).ShouldBeNull();

    [Fact]
    public void An_overflow_on_the_way_forward_is_the_op_that_made_it_of_finite_numbers()
    {
        Sequential net = Nets.Chain(
            Nets.Constant("linear-1", 4, 1e20), new Relu("relu-1"), Nets.Constant("linear-2", 4, 1e20),
            new Tanh("tanh-2"));
        OriginOf(net, Input).ShouldBe(new NonFiniteOrigin(Step, "forward", "linear-2", "affine", "inf"));
    }

    [Fact]
    public void The_log_of_a_probability_that_is_zero_is_the_losss()
    {
        Sequential net = Nets.Chain(Nets.Linear("linear-1", 4, 4));
        Tensor probabilities = Tensor.From([1f, 0, 0.5f, 0.5f], 2, 2);
        OriginOf(net, Input, y => Ops.NllProbabilities(y.Tape.Constant(probabilities), new[] { 1, 0 })).ShouldBe(
            new NonFiniteOrigin(Step, "forward", "loss", "nll-probabilities", "inf"));
        OriginOf(net, Input, y => Ops.Sum(Ops.Log(y.Tape.Constant(probabilities)))).ShouldBe(
            new NonFiniteOrigin(Step, "forward", "loss", "log", "inf"));
    }

    [Theory]
    [InlineData(double.NaN, "nan")]
    [InlineData(double.NegativeInfinity, "inf")]
    public void A_number_in_the_data_is_the_datas(double value, string kind)
    {
        Tensor input = Input.Clone();
        input[1, 2] = value;
        OriginOf(Nets.Chain(Nets.Linear("linear-1", 4, 4)), input).ShouldBe(
            new NonFiniteOrigin(Step, "data", "input", "data", kind));
    }

    [Theory]
    [InlineData(double.NaN, "nan")]
    [InlineData(double.PositiveInfinity, "inf")]
    public void A_weight_that_is_not_finite_came_with_the_update_before(double value, string kind)
    {
        Linear second = Nets.Linear("linear-2", 4, 4);
        second.Weight.Value[1, 1] = value;
        OriginOf(Nets.Chain(Nets.Linear("linear-1", 4, 4), second), Input).ShouldBe(
            new NonFiniteOrigin(Step - 1, "update", "linear-2", "optimizer", kind));
    }

    [Fact]
    public void An_overflow_on_the_way_back_alone_is_the_op_that_made_it()
    {
        Sequential net = Nets.Chain(Nets.Constant("linear-1", 4, 1e-39));
        OriginOf(net, Input, y => Ops.Sum(1e4 * Ops.Log(y))).ShouldBe(
            new NonFiniteOrigin(Step, "backward", "loss", "log", "inf"));
    }

    [Fact]
    public void A_gradient_that_only_overflows_as_a_plain_number_is_its_parameters()
    {
        Sequential net = Nets.Chain(Nets.Constant("linear-1", 4, 1e-30), Nets.Constant("linear-2", 4, 1));
        OriginOf(net, Tensor.Full(new Shape(2, 4), 1e-3), y => Ops.Sum(1e30 * (1e30 * y))).ShouldBe(
            new NonFiniteOrigin(Step, "backward", "linear-1", "gradient", "inf"));
    }

    private static NonFiniteOrigin? OriginOf(Module net, Tensor input, Func<Variable, Variable>? loss = null)
    {
        var check = new FiniteCheck(Step);
        using var tape = new Tape(null, check);
        Variable output = net.Apply(tape.Constant(input), new Pass(true, default));
        tape.Backward((loss ?? Nets.RandomLoss)(output));
        return check.Origin;
    }
}
