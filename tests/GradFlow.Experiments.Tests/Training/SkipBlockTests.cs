using GradFlow.Autograd;

namespace GradFlow.Experiments.Tests.Training;

public sealed class SkipBlockTests
{
    [Theory]
    [InlineData("residual")]
    [InlineData("skip-init")]
    [InlineData("rezero")]
    [InlineData("fixup")]
    [InlineData("dense-concat")]
    public void A_deep_net_of_blocks_learns_where_the_plain_one_does_not(string block)
    {
        const string layer = "{ linear: { out: 8, init: { uniform: 0.3 } } }";
        double LossOf(string inner) => Trainings.Start(Trainings.OfModel(
            $"[ {layer}, tanh, repeat: {{ times: 20, layers: [ {inner} ] }}, linear: 3 ]", "{ steps: 80, batch: 32 }"))
            .Take(80)[^10..].Average(r => r.Loss);
        double plain = LossOf($"{layer}, tanh, {layer}, tanh");
        plain.ShouldBeGreaterThan(1);
        LossOf($"{block}: [ {layer}, tanh, {layer} ]").ShouldBeLessThan(0.6 * plain);
    }

    [Fact]
    public void A_projection_lies_beside_the_blocks_that_change_the_shape_alone()
    {
        const string block = "residual: { layers: [ linear: 12, tanh, linear: 12 ], "
            + "shortcut: projection, shortcut-init: orthogonal }";
        Trainer trainer = Trainings.Start(Trainings.OfModel(
            $"[ linear: 8, repeat: {{ times: 3, layers: [ {block}, tanh ] }}, linear: 3 ]",
            "{ steps: 60, batch: 32 }"));
        Parameter projection = trainer.Model.Net.AllParameters().Single(
            p => p.Name.Contains("shortcut", StringComparison.Ordinal));
        projection.Name.ShouldBe("residual-1.shortcut-weight");
        projection.Value.Shape.ShouldBe(new Tensors.Shape(12, 8));
        trainer.Model.InitNames[projection.Name].ShouldBe("orthogonal");
        double[] before = projection.Value.ToDoubles();
        List<Runs.StepRecord> records = trainer.Take(60);
        records[^10..].Average(r => r.Loss).ShouldBeLessThan(0.7 * records[..5].Average(r => r.Loss));
        projection.Value.ToDoubles().ShouldNotBe(before);
    }

    [Theory]
    [InlineData("projection", 2, new[] { 6, 4, 4 })]
    [InlineData("projection", 3, new[] { 6, 3, 3 })]
    [InlineData("zero-padding", 2, new[] { 6, 4, 4 })]
    public void A_shortcut_takes_the_stride_of_its_branch(string shortcut, int stride, int[] shape)
    {
        Model model = ModelBuilder.Build(Trainings.OfModel(
            $"[ residual: {{ layers: [ conv2d: {{ out: 6, kernel: 3, stride: {stride}, padding: 1 }} ], "
                + $"shortcut: {shortcut} }}, flatten, linear: 3 ]"), [2, 8, 8], "test.yaml");
        using var tape = new Tape();
        Variable x = tape.Constant(Tensors.Tensor.Zeros(new Tensors.Shape([5, 2, 8, 8])));
        model.Net.Children[0].Apply(x, new Nn.Pass(true, default)).Shape.ShouldBe(new Tensors.Shape([5, .. shape]));
    }

    [Fact]
    public void Fixup_counts_its_blocks_over_the_whole_net()
    {
        const string block = "fixup: [ linear: { out: 8, init: { constant: 1 } }, relu, linear: 8 ]";
        Model model = Trainings.Start(Trainings.OfModel(
            $"[ linear: 8, repeat: {{ times: 3, layers: [ {block} ] }}, {block}, linear: 3 ]")).Model;
        var weights = model.Net.AllParameters().ToDictionary(p => p.Name, p => p.Value);
        weights["linear-2.weight"].ToDoubles().ShouldAllBe(w => w == 0.5);
        weights["linear-9.weight"].ToDoubles().ShouldAllBe(w => w == 0);
    }

    [Fact]
    public void A_deep_net_of_highways_learns_if_its_gates_begin_as_good_as_closed()
    {
        const string layer = "{ linear: { out: 8, init: { uniform: 0.3 } } }";
        double LossOf(double bias) => Trainings.Start(Trainings.OfModel(
            $"[ {layer}, tanh, "
                + $"repeat: {{ times: 20, layers: [ highway: {{ layers: [ {layer}, tanh ], gate-bias: {bias} }} ] }}, "
                + "linear: 3 ]", "{ steps: 80, batch: 32 }")).Take(80)[^10..].Average(r => r.Loss);
        // What comes in passes by (1 − σ(b))²⁰: 0.96 of it at −6, a millionth at 0.
        LossOf(-6).ShouldBeLessThan(0.6 * LossOf(0));
    }

    [Fact]
    public void A_highway_maps_features_and_says_so()
    {
        Message("[ linear: 8, highway: [ linear: 5, tanh ], linear: 3 ]").ShouldBe(
            "test.yaml:4: model[1]: 'highway' adds 8 inputs to a branch of 5 outputs; expected as many of both");
        string Message(string model) =>
            Should.Throw<InvalidExperimentException>(() => Trainings.Start(Trainings.OfModel(model))).Message;
    }

    [Fact]
    public void Concatenated_features_reach_the_next_layer()
    {
        Model model = Trainings.Start(
            Trainings.OfModel("[ linear: 8, dense-concat: [ linear: 5, relu ], linear: 3 ]")).Model;
        model.Net.AllParameters().Single(p => p.Name == "linear-3.weight").Value.Shape.ShouldBe(
            new Tensors.Shape(3, 13));
    }
}
