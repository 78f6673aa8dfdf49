using GradFlow.Autograd;
using GradFlow.Diagnosis;
using GradFlow.Experiments;
using GradFlow.Nn;
using GradFlow.Repair;
using GradFlow.Report;
using GradFlow.Runs;
using GradFlow.Tensors;

namespace GradFlow.Tests;

/// <summary>The code of the guide, which is taken from here; <see cref="GuideTests"/> compares.</summary>
public sealed class GuideCode : IDisposable
{
    private readonly string _start = Directory.GetCurrentDirectory();
    private readonly Scratch _scratch = new();

    [Fact]
    public void Three_lines_put_a_loop_under_watch()
    {
        OwnTraining training = OwnTraining.WithRate(0.5);
        (Sequential net, Optimizer optimizer, int steps) = (training.Net, training.Optimizer, 5);
        Variable LossOf(Tape tape, int step) => training.Loss(tape, step);
        WatchInTheRuns();
        Directory.EnumerateFiles(_scratch.Path, "report.html", SearchOption.AllDirectories).ShouldHaveSingleItem();

        void WatchInTheRuns()
        {
            Directory.SetCurrentDirectory(_scratch.Path);
            using var watch = GradientWatch.Over(
                net, optimizer, new WatchSettings { Found = f => Console.WriteLine(f.Explanation) });
            for (int step = 0; step < steps; step++)
            {
                using Tape tape = watch.Tape();        // instead of new Tape()
                Variable loss = LossOf(tape, step);
                optimizer.ClearGradients();
                tape.Backward(loss);
                optimizer.Step();
                watch.Step(loss);                      // while the tape is alive
            }
        }
    }

    [Fact]
    public void A_net_is_built_and_watched_with_all_that_is_known()
    {
        const long seed = 3;
        var net = new Sequential(
            "net",
            [
                Linear.Create("linear-1", inputs: 2, outputs: 32, seed, Initializers.HeNormal(), Initializers.Zeros()),
                new Relu("relu-1"),
                Linear.Create("linear-2", inputs: 32, outputs: 2, seed),
            ]);
        var optimizer = new Sgd(net.AllParameters(), learningRate: 0.1, momentum: 0.9);
        var settings = new WatchSettings
        {
            Name = "two-circles",                  // of the run's folder
            Steps = 2000,                          // planned: early steps are then judged as what they are
            StepsPerEpoch = 50,                    // else 1000 steps pass before a loss that stands counts as stuck
            BaselineLoss = Math.Log(2),            // of the best constant prediction; here two classes of one size
            ChanceMetric = 0.5,                    // its accuracy
        };
        Dataset data = TaskData.Load(new CirclesSpec(), ".", seed, 0.1).Train;
        using (GradientWatch watch = GradientWatch.Over(net, optimizer, settings with { Out = _scratch.Path }))
            Train(net, optimizer, watch, data);
        Run run = _scratch.TheRun();
        run.Diagnosis!.Verdict.Kind.ShouldBe(VerdictKind.Healthy);
        run.Evaluations.Count.ShouldBe(4);
    }

    [Fact]
    public void The_doctor_is_called_from_code()
    {
        string runs = _scratch.Path, file = Path.Combine(Guide.Root, "examples", "04-healthy.yaml");
        Experiment experiment = ExperimentFile.Read(file);
        RunFolder folder = RunFolder.Create(runs, experiment.Name);
        DoctorResult result = new Doctor(new DoctorOptions { IsQuick = true }).Treat(experiment, file, folder);
        ReportPage.Write(folder.Report, result.Run, result.Repaired);

        Console.WriteLine(result.Run.Diagnosis!.Verdict.Sentence);
        Console.WriteLine(result.Run.Repair!.Status);
        result.Run.Repair.Status.ShouldBe("not-needed");

        Run run = RunReader.Load(folder.Path);
        foreach (Finding finding in Diagnostician.Judge(run).Findings)
            Console.WriteLine($"{finding.Rule} ({finding.Cause}): {finding.Explanation}");
        run.Steps.Count.ShouldBe(result.Run.Steps.Count);
    }

    public void Dispose()
    {
        Directory.SetCurrentDirectory(_start);
        _scratch.Dispose();
    }

    private static void Train(Sequential net, Sgd optimizer, GradientWatch watch, Dataset data)
    {
        (double Loss, double Accuracy) validation = (0.1, 0.9);
        for (int step = 0; step < 200; step++)
        {
            using Tape tape = watch.Tape();
            int at = 32 * (step % 40);
            int[] labels = data.Labels![at..(at + 32)];
            Variable input = tape.Constant(Tensor.From(data.Inputs.AsSpan(2 * at, 64), 32, 2));
            Variable output = net.Apply(input, new Pass(IsTraining: true, default));
            Variable loss = new CrossEntropy().Evaluate(output, Target.Of(labels));
            optimizer.ClearGradients();
            tape.Backward(loss);
            optimizer.Step();
            watch.Step(loss, Accuracy.Of(output.Value, labels));
            if (step % 50 == 49) watch.Evaluate("validation", validation.Loss, validation.Accuracy, samples: 200);
            if (watch.IsSettled) break;                // more training would not change the verdict
        }
    }
}
