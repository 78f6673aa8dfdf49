using GradFlow.Nn;
using GradFlow.Tensors;
using GradFlow.Theory;

namespace GradFlow.Experiments;

/// <summary>
/// Builds what slides over images [channels, height, width] or over the time steps of sequences [T, features], and
/// theory's view of it.
/// </summary>
internal static class ConvolutionLayers
{
    /// <summary>Whether a layer is one of these.</summary>
    public static bool Slides(LayerSpec layer) =>
        layer is ConvSpec or PoolSpec or GlobalAvgPoolSpec or GlobalMaxPoolSpec;

    /// <summary>Dimensions that a layer slides along; null where both 1 and 2 will do.</summary>
    public static int? DimensionsOf(LayerSpec layer) => layer switch
    {
        Conv1dSpec or MaxPool1dSpec or AvgPool1dSpec => 1,
        Conv2dSpec or MaxPool2dSpec or AvgPool2dSpec => 2,
        _ => null,
    };

    /// <summary>What keeps a layer from sliding over samples of a shape; null if nothing does.</summary>
    public static string? FindProblem(LayerSpec layer, int[] shape)
    {
        if (shape.Length is not (2 or 3) || (DimensionsOf(layer) is { } asked && asked != shape.Length - 1))
            return $"gets samples of shape {Words.Shape(shape)}; expected "
                + DimensionsOf(layer) switch
                {
                    1 => "sequences [time steps, features], such as 'adding' has, "
                        + "and no 'last-step' or 'flatten' before it",
                    2 => "images [channels, height, width], such as 'strokes' and 'mnist' have, "
                        + "and no 'flatten' before it",
                    _ => "images or sequences, and no 'flatten' before it",
                };
        if (layer is ConvSpec conv && (Channels(shape) % conv.Groups != 0 || conv.Out % conv.Groups != 0))
            return $"has {Words.Count(Channels(shape), "input")} and {Words.Count(conv.Out, "output")} in "
                + $"{conv.Groups} groups of equal size; expected a divisor of both";
        if (layer is PoolSpec pool && 2 * pool.Padding > pool.Kernel)
            return $"has a window of {pool.Kernel} and padding of {pool.Padding}; "
                + "expected padding of at most half the window";
        if (WindowOf(layer) is not { } window) return null;
        int smallest = Extents(shape).Min();
        if (layer is ConvSpec { PaddingMode: PaddingMode.Circular } && window.Padding > smallest)
            return $"pads {smallest} entries by {window.Padding} from their other side; expected at most as many";
        long reach = ((long)window.Dilation * (window.Size - 1)) + 1;
        return reach > smallest + (2L * window.Padding)
            ? $"slides over {smallest + (2 * window.Padding)} entries, padding included, but reaches over {reach}; "
                + "expected a smaller 'kernel' or more 'padding'"
            : null;
    }

    /// <summary>The layer, its stage and the shape of what it gives; the layer fits.</summary>
    public static (Module Module, Stage Stage, int[] Shape) Build(
        LayerSpec layer, string name, int[] shape, long seed, Dictionary<string, string> initNames) => layer switch
        {
            ConvSpec spec => BuildConvolution(spec, name, shape, seed, initNames),
            PoolSpec spec => BuildPooling(spec, name, shape),
            _ => (
                new GlobalPool(name, KindOf(layer)),
                StageOf(layer, Extents(shape).Aggregate(1, (size, n) => size * n)), [Channels(shape)]),
        };

    /// <summary>Weights of a convolution over samples of a shape.</summary>
    public static double WeightsOf(LayerSpec layer, int[] shape) => layer is ConvSpec spec
        ? (double)spec.Out * Channels(shape) / spec.Groups * Math.Pow(spec.Kernel, shape.Length - 1)
        : 0;

