using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn.Tests;

public sealed class RecurrentTests
{
    private const int Samples = 3, Steps = 5, Inputs = 4, Units = 6;

    public static TheoryData<string> Cells => ["rnn-tanh", "rnn-relu", "rnn-identity", "lstm", "gru"];

    public static TheoryData<string, ElementType> References => new MatrixTheoryData<string, ElementType>(
        RecurrentReference.Names, [ElementType.Float32, ElementType.Float64]);

    public static TheoryData<string> Truncated => [.. RecurrentReference.Names.Where(name => name.Contains("cut"))];

    [Theory]
    [MemberData(nameof(References))]
    public void Outputs_and_gradients_are_those_of_PyTorch(string name, ElementType type)
    {
        RecurrentReference reference = RecurrentReference.Of(name);
        double bound = (type == ElementType.Float32 ? 1e-6 : 1e-12) * reference.Scale;
        Sequential net = reference.Net(type);
        using var tape = new Tape();
        Variable x = tape.Input(reference.Input("x").Clone(type)), y = net.Apply(x, ModuleTests.Training(0));

        Near(y.Value, reference.Output, bound, "y");
        Variable[] inputs = [x, .. net.AllParameters().Select(tape.Use)];
        string[] names = ["x", .. net.AllParameters().Select(p => p.Name)];
        Tensor?[] gradients = tape.Gradients(y, inputs, reference.Input("cotangent").Clone(type));
        for (int i = 0; i < names.Length; i++)
            Near(gradients[i].ShouldNotBeNull(), reference.Gradient(names[i]), bound, names[i]);
    }

