using System.Text.Json;
using GradFlow.Diagnosis;
using GradFlow.Experiments;
using GradFlow.Runs;

namespace GradFlow.Companion.Tests;

/// <summary>The same net with the same weights, trained by PyTorch and by our engine, is judged alike.</summary>
public sealed class SameNetTests(TorchTrainings trainings)
{
    /// <summary>Batches are drawn in another order, and a slope over them varies by far less than this.</summary>
    private const double Tolerance = 0.03;

    [Theory]
    [InlineData("deep-sigmoid", "sigmoid", 64, 8, 300)]
    [InlineData("broken", "relu", 32, 12, 60)]
    public void Both_engines_give_the_same_verdict(string name, string activation, int width, int repeats, int steps)
    {
        DiagnosisResult theirs = Diagnostician.Judge(trainings.Load(name));
        DiagnosisResult ours = Diagnostician.Judge(Train(name, $$"""
            name: {{name}}
            seed: 1
            data: { csv: { path: {{name}}.csv, target: y, classes: 8, test: 0.1, scale: none } }
            model:
              - linear: {{width}}
              - {{activation}}
              - repeat: { times: {{repeats}}, layers: [ linear: {{width}}, {{activation}} ] }
              - linear: 8
            loss: cross-entropy
            optimizer: { sgd: { lr: 0.1 } }
            training: { steps: {{steps}}, batch: 32 }
            """));
        ours.Verdict.Kind.ShouldBe(theirs.Verdict.Kind, ours.Verdict.Sentence);
        Finding mine = ours.Findings[0], other = theirs.Findings[0];
        (mine.Rule, mine.Cause, mine.Severity).ShouldBe((other.Rule, other.Cause, other.Severity));
        double slope = other.Evidence["decadesPerLayer"];
        mine.Evidence["decadesPerLayer"].ShouldBe(slope, Tolerance * Math.Abs(slope));
        ours.Attribution.Select(entry => entry.Kind).ShouldBe(theirs.Attribution.Select(entry => entry.Kind));
    }

    private Run Train(string name, string yaml)
    {
        Experiment experiment = ExperimentFile.Parse(yaml, name + ".yaml");
        DataSplits data = TaskData.Load(
            experiment.Data, trainings.Folder, experiment.Seed, experiment.Training.Validation);
        var trainer = new Trainer(experiment, data, name + ".yaml");
        CopyWeights(trainings.PathOf(name, "json"), trainer);
        return TrainingLoop.Run(trainer, new RunRecorder(trainer.Describe(DateTimeOffset.UnixEpoch, "test")));
    }

    /// <summary>Both keep a layer's weights as outputs by inputs, and parameters in the order of the layers.</summary>
    private static void CopyWeights(string file, Trainer trainer)
    {
        float[][] weights = JsonSerializer.Deserialize<float[][]>(File.ReadAllText(file))!;
        weights.Length.ShouldBe(trainer.Model.Net.AllParameters().Count);
        foreach ((float[] values, var parameter) in weights.Zip(trainer.Model.Net.AllParameters()))
            values.CopyTo(parameter.Value.AsSpan<float>());
    }
}
