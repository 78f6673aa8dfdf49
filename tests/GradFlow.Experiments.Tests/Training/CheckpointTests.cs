using GradFlow.Runs;
using GradFlow.Tensors;

namespace GradFlow.Experiments.Tests.Training;

/// <summary>What a file of a training's state holds.</summary>
public sealed class CheckpointTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gradflow-");

    private string Place => Path.Combine(_folder.FullName, "checkpoint.safetensors");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void All_of_a_state_comes_back_with_that_of_the_pretraining_in_it()
    {
        Checkpoints.Save(Place, Nested);
        TrainingState back = Checkpoints.Load(Place);
        back.Bits().ShouldBe(Nested.Bits());
        back.DataFingerprint.ShouldBeNull();
        back.Pretraining!.Bits().ShouldBe(Nested.Pretraining!.Bits());
        back.Pretraining!.DataFingerprint.ShouldBe("ab-cd");
        back.Pretraining!.Pretraining.ShouldBeNull();
    }

    private static TrainingState Nested { get; } = new(0, Of("w", 1), Of("w.m", 2))
    {
        Memory = Of("clip/norms", 3),
        Pretraining = new TrainingState(5, Of("w", 4), Of("w.m", 5)) { DataFingerprint = "ab-cd" },
    };

    private static Dictionary<string, Tensor> Of(string name, float value) =>
        new() { [name] = Tensor.From([value, value / 3]) };
}
