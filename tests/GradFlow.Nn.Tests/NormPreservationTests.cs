using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn.Tests;

public sealed class NormPreservationTests
{
    private const int Samples = 3, Steps = 6, Inputs = 2, Units = 4;

    [Theory]
    [InlineData(RecurrentCell.Tanh, null)]
    [InlineData(RecurrentCell.Relu, null)]
    [InlineData(RecurrentCell.Linear, null)]
    [InlineData(RecurrentCell.Tanh, 4)]
    public void Penalty_and_immediate_derivative_are_those_of_the_formula(RecurrentCell cell, int? window)
    {
        Walk walk = Walk.Back(cell, window, factor: 0.7);
        double omega = walk.Omega(walk.Weight);
        walk.Penalty.ShouldBe(0.7 * omega, 1e-12 * omega);
        for (int i = 0; i < Units; i++)
            for (int j = 0; j < Units; j++)
            {
                double slope = 0.7 * (walk.Omega(walk.Moved(i, j, 1e-5)) - walk.Omega(walk.Moved(i, j, -1e-5))) / 2e-5;
                walk.Added[i, j].ShouldBe(slope, 1e-7 * Math.Max(1, Math.Abs(slope)));
            }
    }

    [Fact]
    public void The_size_of_the_loss_changes_nothing()
    {
        Walk plain = Walk.Back(RecurrentCell.Tanh, null, 1);
        Walk small = Walk.Back(RecurrentCell.Tanh, null, 1, scale: 1e-200);
        small.Penalty.ShouldBe(plain.Penalty, 1e-12 * plain.Penalty);
    }

    [Fact]
    public void An_orthogonal_linear_recurrence_costs_nothing()
    {
        Walk walk = Walk.Back(RecurrentCell.Linear, null, 1, isOrthogonal: true);
        walk.Penalty.ShouldBe(0, 1e-24);
        walk.Added.Cast<double>().ShouldAllBe(g => Math.Abs(g) < 1e-12);
    }

    [Fact]
    public void Steps_that_no_gradient_reaches_do_not_count()
    {
        Walk walk = Walk.Back(RecurrentCell.Tanh, null, 1, scale: 0);
        walk.Penalty.ShouldBe(0);
        walk.Added.Cast<double>().ShouldAllBe(g => g == 0);
    }

    [Fact]
    public void Two_of_them_add_up()
    {
        var u = new Parameter("u", Tensor.From([0.5]).Reshape(new Shape(1, 1)));
        using var tape = new Tape();
        new NormPreservation(1, [u]).Penalty(tape).ShouldBeNull();
        new NormPreservation(2, [u]).Penalty(tape).ShouldBeNull();
        tape.Use(u).NormPenalty!.Factor.ShouldBe(3);
    }

    [Fact]
    public void A_negative_factor_is_refused() =>
        Should.Throw<ArgumentOutOfRangeException>(() => new NormPreservation(-1, []));

    /// <summary>One way back with and without the penalty, and what it is made of by plain loops.</summary>
    private sealed record Walk(RecurrentCell Cell, int? Window, double[,] Weight)
    {
        private static readonly RandomKey Key = new(11, "norm preservation");

        private double[,,] States { get; set; } = new double[0, 0, 0];

        private double[,,] Cotangents { get; set; } = new double[0, 0, 0];

        public double Penalty { get; private set; }

        public double[,] Added { get; } = new double[Units, Units];

        public static Walk Back(
            RecurrentCell cell, int? window, double factor, double scale = 1, bool isOrthogonal = false)
        {
            Tensor u = Normal("u", Units, Units);
            if (isOrthogonal) Initializers.Orthogonal(1).FillInPlace(u, Key);
            var walk = new Walk(cell, window, ToMatrix(u));
            Tensor w = Normal("w", Units, Inputs), x = Normal("x", Samples, Steps, Inputs);
            Tensor seed = Normal("g", Samples, Steps, Units);
            walk.Run(x, w, seed);
            Tensor scaled = Tensor.Zeros(seed.Shape, ElementType.Float64);
            Kernels.Scale(seed, scale, scaled);
            double[] with = walk.Gradient(x, w, u, scaled, factor), without = walk.Gradient(x, w, u, scaled, null);
            for (int i = 0; i < Units * Units; i++) walk.Added[i / Units, i % Units] = with[i] - without[i];
            return walk;
        }

