using System.Reflection;
using GradFlow.Tensors;

namespace GradFlow.Autograd.Tests;

public sealed class OpTests
{
    /// <summary>
    /// Central differences with h = 10⁻⁵ are off by h²/6·f‴ ≈ 10⁻¹⁰ and by rounding, 10⁻¹⁶/h ≈ 10⁻¹¹ of the value, each
    /// over a derivative of at least 10⁻³.
    /// </summary>
    private const double Truncation = 1e-6;

    public static TheoryData<string> Names => [.. OpTable.Rows.Select(row => row.Op).Distinct()];

    [Theory]
    [MemberData(nameof(Names))]
    public void Derivatives_agree_with_central_differences(string op)
    {
        foreach (OpCase row in OpTable.Rows.Where(row => row.Op == op))
            GradientCheck.Run(row.Function, row.Inputs()).RelativeError.ShouldBeLessThan(Truncation, $"{row}");
    }

    /// <summary>
    /// A sine behind the op makes its cotangent depend on its value, and an input that is used twice adds up.
    /// </summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Derivatives_hold_inside_a_larger_graph(string op)
    {
        foreach (OpCase row in OpTable.Rows.Where(row => row.Op == op))
        {
            GradientCheckResult result = GradientCheck.Run(
                (tape, x) => Ops.Sin(row.Function(tape, x)) * row.Function(tape, x), row.Inputs(), seed: 1);
            result.RelativeError.ShouldBeLessThan(Truncation, $"{row}: {result}");
        }
    }

    [Fact]
    public void Every_public_op_has_a_row()
    {
        IEnumerable<string> ops = typeof(Ops).GetMethods(BindingFlags.Public | BindingFlags.Static)
            .Where(method => method.ReturnType == typeof(Variable)).Select(method => method.Name).Distinct();
        ops.Except(OpTable.Rows.Select(row => row.Op)).ShouldBeEmpty("OpTable lacks their rows");
    }

    [Fact]
    public void A_wrong_derivative_is_caught()
    {
        Tensor[] inputs = [Draws.Twofold("x", 4, 5)];
        Check((g, _, to) => Kernels.Copy(g, to)).ShouldBeLessThan(Truncation);
        Check((g, _, to) => Kernels.Scale(g, 1.001, to)).ShouldBeGreaterThan(1e-4);
        Check((g, _, to) => Kernels.Scale(g, -1, to)).ShouldBeGreaterThan(1);
        Check((g, x, to) => Kernels.Multiply(g, x, to)).ShouldBeGreaterThan(1e-2);
        Check((g, _, to) =>
        {
            Kernels.Copy(g, to);
            to[3, 4] = 0;
        }).ShouldBeGreaterThan(1e-3);
        Check((g, _, to) => Kernels.FillInPlace(to, double.NaN)).ShouldBe(double.NaN);

        double Check(Action<Tensor, Tensor, Tensor> derivative) =>
            GradientCheck.Run((tape, x) => Ops.Sin(Copied(tape, x[0], derivative)), inputs).RelativeError;
    }

    [Fact]
    public void A_derivative_that_is_right_along_later_inputs_only_is_caught()
    {
        Tensor[] inputs = [Draws.Twofold("x", 3), Draws.Twofold("y", 3)];
        GradientCheckResult result = GradientCheck.Run(
            (tape, x) => Copied(tape, x[0], (_, _, to) => Kernels.FillInPlace(to, double.NaN)) + x[1], inputs);
        result.RelativeError.ShouldBe(double.NaN);
        result.Input.ShouldBe(0);
        Should.Throw<ArgumentException>(() => GradientCheck.Run((_, x) => x[0], [Draws.Single("x", 3)]))
            .Message.ShouldContain("needs float64");
    }

