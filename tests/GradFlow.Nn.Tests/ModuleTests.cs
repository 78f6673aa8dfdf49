using System.Text.Json;
using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn.Tests;

public sealed class ModuleTests
{
    private static readonly JsonElement Norms = Reference.Root.GetProperty("modules");
    private static readonly int[] BatchShape =
        [Norms.GetProperty("batch").GetInt32(), Norms.GetProperty("features").GetInt32()];

    [Fact]
    public void Batch_norm_trains_and_evaluates_as_in_PyTorch()
    {
        var norm = new BatchNorm("1.batch-norm", BatchShape[1]);
        Kernels.Copy(Norms.Numbers("gain").ToTensor(), norm.Gain.Value);
        Kernels.Copy(Norms.Numbers("shift").ToTensor(), norm.Shift.Value);
        double[][] inputs = Norms.Rows("inputs");
        foreach ((double[] input, double[] expected) in inputs.Zip(Norms.Rows("training")))
            Apply(norm, input.ToTensor(extents: BatchShape), Training(0)).ToDoubles().ShouldBe(expected, 1e-5);
        norm.RunningMean.ToDoubles().ShouldBe(Norms.Numbers("running_mean"), 1e-6);
        norm.RunningVariance.ToDoubles().ShouldBe(Norms.Numbers("running_variance"), 1e-6);
        Apply(norm, inputs[3].ToTensor(extents: BatchShape), Pass.Evaluation).ToDoubles()
            .ShouldBe(Norms.Numbers("evaluation"), 1e-5);
    }

    [Fact]
    public void Batch_norm_in_evaluation_keeps_its_running_statistics_and_judges_each_sample_alone()
    {
        var norm = new BatchNorm("1.batch-norm", 3);
        Apply(norm, Random(new Shape(8, 3), 1), Training(0));
        double[] mean = norm.RunningMean.ToDoubles(), variance = norm.RunningVariance.ToDoubles();
        Tensor batch = Random(new Shape(8, 3), 2), all = Apply(norm, batch, Pass.Evaluation);
        Tensor alone = Apply(norm, batch.Slice(0, 5, 1).Clone(), Pass.Evaluation);
        alone.ToDoubles().ShouldBe(all.Slice(0, 5, 1).ToDoubles());
        norm.RunningMean.ToDoubles().ShouldBe(mean);
        norm.RunningVariance.ToDoubles().ShouldBe(variance);
    }

    [Fact]
    public void Batch_norm_trains_the_gain_and_shift_in_evaluation_mode_too()
    {
        var norm = new BatchNorm("n", 2, type: ElementType.Float64);
        Apply(norm, Random(new Shape(8, 2), 1, ElementType.Float64), Training(0));
        GradientCheck.Run(
            (_, inputs) => norm.Apply(inputs[0], Pass.Evaluation),
            [Random(new Shape(4, 2), 2, ElementType.Float64)]).RelativeError.ShouldBeLessThan(1e-6);
    }

    [Fact]
    public void Layer_norm_agrees_with_PyTorch()
    {
        var norm = new LayerNorm("1.layer-norm", BatchShape[1]);
        Kernels.Copy(Norms.Numbers("gain").ToTensor(), norm.Gain.Value);
        Kernels.Copy(Norms.Numbers("shift").ToTensor(), norm.Shift.Value);
        Apply(norm, Norms.Rows("inputs")[3].ToTensor(extents: BatchShape), Training(0)).ToDoubles()
            .ShouldBe(Norms.Numbers("layer_norm"), 1e-5);
    }

    [Fact]
    public void Dropout_zeroes_a_share_p_and_keeps_the_mean()
    {
        const int Count = 40_000;
        const double P = 0.3;
        double[] y = Apply(new Dropout("2.dropout", P), Tensor.Full(new Shape(200, 200), 1), Training(0)).ToDoubles();
        double standardError = Math.Sqrt(P * (1 - P) / Count);
        ((double)y.Count(value => value == 0) / Count).ShouldBe(P, 4 * standardError);
        y.Average().ShouldBe(1, 4 * standardError / (1 - P));
        y.ShouldAllBe(value => value == 0 || value == (float)(1 / (1 - P)));
    }

    [Fact]
    public void Dropout_draws_depend_on_seed_step_and_name_and_on_nothing_else()
    {
        Tensor x = Tensor.Full(new Shape(8, 50), 1);
        double[] Draw(string name, long seed, long step) =>
            Apply(new Dropout(name, 0.5), x, new Pass(true, new StepDraws(seed, step))).ToDoubles();
        double[] first = Draw("2.dropout", 7, 3);
        Draw("2.dropout", 7, 3).ShouldBe(first);
        Draw("2.dropout", 7, 4).ShouldNotBe(first);
        Draw("2.dropout", 8, 3).ShouldNotBe(first);
        Draw("5.dropout", 7, 3).ShouldNotBe(first);
    }