        public double Omega(double[,] u)
        {
            double sum = 0;
            int count = 0;
            for (int n = 0; n < Samples; n++)
                for (int t = 1; t < Steps; t++)
                {
                    if (Window is { } length && (Steps - t) % length == 0) continue;
                    double before = 0, after = 0;
                    for (int i = 0; i < Units; i++)
                    {
                        double carried = 0;
                        for (int j = 0; j < Units; j++) carried += Cotangents[n, t, j] * u[j, i];
                        carried *= Slope(States[n, t - 1, i]);
                        before += carried * carried;
                        after += Cotangents[n, t, i] * Cotangents[n, t, i];
                    }
                    if (after == 0) continue;
                    sum += (before / after - 1) * (before / after - 1);
                    count++;
                }
            return sum / count;
        }

        public double[,] Moved(int row, int column, double by)
        {
            double[,] u = (double[,])Weight.Clone();
            u[row, column] += by;
            return u;
        }

        private double[] Gradient(Tensor x, Tensor w, Tensor u, Tensor seed, double? factor)
        {
            var parameter = new Parameter("u", u);
            var penalty = new NormPreservation(factor ?? 0, [parameter]);
            using var tape = new Tape();
            if (factor is not null) penalty.Penalty(tape).ShouldBeNull();
            Variable h = Ops.Rnn(
                tape.Constant(x), new RecurrentInputs(tape.Constant(w), tape.Use(parameter)), Cell, Window);
            tape.Backward(h, seed);
            if (factor is not null) Penalty = penalty.After(tape);
            return parameter.Gradient.ToDoubles();
        }

        /// <summary>Forward and back through time by plain loops.</summary>
        private void Run(Tensor x, Tensor w, Tensor seed)
        {
            (States, Cotangents) = (new double[Samples, Steps, Units], new double[Samples, Steps, Units]);
            for (int n = 0; n < Samples; n++)
            {
                for (int t = 0; t < Steps; t++)
                    for (int i = 0; i < Units; i++)
                    {
                        double a = 0;
                        for (int j = 0; j < Inputs; j++) a += w[i, j] * x[n, t, j];
                        for (int j = 0; t > 0 && j < Units; j++) a += Weight[i, j] * States[n, t - 1, j];
                        States[n, t, i] = Cell switch
                        {
                            RecurrentCell.Tanh => Math.Tanh(a),
                            RecurrentCell.Relu => Math.Max(a, 0),
                            _ => a,
                        };
                    }
                for (int t = Steps - 1; t >= 0; t--)
                    for (int i = 0; i < Units; i++)
                    {
                        double g = seed[n, t, i];
                        bool isCut = t + 1 == Steps || (Window is { } length && (Steps - t - 1) % length == 0);
                        for (int j = 0; !isCut && j < Units; j++) g += Cotangents[n, t + 1, j] * Weight[j, i];
                        Cotangents[n, t, i] = g * Slope(States[n, t, i]);
                    }
            }
        }

        private double Slope(double h) => Cell switch
        {
            RecurrentCell.Tanh => 1 - h * h,
            RecurrentCell.Relu => h > 0 ? 1 : 0,
            _ => 1,
        };

        private static Tensor Normal(string name, params int[] shape)
        {
            var dimensions = new Shape(shape);
            return Tensor.From([.. Enumerable.Range(0, dimensions.Size).Select(
                i => 0.6 * new RandomKey(11, name).Normal(i))]).Reshape(dimensions);
        }

        private static double[,] ToMatrix(Tensor u)
        {
            double[,] matrix = new double[Units, Units];
            for (int i = 0; i < Units; i++)
                for (int j = 0; j < Units; j++) matrix[i, j] = u[i, j];
            return matrix;
        }
    }
}
