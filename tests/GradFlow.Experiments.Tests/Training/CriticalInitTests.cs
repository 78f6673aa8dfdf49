using GradFlow.Tensors;

namespace GradFlow.Experiments.Tests.Training;

public sealed class CriticalInitTests
{
    private const int Width = 400;

    [Theory]
    [InlineData("relu", 1.414214)]
    [InlineData("tanh", 1)]
    [InlineData("leaky-relu: 0.5", 1.264911)]
    public void Weights_have_the_critical_scale_of_the_activation_behind_them(string activation, double sigmaW)
    {
        ScaleOf("linear-2",
            $"[ linear: {{ out: {Width}, bias: zeros }}, gelu, {Critical}, batch-norm, {activation}, linear: 3 ]")
            .ShouldBe(sigmaW, Error(sigmaW));
        // The last layer has none behind it, so the one that it reads counts.
        ScaleOf("linear-2", $"[ linear: {{ out: {Width}, bias: zeros }}, {activation}, {Critical}, linear: 3 ]")
            .ShouldBe(sigmaW, Error(sigmaW));
    }

    [Fact]
    public void Biases_move_the_critical_line()
    {
        // Schoenholz et al. 2017, figure 1: σw = 1.306 at σb = 0.2 for tanh, by χ = 1 at the fixed point.
        ScaleOf(
            "linear-2",
            $"[ linear: {Width}, tanh, linear: {{ out: {Width}, init: critical, bias: {{ normal: 0.2 }} }}, "
                + "tanh, linear: 3 ]")
            .ShouldBe(1.306, Error(1.306) + 0.001);
    }

    [Fact]
    public void A_linear_nets_scale_is_one_and_recurrent_weights_have_none()
    {
        ScaleOf("linear-2", $"[ linear: {Width}, {Critical}, linear: 3 ]").ShouldBe(1, Error(1));
        foreach (string init in new[] { "critical", "lsuv" })
            Should.Throw<InvalidExperimentException>(() => ModelBuilder.Build(
                Trainings.OfModel($"[ rnn: {{ out: 8, init: {init} }}, last-step, linear: 3 ]"), [5, 2], "test.yaml"))
                .Message.ShouldContain($"'{init}' is for 'linear' and convolutions; expected another initialisation");
    }

    [Fact]
    public void Convolutions_take_the_critical_scale_and_unit_variance_too()
    {
        Model built = ModelBuilder.Build(
            Trainings.OfModel(
                "[ conv2d: { out: 200, kernel: 3, init: critical, bias: zeros }, relu, flatten, linear: 3 ]"),
            [20, 5, 5], "test.yaml");
        Tensor weight = built.Net.AllParameters()[0].Value;
        Math.Sqrt(Kernels.SumOfSquares(weight) / weight.Size * 180).ShouldBe(Math.Sqrt(2), 4 / Math.Sqrt(weight.Size));

        Experiment images = Trainings.OfModel(
            "[ conv2d: { out: 8, kernel: 3, init: lsuv }, relu, flatten, linear: 10 ]") with
        {
            Data = new StrokesSpec { Train = 64, Test = 10 },
        };
        Trainer trainer = Trainings.Start(images);
        trainer.Watch = new Flow.NetWatch(
            trainer.Model.Net, trainer.Describe(DateTimeOffset.UnixEpoch, "test").Structure, 16);
        trainer.Advance().Frame!.Forward!.Std![0]!.Value.ShouldBe(1, 0.01);
    }

    [Theory]
    [InlineData("relu")]
    [InlineData("tanh")]
    [InlineData("gelu")]
    public void Lsuv_layers_give_unit_variance_at_the_first_step(string activation)
    {
        const string layer = "linear: { out: 32, init: lsuv }";
        Trainer trainer = Trainings.Start(Trainings.OfModel(
            $"[ {layer}, repeat: {{ times: 9, layers: [ {activation}, {layer} ] }}, linear: 3 ]"));
        Runs.RunStructure structure = trainer.Describe(DateTimeOffset.UnixEpoch, "test").Structure;
        trainer.Watch = new Flow.NetWatch(trainer.Model.Net, structure, 16);
        Runs.Frame frame = trainer.Advance().Frame!;
        for (int i = 0; i < structure.Signals.Count; i++)
            if (structure.Signals[i] is { Type: "linear", Units: 32 })
                frame.Forward!.Std![i]!.Value.ShouldBe(1, 0.01, structure.Signals[i].Name);
    }

    private static string Critical => $"linear: {{ out: {Width}, init: critical, bias: zeros }}";

    /// <summary>Four standard errors of a root mean square over all draws.</summary>
    private static double Error(double sigmaW) => 4 * sigmaW / Math.Sqrt(2.0 * Width * Width) + 1e-6;

    private static double ScaleOf(string layer, string model)
    {
        Model built = ModelBuilder.Build(Trainings.OfModel(model), [2], "test.yaml");
        Tensor weight = built.Net.AllParameters().Single(p => p.Name == $"{layer}.weight").Value;
        return Math.Sqrt(Kernels.SumOfSquares(weight) / weight.Size * weight.Shape[1]);
    }
}
