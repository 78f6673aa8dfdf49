using GradFlow.Autograd;
using GradFlow.Nn;
using GradFlow.Tensors;

namespace GradFlow.Experiments.Tests.Training;

/// <summary>What slides over images and sequences, as an experiment file says it.</summary>
public sealed class ConvolutionLayerTests
{
    public static TheoryData<string, string> Shapes => new()
    {
        { "conv2d: 4", "[2, 4, 6, 6]" },
        { "conv2d: { out: 4, kernel: 5, stride: 2, padding: 2 }", "[2, 4, 4, 4]" },
        { "conv2d: { out: 4, padding: 1, padding-mode: circular, dilation: 3 }", "[2, 4, 4, 4]" },
        { "max-pool2d: 2", "[2, 1, 4, 4]" },
        { "avg-pool2d: { kernel: 3, stride: 2, padding: 1 }", "[2, 1, 4, 4]" },
        { "global-avg-pool", "[2, 1]" },
        { "global-max-pool", "[2, 1]" },
        { "residual: [ conv2d: { out: 1, padding: 1 }, batch-norm, relu ]", "[2, 1, 8, 8]" },
        { "flatten", "[2, 64]" },
    };

    public static TheoryData<string, string> Refused => new()
    {
        { "flatten, conv2d: 4", "'conv2d' gets samples of shape 64; expected images [channels, height, width]" },
        { "conv1d: 4", "'conv1d' gets samples of shape 1×8×8; expected sequences [time steps, features]" },
        { "flatten, global-avg-pool", "'global-avg-pool' gets samples of shape 64; expected images or sequences" },
        { "conv2d: { out: 4, kernel: 9 }",
            "slides over 8 entries, padding included, but reaches over 9; expected a smaller" },
        { "conv2d: { out: 4, padding: 9, padding-mode: circular }",
            "'conv2d' pads 8 entries by 9 from their other side" },
        { "conv2d: { out: 4, groups: 2 }", "'conv2d' has 1 input and 4 outputs in 2 groups of equal size" },
        { "max-pool2d: { kernel: 3, padding: 2 }",
            "has a window of 3 and padding of 2; expected padding of at most half" },
        { "residual: [ conv2d: 4 ]",
            "'residual' adds samples of shape 1×8×8 to a branch of shape 4×6×6; expected the same shape" },
        { "conv2d: 4, linear: 10", "linear gets samples of shape 4×6×6; put 'flatten' before it" },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Layers_give_the_shape_that_the_next_layer_is_built_for(string layer, string shape)
    {
        Module net = Build($"{layer}, flatten, linear: 10").Net;
        using var tape = new Tape();
        Variable x = tape.Constant(Tensor.Full(new Shape(2, 1, 8, 8), 1));
        net.Children[0].Apply(x, new Pass(IsTraining: true, default)).Shape.ToString().ShouldBe(shape);
        net.Apply(x, new Pass(IsTraining: true, default)).Shape.ShouldBe(new Shape(2, 10));
    }

    [Fact]
    public void Sequences_are_slid_over_along_their_time_steps()
    {
        Experiment experiment = Trainings.OfModel(
            "[ conv1d: { out: 6, padding: 1 }, relu, max-pool1d: 2, conv1d: 4, avg-pool1d: 2, global-max-pool, "
                + "linear: 3 ]");
        Module net = ModelBuilder.Build(experiment, [12, 2], "test.yaml").Net;
        using var tape = new Tape();
        Variable x = tape.Constant(Tensor.Full(new Shape(3, 12, 2), 1));
        string[] shapes = [.. net.Children.Select(layer => (x = layer.Apply(x, Pass.Evaluation)).Shape.ToString())];
        shapes.ShouldBe(["[3, 12, 6]", "[3, 12, 6]", "[3, 6, 6]", "[3, 4, 4]", "[3, 2, 4]", "[3, 4]", "[3, 3]"]);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_does_not_fit_is_refused_with_its_line(string model, string message)
    {
        string problem = Should.Throw<InvalidExperimentException>(() => Build(model)).Message;
        problem.ShouldStartWith("test.yaml:4: model[");
        problem.ShouldContain(message);
    }

    /// <summary>PyTorch draws weights and biases of a convolution from U(±1/√(in/groups·∏k)).</summary>
    [Fact]
    public void Default_draws_are_those_of_PyTorch()
    {
        const int FanIn = 8 * 25;
        Model model = Build(
            "conv2d: { out: 16, kernel: 1 }, conv2d: { out: 64, kernel: 5, groups: 2 }, flatten, linear: 10");
        var conv = (Conv2d)model.Net.Children[1];
        conv.Weight.Value.Shape.ShouldBe(new Shape(64, 8, 5, 5));
        foreach (Parameter parameter in conv.OwnParameters)
        {
            double[] draws = parameter.Value.ToDoubles();
            draws.ShouldAllBe(draw => Math.Abs(draw) <= (float)(1 / Math.Sqrt(FanIn)));
            // The squares of U(±a) have mean a²/3 and standard deviation a²·√(4/45).
            draws.Average(draw => draw * draw * FanIn).ShouldBe(1.0 / 3, 4 * Math.Sqrt(4 / 45.0 / draws.Length));
        }
        model.InitNames["conv2d-2.weight"].ShouldBe("torch");
    }

    /// <summary>A delta-orthogonal convolution with circular padding keeps norms (Xiao et al. 2018).</summary>
    [Fact]
    public void Delta_orthogonal_convolutions_keep_norms()
    {
        Tensor weight = Tensor.Zeros(new Shape(12, 12, 3, 3), ElementType.Float64);
        Initializers.DeltaOrthogonal().FillInPlace(weight, new RandomKey(1, "init"));
        var window = new Window(3, Padding: 1);
        var layer = new Conv2d(
            "conv2d-1", new Parameter("w", weight), null, new Convolution(window, window, isCircular: true));
        Tensor x = Tensor.Zeros(new Shape(2, 12, 6, 5), ElementType.Float64);
        Initializers.Normal(1).FillInPlace(x, new RandomKey(2, "x"));
        using var tape = new Tape();
        double norm = Kernels.Log10Norm(layer.Apply(tape.Constant(x), Pass.Evaluation).Value);
        norm.ShouldBe(Kernels.Log10Norm(x), 1e-12);
    }

    [Fact]
    public void A_net_of_convolutions_learns_and_resumes_to_the_same_bits()
    {
        Experiment experiment = Trainings.OfModel(
            "[ conv2d: { out: 8, padding: 1 }, batch-norm, relu, max-pool2d: 2, conv2d: { out: 8, padding: 1 }, relu, "
                + "flatten, linear: 10 ]",
            "{ steps: 60, batch: 32 }") with
        {
            Data = new StrokesSpec { Train = 200, Test = 10, Size = 8 },
            Optimizer = new AdamSpec { LearningRate = 0.02 },
        };
        Trainer trainer = Trainings.Start(experiment);
        double[] losses = [.. trainer.Take(30).Select(step => step.Loss)];
        TrainingState middle = trainer.Capture();
        string[] onward = [.. trainer.Take(5).Select(step => $"{step.Loss:R}")];
        losses.TakeLast(5).Average().ShouldBeLessThan(0.7 * losses[0]);
        Trainer resumed = Trainings.Start(experiment);
        resumed.Restore(middle);
        resumed.Take(5).Select(step => $"{step.Loss:R}").ShouldBe(onward);
    }

    private static Model Build(string model) =>
        ModelBuilder.Build(Trainings.OfModel($"[ {model} ]"), [1, 8, 8], "test.yaml");
}
