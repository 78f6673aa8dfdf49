using GradFlow.Autograd;
using GradFlow.Nn;
using GradFlow.Runs;
using GradFlow.Tensors;

namespace GradFlow.Flow.Tests;

public sealed class StateProbeTests
{
    [Theory]
    [InlineData(0.8)]
    [InlineData(1.3)]
    public void A_linear_layer_has_the_spectrum_of_its_matrix_at_every_step(double a)
    {
        // A quarter turn times a beside a shear: eigenvalues ±ai and a/2.
        Tensor u = Tensor.From([0, -a, 0, a, 0, 0, 0, 0, a / 2], 3, 3);
        TimeProfile profile = Cells.Profile(Cells.Rnn(null, u), Cells.Draw("x", 1, 2, 9, 3), Cells.LastOutputs);

        profile.Lyapunov!.Value.ShouldBe(Math.Log(a), 1e-3, "what isn't turned has died out but for (1/2)^2");
        RecurrentSpectrum spectrum = profile.Spectrum.ShouldNotBeNull();
        spectrum.Real.Zip(spectrum.Imaginary).OrderBy(value => value.Second).Select(value => value.First)
            .ShouldBe([0, a / 2, 0], 1e-12);
        spectrum.Imaginary.Order().ShouldBe([-a, 0, a], 1e-12);
        spectrum.Radius.ShouldBe(a, 1e-12);
        spectrum.Norm.ShouldBe(a, 1e-12);
        profile.Jacobians.ShouldNotBeNull().Select(jacobian => jacobian.TimeStep).ShouldBe([2, 4, 8]);
        foreach (JacobianSpectrum jacobian in profile.Jacobians)
            jacobian.SingularValues.ShouldBe([a, a, a, a / 2, a / 2], 1e-12);
        profile.Gates.ShouldBeNull();
    }

    [Fact]
    public void A_shear_grows_more_in_a_step_than_in_the_long_run()
    {
        TimeProfile profile = Cells.Profile(
            Cells.Rnn(null, Tensor.From([0.9, 10, 0, 0.9], 2, 2), Tensor.From([1.0, 0, 0, 1], 2, 2)),
            Tensor.Zeros(new Shape(1, 400, 2), ElementType.Float64), Cells.LastOutputs);
        profile.Spectrum!.Radius.ShouldBe(0.9, 1e-6);
        profile.Spectrum.Norm.ShouldBeGreaterThan(10);
        profile.Lyapunov!.Value.ShouldBe(Math.Log(0.9), 0.01);
    }

    [Fact]
    public void An_open_forget_gate_keeps_what_the_cell_holds()
    {
        TimeProfile profile = Cells.Profile(
            Cells.Lstm(forgetBias: 3), Cells.Draw("x", 1, 4, 30, 1), Cells.LastOutputs);
        double forget = 1 / (1 + Math.Exp(-3));
        profile.Lyapunov!.Value.ShouldBe(Math.Log(forget), 1e-12);
        GateStatistics gate = profile.Gates.ShouldNotBeNull()[1];
        (gate.Gate, gate.ClosedShare, gate.OpenShare).ShouldBe(("forget", 0, 1));
        gate.Mean.ShouldBe(forget, 1e-12);
        profile.Gates.Select(g => g.Gate).ShouldBe(["input", "forget", "output"]);
    }

    [Fact]
    public void An_update_gate_that_keeps_nothing_loses_all()
    {
        TimeProfile profile = Cells.Profile(
            Cells.Gru(updateBias: -3), Cells.Draw("x", 1, 4, 30, 1), Cells.LastOutputs);
        profile.Lyapunov!.Value.ShouldBe(-Math.Log(1 + Math.Exp(3)), 1e-12);
        profile.Gates!.Select(g => (g.Gate, g.ClosedShare)).ShouldBe([("reset", 0), ("update", 1)]);
    }

    [Fact]
    public void Rectifiers_that_are_all_off_lose_all_at_once()
    {
        TimeProfile profile = Cells.Profile(
            Cells.Rnn(new Relu("rnn-1"), Cells.Draw("u", 0.5, 4, 4), bias: Tensor.From([-9.0, -9, -9, -9])),
            Cells.Draw("x", 0.1, 2, 8, 3), Cells.LastOutputs);
        profile.Lyapunov.ShouldBe(double.NegativeInfinity);
    }