    private static (Module, Stage, int[]) BuildConvolution(
        ConvSpec spec, string name, int[] shape, long seed, Dictionary<string, string> initNames)
    {
        Window window = WindowOf(spec)!.Value;
        bool isCircular = spec.PaddingMode == PaddingMode.Circular;
        Initializer init = Initialization.Of(spec.Init);
        Initializer? bias = spec.Bias is null or TorchInitSpec ? null : Initialization.Of(spec.Bias);
        Window rows = spec is Conv2dSpec ? window : Window.Single;
        var how = new Convolution(rows, window, spec.Groups, isCircular);
        Conv module = spec is Conv2dSpec
            ? Conv2d.Create(name, Channels(shape), spec.Out, how, seed, init, bias, spec.Bias is not null)
            : Conv1d.Create(name, Channels(shape), spec.Out, how, seed, init, bias, spec.Bias is not null);
        initNames[module.Weight.Name] = spec.Init.ToYaml();
        if (spec.Bias is not null) initNames[module.Bias!.Name] = spec.Bias.ToYaml();
        Shape weight = module.Weight.Value.Shape;
        int fanIn = weight.Size / weight[0];
        double share = isCircular
            ? 1
            : Extents(shape).Aggregate(1.0, (product, extent) => product * ShareMet(window, extent));
        double biasVariance = spec.Bias is null ? 0 : Initialization.BiasMeanSquare(spec.Bias, fanIn);
        Stage stage = spec.Init is ConstantInitSpec or LsuvInitSpec
            ? Initialization.StageOf(spec.Init, init, fanIn, spec.Out, biasVariance)
            : DenseStage.Convolution(fanIn, spec.Out, init.Variance(weight), biasVariance, share);
        return (module, stage, Slid(shape, window, spec.Out));
    }

    private static (Module, Stage, int[]) BuildPooling(PoolSpec spec, string name, int[] shape)
    {
        Window window = WindowOf(spec)!.Value;
        bool isPlane = DimensionsOf(spec) == 2;
        Module module = isPlane ? new Pool2d(name, KindOf(spec), window) : new Pool1d(name, KindOf(spec), window);
        return (module, StageOf(spec, isPlane ? window.Size * window.Size : window.Size), Slid(
            shape, window, Channels(shape)));
    }

    private static PoolingStage StageOf(LayerSpec pooling, int window) =>
        new(KindOf(pooling) == PoolingKind.Max ? 1 : window);

    private static PoolingKind KindOf(LayerSpec pooling) =>
        pooling is MaxPool1dSpec or MaxPool2dSpec or GlobalMaxPoolSpec ? PoolingKind.Max : PoolingKind.Average;

    private static Window? WindowOf(LayerSpec layer) => layer switch
    {
        ConvSpec spec => new Window(spec.Kernel, spec.Stride, spec.Padding, spec.Dilation),
        PoolSpec spec => new Window(spec.Kernel, spec.Stride ?? spec.Kernel, spec.Padding),
        _ => null,
    };

    /// <summary>The share of a window that lies on what it slides along, the mean over positions.</summary>
    private static double ShareMet(Window window, int extent)
    {
        int positions = window.PositionsAlong(extent), met = 0;
        for (int position = 0; position < positions; position++)
            for (int entry = 0; entry < window.Size; entry++)
                if ((uint)(position * window.Stride + entry * window.Dilation - window.Padding) < (uint)extent) met++;
        return (double)met / ((double)positions * window.Size);
    }

    /// <summary>Channels come first in images and last in sequences.</summary>
    private static int Channels(int[] shape) => shape.Length == 3 ? shape[0] : shape[1];

    private static int[] Extents(int[] shape) => shape.Length == 3 ? shape[1..] : shape[..1];

    private static int[] Slid(int[] shape, Window window, int channels)
    {
        int[] extents = [.. Extents(shape).Select(window.PositionsAlong)];
        return shape.Length == 3 ? [channels, .. extents] : [.. extents, channels];
    }
}