    [Fact]
    public void Dropout_is_the_identity_in_evaluation()
    {
        Tensor x = Random(new Shape(4, 5), 1);
        Apply(new Dropout("2.dropout", 0.9), x, Pass.Evaluation).ToDoubles().ShouldBe(x.ToDoubles());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0.25)]
    public void Residual_blocks_keep_the_identity_path_at_init(double scale)
    {
        var block = new Residual(
            "1.residual",
            [Linear("1.residual/0.linear", 6, 6, Initializers.Zeros()), new Relu("1.residual/1.relu")],
            scale);
        Tensor x = Random(new Shape(3, 6), 1), cotangent = Random(new Shape(3, 6), 2);
        using var tape = new Tape();
        Variable input = tape.Input(x), y = block.Apply(input, Training(0));
        y.Value.ToDoubles().ShouldBe(x.ToDoubles());
        tape.Gradients(y, [input], cotangent)[0]!.ToDoubles().ShouldBe(cotangent.ToDoubles());
    }

    [Fact]
    public void A_scaled_residual_block_adds_its_branch_times_the_scale()
    {
        Linear branch = Linear("0.linear", 4, 4, Initializers.HeNormal());
        Tensor x = Random(new Shape(3, 4), 1), b = Apply(branch, x, Training(0));
        double[] expected = x.ToDoubles().Zip(b.ToDoubles(), (own, other) => own + 0.5 * other).ToArray();
        Apply(new Residual("r", [branch], 0.5), x, Training(0)).ToDoubles().ShouldBe(expected, 1e-6);
    }

    [Fact]
    public void A_branch_that_changes_the_shape_is_refused_with_its_name()
    {
        var block = new Residual("3.residual", [Linear("3.residual/0.linear", 4, 5, Initializers.HeNormal())]);
        Should.Throw<ArgumentException>(() => Apply(block, Tensor.Zeros(new Shape(2, 4)), Training(0)))
            .Message.ShouldContain("the branch of 3.residual gives [2, 5], and [2, 4] lies beside it");
    }

    [Fact]
    public void Parameters_and_buffers_are_named_after_their_layer_in_the_order_in_which_data_passes()
    {
        var net = new Sequential("net",
        [
            new Flatten("0.flatten"), Linear("1.linear", 4, 6, Initializers.HeNormal()),
            new BatchNorm("2.batch-norm", 6), new Relu("3.relu"),
            new Residual(
                "4.residual",
                [
                    Linear("4.residual/0.linear", 6, 6, Initializers.HeNormal()),
                    new LayerNorm("4.residual/1.layer-norm", 6),
                ]),
        ]);
        net.AllParameters().Select(p => p.Name).ShouldBe(
        [
            "1.linear.weight", "1.linear.bias", "2.batch-norm.gain", "2.batch-norm.shift", "4.residual/0.linear.weight",
            "4.residual/0.linear.bias", "4.residual/1.layer-norm.gain", "4.residual/1.layer-norm.shift",
        ]);
        net.AllBuffers().Select(b => b.Name).ShouldBe(["2.batch-norm.running-mean", "2.batch-norm.running-variance"]);
        net.SelfAndDescendants().Select(m => m.Name).ShouldBe(
        [
            "net", "0.flatten", "1.linear", "2.batch-norm", "3.relu", "4.residual", "4.residual/0.linear",
            "4.residual/1.layer-norm",
        ]);
    }

    [Fact]
    public void Ops_are_recorded_in_the_scope_of_the_innermost_layer()
    {
        using var tape = new Tape();
        var net = new Sequential(
            "net",
            [
                Linear("0.linear", 4, 4, Initializers.HeNormal()),
                new Residual("1.residual", [new Tanh("1.residual/0.tanh")]),
            ]);
        net.Apply(tape.Constant(Tensor.Zeros(new Shape(2, 4))), Training(0));
        tape.Variables.Where(v => v.Operation is not null).Select(v => v.Scope)
            .ShouldBe(["0.linear", "1.residual/0.tanh", "1.residual"]);
    }

    internal static Linear Linear(string name, int inputs, int outputs, Initializer init, long seed = 1)
    {
        var weight = new Parameter($"{name}.weight", Tensor.Zeros(new Shape(outputs, inputs)));
        init.FillInPlace(weight.Value, new RandomKey(seed, "init", weight.Name));
        return new Linear(name, weight, new Parameter($"{name}.bias", Tensor.Zeros(new Shape(outputs))));
    }

    internal static Pass Training(long step) => new(true, new StepDraws(1, step));

    internal static Tensor Random(Shape shape, long seed, ElementType type = ElementType.Float32)
    {
        Tensor tensor = Tensor.Zeros(shape, type);
        Kernels.FillNormalInPlace(tensor, new RandomKey(seed, "test"), 0, 1);
        return tensor;
    }

    private static Tensor Apply(Module module, Tensor x, Pass pass)
    {
        using var tape = new Tape();
        return module.Apply(tape.Constant(x), pass).Value.Clone();
    }
}
