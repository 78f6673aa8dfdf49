namespace GradFlow.Runs;

/// <summary>One value of the experiment file, changed.</summary>
/// <param name="Path">Where, in dots and indices, such as <c>model[3].repeat.layers[0].linear.init</c>.</param>
/// <param name="Before">The YAML text before; empty where nothing stood.</param>
/// <param name="After">The YAML text after; empty where it was taken out.</param>
public sealed record ExperimentChange(string Path, string Before, string After);

/// <summary>A short fork of the training, with a remedy or as an untouched control.</summary>
/// <param name="Remedy">The remedy's id, several joined by <c>+</c>, or <c>control</c>.</param>
/// <param name="Kind"><c>continue</c> (from the sick state) or <c>restart</c> (from the start).</param>
/// <param name="Seed">The seed of this fork.</param>
/// <param name="Steps">Steps that it ran, fewer than asked where it ended non-finite.</param>
/// <param name="Loss">Validation loss at its end; NaN or infinite where it broke.</param>
/// <param name="Metric">Validation metric at its end; null if there is none.</param>
/// <param name="CurveSteps">Steps at which <paramref name="CurveLoss"/> was taken.</param>
/// <param name="CurveLoss">Training loss along the way.</param>
/// <param name="DecadesPerLayer">Gradient slope measured at the fork's end; null if not measured.</param>
/// <param name="Role"><c>candidate</c>, <c>control</c> or <c>random</c> (a remedy drawn at random, to beat).</param>
public sealed record Trial(
    string Remedy,
    string Kind,
    long Seed,
    int Steps,
    double Loss,
    double? Metric,
    IReadOnlyList<int> CurveSteps,
    IReadOnlyList<double> CurveLoss,
    double? DecadesPerLayer,
    string Role);

/// <summary>What a whole training came to.</summary>
/// <param name="Steps">Steps that it ran.</param>
/// <param name="Loss">Validation loss at its end.</param>
/// <param name="Metric">Validation metric at its end; null if there is none.</param>
/// <param name="TestLoss">Test loss at its end; null without a test split.</param>
/// <param name="TestMetric">Test metric at its end; null if there is none.</param>
/// <param name="DecadesPerLayer">Gradient slope at its start; null if not measured.</param>
/// <param name="IsFinite">False where it ended in NaN or infinity.</param>
/// <param name="DecadesPerTimeStep">
/// Gradient slope through time at its start, of the recurrent layer with the longest memory; null if not measured.
/// </param>
/// <param name="BitsPerCharacter">The validation loss in bits per character of a text; null for other data.</param>
/// <param name="TestBitsPerCharacter">The test loss in the same; null without a test split.</param>
/// <param name="FreeRunError">
/// Of a series that the net went on with alone: the root of its mean squared error at the last step, over the standard
/// deviation of what it was to predict (NRMSE); null elsewhere.
/// </param>
/// <param name="PretrainingLoss">
/// The loss that the phase before the training came to, on validation data of its own; null without one.
/// </param>
public sealed record Outcome(
    int Steps,
    double Loss,
    double? Metric,
    double? TestLoss,
    double? TestMetric,
    double? DecadesPerLayer,
    bool IsFinite,
    double? DecadesPerTimeStep = null,
    double? BitsPerCharacter = null,
    double? TestBitsPerCharacter = null,
    double? FreeRunError = null,
    double? PretrainingLoss = null)
{
    /// <summary>What a recorded training came to: its last evaluations, and the slopes of its first frame.</summary>
    /// <param name="run">The training.</param>
    public static Outcome Of(Run run)
    {
        ArgumentNullException.ThrowIfNull(run);
        Evaluation? validation = run.Evaluations.LastOrDefault(evaluation => evaluation.Split == "validation");
        Evaluation? test = run.Evaluations.LastOrDefault(evaluation => evaluation.Split == "test");
        Evaluation? free = run.Evaluations.LastOrDefault(evaluation => evaluation.Split == "free-run");
        Frame? first = run.Frames.Count > 0 ? run.Frames[0] : null;
        TrainingPlan plan = run.Header.Plan;
        return new Outcome(
            run.Steps.Count, validation?.Loss ?? double.NaN, validation?.Metric, test?.Loss, test?.Metric,
            DepthProfile.DecadesPerLayer(run.Header.Structure.Cuts, first?.CutNorms), run.End?.Reason != "non-finite",
            LagProfile.LargestSlope(first), plan.BitsPerCharacter(validation?.Loss), plan.BitsPerCharacter(test?.Loss),
            free is not null && plan.BaselineLoss > 0 ? Math.Sqrt(free.Loss / plan.BaselineLoss.Value) : null,
            run.Evaluations.LastOrDefault(evaluation => evaluation.Split == "pretraining")?.Loss);
    }
}

/// <summary>What was tried, what was kept, and what it did.</summary>
/// <param name="Status"><c>repaired</c>, <c>not-needed</c> or <c>failed</c>.</param>
/// <param name="Chosen">The remedies kept, in the order applied; empty unless repaired.</param>
/// <param name="Changes">What they change in the experiment file.</param>
/// <param name="Before">The training as it was given.</param>
/// <param name="After">The training with the remedies, in full; null unless one was verified.</param>
/// <param name="Trials">Every fork, best first.</param>
/// <param name="File">The repaired experiment file's path, relative to the run folder; null unless repaired.</param>
/// <param name="Cost">What the trials and the verification cost.</param>
/// <param name="Sentence">The result in plain words, with its numbers.</param>
/// <param name="ChosenTrial">
/// The name of the trials of what was kept (<see cref="Trial.Remedy"/>); null unless repaired.
/// </param>
public sealed record RepairResult(
    string Status,
    IReadOnlyList<string> Chosen,
    IReadOnlyList<ExperimentChange> Changes,
    Outcome Before,
    Outcome? After,
    IReadOnlyList<Trial> Trials,
    string? File,
    RepairCost Cost,
    string Sentence,
    string? ChosenTrial = null);

/// <summary>The price of a repair.</summary>
/// <param name="Steps">Training steps spent on forks and verification.</param>
/// <param name="TimesOneTraining">The same in units of the training as it was given.</param>
public sealed record RepairCost(long Steps, double TimesOneTraining);
