using GradFlow.Runs;
using GradFlow.TestKit;

namespace GradFlow.Diagnosis.Tests;

/// <summary>Runs whose disease is known, since it was put there.</summary>
internal static class SampleRuns
{
    /// <summary>Falls from 2.4 to 0.1 over 300 steps.</summary>
    public static Func<int, double> Learns { get; } = step => 0.1 + 2.3 * Math.Exp(-step / 60.0);

    public static Func<int, double> Improves { get; } = step => 0.97 - 0.87 * Math.Exp(-step / 60.0);

    /// <summary>Ten layers of sigmoid as PyTorch initialises them: ½·log10(1/48) per layer.</summary>
    public static SyntheticRun DeepSigmoid { get; } = new() { WeightDecades = -0.239, ActivationDecades = -0.602 };

    /// <summary>Thirty layers of ReLU with Xavier's weights, which lack He's √2.</summary>
    public static SyntheticRun XavierRelu { get; } = new()
    {
        Depth = 30,
        Activation = "relu",
        WeightDecades = 0,
        ActivationDecades = -0.1505,
        SigmaW = 1,
    };

    /// <summary>Thirty layers of ReLU with weights of σw = 4, NaN after some steps.</summary>
    public static SyntheticRun LargeWeights { get; } = new()
    {
        Depth = 30,
        Activation = "relu",
        WeightDecades = 0.602,
        ActivationDecades = -0.1505,
        SigmaW = 4,
        FrameInterval = 1,
        Loss = _ => 1e12,
        NaNFrom = 3,
    };

    /// <summary>Ten layers of ReLU with He's weights that learn.</summary>
    public static SyntheticRun Healthy { get; } = new()
    {
        Activation = "relu",
        WeightDecades = 0.1505,
        ActivationDecades = -0.155,
        SigmaW = 1.414,
        Loss = Learns,
        Accuracy = Improves,
        DeadShare = 0.05,
    };

    /// <summary>Sound gradients throughout, yet the loss does not move.</summary>
    public static SyntheticRun StuckForNoReason { get; } = Healthy with { Loss = _ => 2.3026, Accuracy = _ => 0.1 };

    public static SyntheticRun DeadRelu { get; } = StuckForNoReason with { DeadShare = 0.97 };

    /// <summary>Tanh with weights far too large: flat units, and gradients kept alive by the weights.</summary>
    public static SyntheticRun SaturatedTanh { get; } = StuckForNoReason with
    {
        Activation = "tanh",
        WeightDecades = 0.8,
        ActivationDecades = -0.75,
        SigmaW = 6.3,
        SaturatedShare = 0.8,
        DeadShare = null,
    };

    /// <summary>Falls from 2.3 to 1.9 in the whole training, with accuracy from 10 % to 30 %.</summary>
    public static Func<int, double> LearnsLittle { get; } = step => 2.3 - 0.4 * step / 300;

    public static Func<int, double> ImprovesLittle { get; } = step => 0.1 + 0.2 * step / 300;

    /// <summary>The same net with an activation behind its last layer, which passes half of the gradient.</summary>
    public static Run WithLastActivation(this Run run, string type)
    {
        int depth = run.Header.Structure.Depth;
        return run.WithStructure(net => net with
        {
            Cuts = [.. net.Cuts, new CutInfo($"last.{type}", type, depth, false)],
            Links = [.. net.Links, new LinkInfo($"last.{type}", type, LinkKind.Activation, depth)],
            Parts = [.. net.Parts, new PartInfo(net.Links.Count, $"last.{type}", type, LinkKind.Activation)],
        }).WithFrames(frame => frame with
        {
            CutNorms = [.. frame.CutNorms!, frame.CutNorms![^1] + 0.3],
            PartGains = [.. frame.PartGains!, -0.3],
        });
    }

    public static Run WithPlan(this Run run, Func<TrainingPlan, TrainingPlan> change) =>
        run with { Header = run.Header with { Plan = change(run.Header.Plan) } };

    public static Run WithStructure(this Run run, Func<RunStructure, RunStructure> change) =>
        run with { Header = run.Header with { Structure = change(run.Header.Structure) } };

    public static Run WithFrames(this Run run, Func<Frame, Frame> change) =>
        run with { Frames = [.. run.Frames.Select(change)] };

    public static Run FirstSteps(this Run run, int count) => run with
    {
        Steps = [.. run.Steps.Where(step => step.Step < count)],
        Frames = [.. run.Frames.Where(frame => frame.Step < count)],
        Evaluations = [.. run.Evaluations.Where(evaluation => evaluation.Step <= count)],
        End = null,
    };

    /// <summary>The same training with update ratios of this size in every parameter.</summary>
    public static Run WithUpdates(this Run run, double ratio) => run.WithFrames(frame => frame with
    {
        Parameters = frame.Parameters! with
        {
            UpdateRatio = [.. frame.Parameters.UpdateRatio!.Select(_ => (double?)ratio)],
        },
    });
}
