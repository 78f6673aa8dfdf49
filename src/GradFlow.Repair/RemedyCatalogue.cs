namespace GradFlow.Repair;

/// <summary>All remedies, a file each under Remedies.</summary>
public static class RemedyCatalogue
{
    /// <summary>All remedies; none keeps a state.</summary>
    public static IReadOnlyList<Remedy> All { get; } =
    [
        new HeInit(), new XavierInit(), new OrthogonalInit(), new LsuvInit(), new CriticalGainInit(),
        new ReluActivation(), new LeakyReluActivation(), new PreluActivation(), new RreluActivation(),
        new GeluActivation(), new SeluActivation(),
        new AddBatchNorm(), new AddLayerNorm(), new AddWeightNorm(), new AddResidual(), new AddScaledResidual(),
        new ClipNorm(), new ClipValue(), new AdaptiveClipping(), new LoosenClip(),
        new LowerLearningRate(), new RaiseLearningRate(), new WarmUpRate(), new FollowProgress(),
        new AdamOptimizer(), new WeightDecay(), new DropPenalty(), new DropDecay(),
        new ScaleData(), new FixOutput(),
        new IdentityInit(), new LstmLayers(), new GruLayers(), new ForgetBias(), new LeakyUnits(), new TimeSkips(),
        new AddAttention(), new AddPositions(), new TransformerLayers(),
        new EchoStateLayers(), new TruncatedBptt(), new Pretrain(),
    ];

    /// <summary>The remedy of an id; null if there is none.</summary>
    public static Remedy? Find(string id) => All.FirstOrDefault(remedy => remedy.Id == id);
}
