using GradFlow.Runs;
using GradFlow.Tensors;

namespace GradFlow.Experiments.Tests.Training;

/// <summary>What a file of a training's state holds, and whether it is still what was written.</summary>
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

    [Fact]
    public void A_byte_that_has_changed_anywhere_never_gives_another_state()
    {
        Checkpoints.Save(Place, Nested);
        byte[] whole = File.ReadAllBytes(Place);
        for (int i = 0; i < whole.Length; i++)
        {
            byte[] broken = [.. whole];
            broken[i] ^= 4;
            File.WriteAllBytes(Place, broken);
            Should.Throw<InvalidRunException>(() => Checkpoints.Load(Place), $"byte {i}")
                .Message.ShouldStartWith(Place);
        }
    }

    [Fact]
    public void Numbers_that_have_changed_are_said_to_be_damaged()
    {
        Checkpoints.Save(Place, Nested);
        byte[] bytes = File.ReadAllBytes(Place);
        bytes[^1] ^= 1;
        File.WriteAllBytes(Place, bytes);
        Should.Throw<InvalidRunException>(() => Checkpoints.Load(Place)).Message.ShouldBe(
            $"{Place}: is damaged, its numbers are not those that were written (SHA-256); "
                + "expected it as it was, so put a copy of it back, or train anew");
    }

    [Fact]
    public void An_older_checkpoint_without_a_checksum_is_read()
    {
        var metadata = new Dictionary<string, string> { ["format"] = "gradflow-checkpoint-1", ["step"] = "7" };
        Safetensors.Write(
            Place, [PackedArray.Of("w", [2], [1f, 2f]), PackedArray.Of("optimizer/m", [1], [3f])], metadata);
        TrainingState state = Checkpoints.Load(Place);
        (state.Step, state.Tensors["w"].ToDoubles(), state.Optimizer.Keys).ShouldSatisfyAllConditions(
            old => old.Step.ShouldBe(7), old => old.Item2.ShouldBe([1, 2]), old => old.Keys.ShouldBe(["m"]));
    }

    private static TrainingState Nested { get; } = new(0, Of("w", 1), Of("w.m", 2))
    {
        Memory = Of("clip/norms", 3),
        Pretraining = new TrainingState(5, Of("w", 4), Of("w.m", 5)) { DataFingerprint = "ab-cd" },
    };

    private static Dictionary<string, Tensor> Of(string name, float value) =>
        new() { [name] = Tensor.From([value, value / 3]) };
}
