using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn.Tests;

/// <summary>Gradients of real nets against closed forms, by the cotangent at each linear layer.</summary>
public sealed class GradientFlowTests
{
    private const int Width = 128, Depth = 30, Batch = 8, Margin = 10, Seeds = 8;

    /// <summary>ReLU's edge of chaos (He et al. 2015): χ = σw²/2.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(0.7)]
    public void Relu_multiplies_the_squared_gradient_by_half_of_sigma_squared(double sigmaSquared) =>
        ShouldFollow(Initializers.HeNormal(Math.Sqrt(sigmaSquared)), isRelu: true, sigmaSquared / 2, 1.5);

    [Fact]
    public void Xavier_weights_halve_a_relu_nets_amplitude_every_two_layers()
    {
        (double log10Squared, int layers) = Decay(Initializers.XavierNormal(), isRelu: true);
        double amplitude = Math.Pow(10, log10Squared / 2);
        (amplitude / Math.Pow(2, -layers / 2.0)).ShouldBeInRange(1 / 1.5, 1.5);
    }

    /// <summary>U(±1/√n), which is PyTorch's default (Glorot &amp; Bengio 2010): n·Var = ⅓.</summary>
    [Theory]
    [InlineData(false, 3)]
    [InlineData(true, 6)]
    public void Default_weights_divide_the_squared_gradient_by_3_and_with_relu_by_6(bool isRelu, double divisor) =>
        ShouldFollow(Initializers.Torch(), isRelu, 1 / divisor, 2);

    [Fact]
    public void Orthogonal_weights_keep_the_gradient_of_a_linear_net()
    {
        (double log10Squared, _) = Decay(Initializers.Orthogonal(), isRelu: false);
        log10Squared.ShouldBe(0, 1e-5);
    }

    /// <summary>Blocks x + α·W·relu(x) with He weights: E‖h‖² grows by 1 + α² per block.</summary>
    [Fact]
    public void Scaled_residual_blocks_grow_as_one_plus_alpha_squared()
    {
        const int Blocks = 100, Features = 64;
        double alpha = 1 / Math.Sqrt(Blocks), growth = 0;
        for (int seed = 0; seed < Seeds; seed++)
        {
            Module Block(int i) => new Residual(
                $"{i}",
                [new Relu($"{i}/0"), ModuleTests.Linear($"{i}/1", Features, Features, Initializers.HeNormal(), seed)],
                alpha);
            using var tape = new Tape { IsRecording = false };
            Tensor x = ModuleTests.Random(new Shape(Batch, Features), seed);
            var net = new Sequential("net", [.. Enumerable.Range(0, Blocks).Select(Block)]);
            Tensor y = net.Apply(tape.Constant(x), ModuleTests.Training(0)).Value;
            growth += Kernels.SumOfSquares(y) / Kernels.SumOfSquares(x) / Seeds;
        }
        growth.ShouldBe(2.7048138, 0.27);
    }

    private static void ShouldFollow(Initializer init, bool isRelu, double rate, double factor)
    {
        (double log10Squared, int layers) = Decay(init, isRelu);
        Math.Pow(10, log10Squared - layers * Math.Log10(rate)).ShouldBeInRange(1 / factor, factor);
    }

    /// <summary>
    /// log10 of how the squared gradient changes over the middle layers, averaged over seeds, and over how many layers.
    /// </summary>
    private static (double Log10Squared, int Layers) Decay(Initializer init, bool isRelu)
    {
        double sum = 0;
        for (int seed = 0; seed < Seeds; seed++)
        {
            double[] log10Norms = GradientNorms(init, isRelu, seed);
            sum += 2 * (log10Norms[Margin] - log10Norms[^(Margin + 1)]);
        }
        return (sum / Seeds, Depth - 1 - 2 * Margin);
    }

    private static double[] GradientNorms(Initializer init, bool isRelu, long seed)
    {
        var layers = new List<Module>();
        for (int i = 0; i < Depth; i++)
        {
            layers.Add(ModuleTests.Linear($"{2 * i}.linear", Width, Width, init, seed));
            if (isRelu) layers.Add(new Relu($"{2 * i + 1}.relu"));
        }
        var norms = new LinearCotangents();
        using var tape = new Tape(observer: norms);
        Variable y = new Sequential("net", layers).Apply(
            tape.Constant(ModuleTests.Random(new Shape(Batch, Width), seed)), ModuleTests.Training(0));
        tape.Backward(y, ModuleTests.Random(y.Shape, seed + 1000));
        norms.Log10Norms.Count.ShouldBe(Depth);
        return [.. Enumerable.Reverse(norms.Log10Norms)];
    }

    private sealed class LinearCotangents : ITapeObserver
    {
        public List<double> Log10Norms { get; } = [];

        public void Recorded(Variable result)
        {
        }

        public void Contributed(Variable consumer, int input, Cotangent share)
        {
        }

        public void Completed(Variable variable, Cotangent cotangent)
        {
            if (variable.Operation == "affine") Log10Norms.Add(cotangent.Log10Norm);
        }
    }
}