    [Fact]
    public void All_exponents_of_a_layer_sum_to_the_logs_of_its_determinants()
    {
        const int Units = 6, Steps = 40;
        using var tape = new Tape();
        Variable output = Cells.Rnn(new Tanh("rnn-1"), Cells.Draw("u", 0.6, Units, Units))
            .Apply(tape.Constant(Cells.Draw("x", 1, 2, Steps, 3)), Pass.Evaluation);
        StateMap map = output.Recurrence!.Map.ShouldNotBeNull();
        double[] exponents = LyapunovExponents.Of(map, 1, Units);
        exponents.ShouldBeInOrder(SortDirection.Descending);
        double logs = Enumerable.Range(1, Steps - 1).Sum(step => Math.Log(Math.Abs(
            MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.DenseOfArray(map.Jacobian(1, step)).Determinant())));
        exponents.Sum().ShouldBe(logs / (Steps - 1), 1e-9);
        LyapunovExponents.Of(map, 1, 1)[0].ShouldBe(exponents[0], 0.1, "another direction to start from");
    }

    [Fact]
    public void A_net_in_single_precision_has_the_exponents_of_the_same_in_double_precision()
    {
        const int Units = 6, Steps = 40;
        double[] Exponents(ElementType type)
        {
            using var tape = new Tape();
            Rnn rnn = Cells.Rnn(
                new Tanh("rnn-1"), Cells.Draw("u", 0.4, Units, Units).Clone(type),
                Cells.Draw("w", 0.3, Units, 3).Clone(type));
            Variable output = rnn.Apply(tape.Constant(Cells.Draw("x", 1, 2, Steps, 3).Clone(type)), Pass.Evaluation);
            return LyapunovExponents.Of(output.Recurrence!.Map!, 1, 2);
        }
        // Each step rounds U·v once, by a few units in the 24th place.
        Exponents(ElementType.Float32).ShouldBe(Exponents(ElementType.Float64), 1e-5);
    }

    [Fact]
    public void Exponents_need_steps_and_directions()
    {
        using var tape = new Tape();
        Variable output = Cells.Rnn(null, Cells.Scalar(0.5))
            .Apply(tape.Constant(Cells.Draw("x", 1, 1, 5, 3)), Pass.Evaluation);
        StateMap map = output.Recurrence!.Map!;
        Should.Throw<ArgumentOutOfRangeException>(() => LyapunovExponents.Of(map, 0, 2));
        Should.Throw<ArgumentOutOfRangeException>(() => LyapunovExponents.Of(map, 0, 1, settle: 4));
        Should.Throw<ArgumentOutOfRangeException>(() => LyapunovExponents.Of(map, 1, 1));
    }

    [Fact]
    public void Spectra_are_taken_as_often_as_the_budget_allows()
    {
        Rnn rnn = Cells.Rnn(new Tanh("rnn-1"), Cells.Draw("u", 0.1, 16, 16));
        Tensor x = Cells.Draw("x", 1, 4, 12, 3);
        bool[] Taken(double budget)
        {
            var watched = new Watched(Nets.Chain(rnn), x, new WatchOptions(budget, MaxInterval: 2))
            {
                Loss = Cells.LastOutputs,
            };
            return [.. Enumerable.Range(0, 256).Select(
                _ => watched.Step(x, rate: 0)?.ThroughTime?[0]?.Spectrum is not null)];
        }
        bool[] rare = Taken(1e-6);
        rare.Index().Where(step => step.Item).Select(step => step.Index).ShouldBe([0, 64, 128]);
        Taken(1).Count(isTaken => isTaken).ShouldBeGreaterThan(rare.Count(isTaken => isTaken));
    }

    [Fact]
    public void Weights_that_are_not_finite_have_no_spectrum()
    {
        Tensor u = Cells.Draw("u", 0.5, 3, 3);
        u[1, 1] = double.NaN;
        TimeProfile profile = Cells.Profile(
            Cells.Rnn(new Tanh("rnn-1"), u), Cells.Draw("x", 1, 2, 9, 3), Cells.LastOutputs);
        profile.Spectrum.ShouldBeNull();
        profile.Jacobians.ShouldNotBeNull().ShouldBeEmpty();
    }
}