    [Theory]
    [MemberData(nameof(Truncated))]
    public void Cutting_the_gradient_changes_no_bit_of_the_outputs(string name)
    {
        RecurrentReference reference = RecurrentReference.Of(name);
        double[] Outputs(bool isCut) =>
            Apply(reference.Net(ElementType.Float32, isCut), reference.Input("x").Clone(ElementType.Float32));

        Outputs(isCut: true).ShouldBe(Outputs(isCut: false));
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void Derivatives_by_the_input_are_those_of_central_differences(string cell)
    {
        foreach (int? window in (int?[])[null, Steps])
        {
            Recurrent layer = Recurrences.Draw(cell, Inputs, Units, window);
            GradientCheck.Run((_, x) => layer.Apply(x[0], ModuleTests.Training(0)), [Sequences()])
                .RelativeError.ShouldBeLessThan(1e-6);
        }
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void Derivatives_by_the_parameters_are_those_of_central_differences(string cell)
    {
        const double H = 1e-5;
        Recurrent layer = Recurrences.Draw(cell, Inputs, Units);
        Tensor x = Sequences();
        Tensor cotangent = ModuleTests.Random(new Shape(Samples, Steps, Units), 8, ElementType.Float64);
        using (var tape = new Tape())
            tape.Backward(layer.Apply(tape.Constant(x), ModuleTests.Training(0)), cotangent);
        double[] weights = cotangent.ToDoubles();
        foreach (Parameter parameter in layer.OwnParameters)
        {
            Tensor direction = ModuleTests.Random(parameter.Value.Shape, 9, ElementType.Float64);
            double At(double h)
            {
                Kernels.AddScaledInPlace(parameter.Value, h, direction);
                double value = Apply(layer, x).Zip(weights, (y, weight) => y * weight).Sum();
                Kernels.AddScaledInPlace(parameter.Value, -h, direction);
                return value;
            }
            double numeric = (At(H) - At(-H)) / (2 * H);
            Kernels.Dot(parameter.Gradient, direction).ShouldBe(numeric, 1e-6 * Math.Max(1, Math.Abs(numeric)));
        }
    }

    [Theory]
    [InlineData("rnn-tanh")]
    [InlineData("rnn-identity")]
    [InlineData("lstm")]
    [InlineData("gru")]
    public void The_gradient_reaches_the_inputs_of_its_window_and_no_others(string cell)
    {
        const int Window = 2;
        Recurrent layer = Recurrences.Draw(cell, Inputs, Units, Window);
        for (int step = 0; step < Steps; step++)
        {
            using var tape = new Tape();
            Variable x = tape.Input(Sequences()), y = layer.Apply(x, ModuleTests.Training(0));
            Tensor gradient = tape.Gradients(Ops.Select(y, 1, step), [x], Ones(Samples, Units))[0]!;
            for (int t = 0; t < Steps; t++)
            {
                bool reaches = Kernels.MaxAbs(gradient.Slice(1, t, 1).Clone()) > 0;
                reaches.ShouldBe(t <= step && t >= layer.WindowStart(step, Steps), $"output {step} by input {t}");
            }
        }
    }

    [Theory]
    [InlineData(null, new[] { 0, 0, 0, 0, 0 })]
    [InlineData(1, new[] { 0, 1, 2, 3, 4 })]
    [InlineData(2, new[] { 0, 1, 1, 3, 3 })]
    [InlineData(3, new[] { 0, 0, 2, 2, 2 })]
    [InlineData(5, new[] { 0, 0, 0, 0, 0 })]
    [InlineData(int.MaxValue, new[] { 0, 0, 0, 0, 0 })]
    public void Windows_are_counted_from_the_end(int? window, int[] starts)
    {
        Recurrent layer = Recurrences.Draw("gru", Inputs, Units, window);
        Enumerable.Range(0, Steps).Select(step => layer.WindowStart(step, Steps)).ShouldBe(starts);
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void A_layer_reads_sequences_of_any_length(string cell)
    {
        Recurrent layer = Recurrences.Draw(cell, Inputs, Units);
        Tensor all = Sequences(), whole = Outputs(layer, all);
        for (int steps = 1; steps <= Steps; steps++)
        {
            Tensor start = Outputs(layer, all.Slice(1, 0, steps).Clone());
            start.Shape.ShouldBe(new Shape(Samples, steps, Units));
            start.ToDoubles().ShouldBe(whole.Slice(1, 0, steps).Clone().ToDoubles(), 1e-14);
        }
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void What_is_no_sequence_of_its_width_is_refused_in_one_line(string cell)
    {
        Recurrent layer = Recurrences.Draw(cell, Inputs, Units);
        string Refusal(params int[] extents) => Should.Throw<ArgumentException>(
            () => Apply(layer, Tensor.Zeros(new Shape(extents), ElementType.Float64))).Message;

        Refusal(3, 4).ShouldBe($"'{cell}' got [3, 4]; expected sequences [n, T, 4]");
        Refusal(3, 5, 6).ShouldBe($"'{cell}' got [3, 5, 6]; expected sequences [n, T, 4]");
        Refusal(3, 5, 2, 4).ShouldBe($"'{cell}' got [3, 5, 2, 4]; expected sequences [n, T, 4]");
        Should.Throw<ArgumentOutOfRangeException>(() => Recurrences.Draw(cell, Inputs, Units, window: 0));
    }

    [Fact]
    public void The_last_step_alone_is_taken_and_gets_the_gradient()
    {
        using var tape = new Tape();
        Variable x = tape.Input(Tensor.From([1f, 2, 3, 4, 5, 6, 7, 8], 2, 2, 2));
        Variable y = new LastStep("last-step-1").Apply(x, ModuleTests.Training(0));

        y.Shape.ShouldBe(new Shape(2, 2));
        y.Value.ToDoubles().ShouldBe([3, 4, 7, 8]);
        tape.Gradients(y, [x], Tensor.From([9f, 10, 11, 12], 2, 2))[0]!.ToDoubles()
            .ShouldBe([0, 0, 9, 10, 0, 0, 11, 12]);
        Should.Throw<ArgumentException>(() => new LastStep("last-step-1").Apply(y, ModuleTests.Training(0)))
            .Message.ShouldBe("'last-step-1' got [2, 2]; expected sequences [n, T, features]");
    }

    private static Tensor Sequences() => ModuleTests.Random(new Shape(Samples, Steps, Inputs), 7, ElementType.Float64);

    private static Tensor Ones(params int[] extents) => Tensor.Full(new Shape(extents), 1, ElementType.Float64);

    private static double[] Apply(Module module, Tensor x) => Outputs(module, x).ToDoubles();

    private static Tensor Outputs(Module module, Tensor x)
    {
        using var tape = new Tape { IsRecording = false };
        return module.Apply(tape.Constant(x), ModuleTests.Training(0)).Value.Clone();
    }

    private static void Near(Tensor actual, Tensor expected, double bound, string what)
    {
        actual.Shape.ShouldBe(expected.Shape, what);
        actual.ToDoubles().ShouldBe(expected.ToDoubles(), bound, what);
    }
}