    [Fact]
    public void Operators_are_the_ops_that_they_look_like()
    {
        using var tape = new Tape();
        Variable a = tape.Input(Draws.Twofold("a", 3)), b = tape.Input(Draws.Twofold("b", 3));
        (a + b).Value.ToDoubles().ShouldBe(Ops.Add(a, b).Value.ToDoubles());
        (a - b).Value.ToDoubles().ShouldBe(Ops.Subtract(a, b).Value.ToDoubles());
        (a * b).Value.ToDoubles().ShouldBe(Ops.Multiply(a, b).Value.ToDoubles());
        (3 * a).Value.ToDoubles().ShouldBe(Ops.Scale(a, 3).Value.ToDoubles());
    }

    [Fact]
    public void Operands_that_do_not_fit_are_named()
    {
        using Tape tape = new(), other = new();
        Variable x = tape.Input(Tensor.Zeros(new Shape(2, 3))), v = tape.Input(Tensor.Zeros(new Shape(2)));
        Message(() => Ops.MatMul(x, x)).ShouldContain("cannot multiply [2, 3] by [2, 3]");
        Message(() => Ops.Affine(x, v, null)).ShouldContain("input [2, 3] does not fit weight [2]");
        Message(() => Ops.Affine(x, x, tape.Input(Tensor.Zeros(new Shape(3)))))
            .ShouldContain("bias [3] does not fit weight [2, 3]");
        Message(() => x + v).ShouldContain("do not broadcast");
        Message(() => x + other.Input(x.Value)).ShouldContain("different tapes");
        Message(() => Ops.BatchNorm(x, v, v)).ShouldContain("expected [n, f] or [n, f, …], [f], [f]");
        Message(() => Ops.LayerNorm(x, v, v)).ShouldContain("expected [n, f], [f], [f]");
        Message(() => Ops.RmsNorm(x, v)).ShouldContain("expected [n, f], [f]");
        Message(() => Ops.WeightNorm(x, tape.Input(Tensor.Zeros(new Shape(3))))).ShouldContain(
            "expected [out, …], [out]");
        Message(() => Ops.Concatenate([x, v], 1)).ShouldContain("cannot concatenate [2] behind [2, 3]");
        Message(() => Ops.Softmax(v)).ShouldContain("expected [n, classes]");
        Message(() => Ops.CrossEntropy(x, new[] { 0 })).ShouldContain("1 labels for outputs of shape [2, 3]");
        Message(() => Ops.CrossEntropy(x, new[] { 0, 3 })).ShouldContain("label 3 with 3 outputs; expected 0 to 2");
        Message(() => Ops.NllProbabilities(x, new[] { -2, 0 })).ShouldContain(
            "label -2 with 3 outputs; expected 0 to 2, or -1 for none");
        Message(() => Ops.MeanSquaredError(x, v.Value)).ShouldContain("differ");
        Message(() => Ops.Dropout(x, 1, new RandomKey(1, "p"))).ShouldContain("expected [0, 1)");
        Message(() => Ops.MaxPool(x, new Window(2), new Window(2))).ShouldContain("expected [n, c, h, w] or [n, c, w]");
        Message(() => Ops.Convolve(x, x, null, new Convolution(new Window(3), new Window(3))))
            .ShouldContain("input [2, 3] does not fit weight [2, 3]");
        Message(() => Ops.Reshape(x, new Shape(5))).ShouldContain("6 elements against 5");
    }

    private static string Message(Func<Variable> call) => Should.Throw<ArgumentException>(() => call()).Message;

    /// <summary>
    /// An op that copies its input, with a derivative told the cotangent, the input and where to write.
    /// </summary>
    private static Variable Copied(Tape tape, Variable x, Action<Tensor, Tensor, Tensor> derivative)
    {
        Tensor y = tape.RentLike(x.Value);
        Kernels.Copy(x.Value, y);
        return tape.Record("copied", y, [x], (g, sink) =>
        {
            Tensor gx = tape.RentLike(g);
            derivative(g, x.Value, gx);
            sink.Give(0, gx);
        });
    }
}
