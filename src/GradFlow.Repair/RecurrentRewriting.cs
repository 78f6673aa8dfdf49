using GradFlow.Experiments;

namespace GradFlow.Repair;

/// <summary>Rewrites recurrent layers, and knows how far back a task needs them to remember.</summary>
internal static class RecurrentRewriting
{
    /// <summary>The bias where nothing is known of the task (Jozefowicz, Zaremba &amp; Sutskever 2015).</summary>
    private const double UsualBias = 1;

    /// <summary>The longest time constant where nothing is known of the task, in time steps.</summary>
    private const double UsualTimeConstant = 20;

    /// <summary>
    /// A reservoir's spectral radius where nothing is known of the task, near the edge of forgetting.
    /// </summary>
    private const double UsualRadius = 0.95;

    /// <summary>The experiment with each layer replaced by what a function makes of it, inside of blocks too.</summary>
    public static Experiment Map(Experiment experiment, Func<LayerSpec, LayerSpec> change) =>
        experiment with { Model = LayerRewriting.Map(experiment.Model, change) };

    /// <summary>The experiment with gated layers of one kind in place of other recurrent ones.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="gated">Makes such a layer of its units and of its gates' bias.</param>
    public static Experiment WithGatedLayers<T>(Experiment experiment, Func<int, double, T> gated)
        where T : RecurrentSpec
    {
        double bias = GateBias(experiment);
        return Map(experiment, layer => layer switch
        {
            T => layer,
            RecurrentSpec recurrent => (RecurrentSpec)gated(recurrent.Out, bias) with
            {
                Bidirectional = recurrent.Bidirectional,
            },
            IrnnSpec or LruSpec or EchoStateSpec => gated(UnitsOf(layer), bias),
            _ => layer,
        });
    }

    public static bool IsRecurrent(LayerSpec layer) => layer is RecurrentSpec or IrnnSpec or LruSpec;

    /// <summary>Numbers that a recurrent layer gives per time step.</summary>
    public static int UnitsOf(LayerSpec layer) => layer switch
    {
        RecurrentSpec { Bidirectional: true } both => 2 * both.Out,
        RecurrentSpec recurrent => recurrent.Out,
        IrnnSpec irnn => irnn.Out,
        LruSpec lru => lru.Out,
        EchoStateSpec reservoir => reservoir.Out,
        _ => throw new ArgumentException($"is a {layer.GetType().Name}, which is no recurrent layer", nameof(layer)),
    };

    /// <summary>
    /// A recurrent layer with orthogonal recurrent weights and biases of 0, √2 times where rectified.
    /// </summary>
    public static LayerSpec WithOrthogonalRecurrence(LayerSpec layer) => layer is RecurrentSpec recurrent
        ? recurrent with
        {
            RecurrentInit = Orthogonal(layer is RnnSpec { Activation: RecurrentActivation.Relu }),
            Bias = recurrent.Bias is null ? null : new ZerosInitSpec(),
        }
        : layer;

    /// <summary>
    /// Time steps between what decides and the output that it decides; null where the task doesn't tell.
    /// </summary>
    public static int? NeededLag(Experiment experiment) => (experiment.Data as SequenceDataSpec)?.LongestDependency;

    /// <summary>The longest time constant that units need, in time steps: as many as the task does.</summary>
    public static double LongestTimeConstant(Experiment experiment) =>
        Math.Max(1, NeededLag(experiment) ?? UsualTimeConstant);

    /// <summary>|λ| of a complex number that fades to 1/e in so many time steps: e^(−1/τ).</summary>
    public static double RadiusOf(double timeConstant) => Math.Round(Math.Exp(-1 / timeConstant), 6);

    /// <summary>
    /// ln T, at which a gate keeps about 1/e of its state over the T steps that the task needs: the largest of the
    /// biases that Tallec &amp; Ollivier (2018) draw for it.
    /// </summary>
    public static double GateBias(Experiment experiment) =>
        NeededLag(experiment) is { } lag ? Math.Round(Math.Max(UsualBias, Math.Log(lag)), 2) : UsualBias;

    /// <summary>The spectral radius that leaves a tenth of what comes in over the steps that the task needs.</summary>
    public static double ReservoirRadius(Experiment experiment) => NeededLag(experiment) is { } lag
        ? Math.Round(Math.Max(UsualRadius, Math.Pow(0.1, 1.0 / lag)), 4)
        : UsualRadius;

    private static OrthogonalInitSpec Orthogonal(bool isRectified) =>
        new() { Gain = isRectified ? Math.Round(Math.Sqrt(2), 6) : 1 };
}
