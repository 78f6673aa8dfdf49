using GradFlow.Tensors;

namespace GradFlow.Autograd.Tests;

/// <summary>Values and gradients against PyTorch's float64 ones (tests/reference), from the same numbers.</summary>
public sealed class ReferenceTests
{
    private static readonly Dictionary<string, Func<Variable, Variable>> Activations = new()
    {
        ["identity"] = z => z,
        ["sigmoid"] = Ops.Sigmoid,
        ["tanh"] = Ops.Tanh,
        ["relu"] = Ops.Relu,
        ["leaky-relu"] = z => Ops.LeakyRelu(z),
        ["gelu"] = Ops.Gelu,
        ["exp"] = Ops.Exp,
        ["sin"] = Ops.Sin,
        ["elu"] = z => Ops.Elu(z),
        ["elu-1.5"] = z => Ops.Elu(z, 1.5),
        ["selu"] = Ops.Selu,
        ["gelu-tanh"] = Ops.GeluTanh,
        ["silu"] = Ops.Silu,
        ["softplus"] = z => Ops.Softplus(z),
        ["softplus-3"] = z => Ops.Softplus(3 * z, 3),
        ["softsign"] = Ops.Softsign,
        ["hard-tanh"] = z => Ops.HardTanh(z),
        ["hard-tanh-narrow"] = z => Ops.HardTanh(z, -0.3, 0.5),
        ["relu6"] = z => Ops.Relu6(4 * z),
        ["maxout-2"] = z => Ops.Maxout(z, 2),
        ["maxout-3"] = z => Ops.Maxout(z, 3, 1),
    };

    private delegate Variable Function(ReferenceCase reference, Tape tape, Dictionary<string, Variable> x);

    private static readonly Dictionary<string, Function> Functions = new()
    {
        ["batch-norm"] = (c, _, x) => Ops.BatchNorm(x["x"], x["gain"], x["shift"], c.Number("epsilon")),
        ["layer-norm"] = (c, _, x) => Ops.LayerNorm(x["x"], x["gain"], x["shift"], c.Number("epsilon")),
        ["group-norm"] = (c, _, x) =>
            Ops.GroupNorm(x["x"], (int)c.Number("groups"), x["gain"], x["shift"], c.Number("epsilon")),
        ["rms-norm"] = (c, _, x) => Ops.RmsNorm(x["x"], x["gain"], c.Number("epsilon")),
        ["weight-norm"] = (_, _, x) => Ops.WeightNorm(x["v"], x["scale"]),
        ["concatenate"] = (_, _, x) => Ops.Concatenate([x["first"], x["second"]], 1),
        ["softmax"] = (_, _, x) => Ops.Softmax(x["x"]),
        ["embedding"] = (c, _, x) => Ops.Embedding(x["weight"], c.Labels),
        ["prelu"] = (_, _, x) => Ops.Prelu(x["x"], x["slope"]),
        ["cross-entropy"] = (c, _, x) => Ops.CrossEntropy(x["x"], c.Labels),
        ["nll-probabilities"] = (c, _, x) => Ops.NllProbabilities(x["x"], c.Labels),
        ["binary-cross-entropy"] = (c, _, x) =>
            Ops.BinaryCrossEntropy(x["x"], c.Constant("targets", x["x"].Value.ElementType)),
        ["mse"] = (c, _, x) => Ops.MeanSquaredError(x["x"], c.Constant("targets", x["x"].Value.ElementType)),
        ["mlp"] = Mlp,
        ["convolve"] = (c, _, x) =>
            Ops.Convolve(x["x"], x["weight"], x.GetValueOrDefault("bias"), c.Convolution),
        ["max-pool"] = (c, _, x) => Ops.MaxPool(x["x"], c.Windows.Rows, c.Windows.Columns),
        ["average-pool"] = (c, _, x) => Ops.AveragePool(x["x"], c.Windows.Rows, c.Windows.Columns),
    };

    public static TheoryData<string, ElementType> Topics => new MatrixTheoryData<string, ElementType>(
        ["activations", "layers", "normalization", "losses", "mlp", "convolution", "pooling"],
        [ElementType.Float32, ElementType.Float64]);

    [Theory]
    [MemberData(nameof(Topics))]
    public void Values_and_gradients_are_those_of_PyTorch(string topic, ElementType type)
    {
        IReadOnlyList<ReferenceCase> cases = ReferenceData.Read(topic);
        cases.ShouldNotBeEmpty();
        foreach (ReferenceCase reference in cases) ShouldAgree(reference, type);
    }

    [Fact]
    public void A_step_of_descent_ends_at_the_weights_of_PyTorch()
    {
        ReferenceCase reference = ReferenceData.Read("mlp").Single();
        Parameter[] parameters =
            [.. reference.Gradients.Keys.Select(name => new Parameter(name, reference.Inputs[name]))];
        using var tape = new Tape();
        tape.Backward(Mlp(reference, tape, parameters.ToDictionary(p => p.Name, tape.Use)));
        foreach (Parameter parameter in parameters)
        {
            Kernels.AddScaledInPlace(parameter.Value, -reference.Number("rate"), parameter.Gradient);
            ShouldAgree(parameter.Value, reference.Outputs[parameter.Name], 1, parameter.Name);
        }
    }

    private static void ShouldAgree(ReferenceCase reference, ElementType type)
    {
        using var tape = new Tape();
        Dictionary<string, Variable> x =
            reference.Gradients.Keys.ToDictionary(name => name, name => tape.Input(reference.Inputs[name].Clone(type)));
        Variable y = Activations.TryGetValue(reference.Name, out Func<Variable, Variable>? phi)
            ? phi(Ops.Affine(x["x"], x["weight"], x["bias"]))
            : Functions[reference.Name](reference, tape, x);
        // Sums lose what cancels, so errors are relative to the largest number of the case.
        double scale = reference.Outputs.Values.Concat(reference.Gradients.Values).Max(Kernels.MaxAbs);
        ShouldAgree(y.Value, reference.Outputs["y"], scale, $"{reference.Name}: value");
        string[] names = [.. x.Keys];
        Tensor?[] gradients = tape.Gradients(y, [.. names.Select(name => x[name])], reference.Inputs["cotangent"]);
        for (int i = 0; i < names.Length; i++)
            ShouldAgree(gradients[i].ShouldNotBeNull(), reference.Gradients[names[i]], scale,
                $"{reference.Name}: gradient of {names[i]}");
    }

    private static void ShouldAgree(Tensor actual, Tensor expected, double scale, string what)
    {
        actual.Shape.ShouldBe(expected.Shape, what);
        double bound = (actual.ElementType == ElementType.Float32 ? 1e-6 : 1e-12) * scale;
        double[] left = actual.ToDoubles(), right = expected.ToDoubles();
        for (int i = 0; i < left.Length; i++) left[i].ShouldBe(right[i], bound, what);
    }

    private static Variable Mlp(ReferenceCase reference, Tape tape, Dictionary<string, Variable> x)
    {
        Variable h = tape.Constant(reference.Constant("data", x["weight0"].Value.ElementType));
        h = Ops.Tanh(Ops.Affine(h, x["weight0"], x["bias0"]));
        h = Ops.Relu(Ops.Affine(h, x["weight1"], x["bias1"]));
        return Ops.CrossEntropy(Ops.Affine(h, x["weight2"], x["bias2"]), reference.Labels);
    }
}
