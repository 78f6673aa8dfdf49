using System.Runtime.InteropServices;
using GradFlow.Bench;
using GradFlow.TestKit;

namespace GradFlow.Companion.Tests;

/// <summary>
/// What is timed beside PyTorch does the same work: the same update of the same weights on the same data.
/// </summary>
public sealed class WorkloadTests
{
    [Theory]
    [InlineData("mlp-1000x32-b32")]
    [InlineData("mlp-20x128-b64")]
    [InlineData("mlp-7x33-b5")]
    [InlineData("mlp-mnist-b128")]
    [InlineData("rnn-t400-h100-b16")]
    [InlineData("lstm-t400-h100-b16")]
    [InlineData("gru-t400-h100-b16")]
    [InlineData("gru-t31-h73-b3")]
    [InlineData("resnet20-c16-28x28-b32")]
    [InlineData("resnet20-c5-9x7-b3")]
    [InlineData("transformer-d64-l4-t64-b16")]
    [InlineData("transformer-d12-l2-t70-b3")]
    public void A_workload_changes_its_weights_as_pytorch_does(string name)
    {
        Python.Require();
        Workload workload = Workloads.Create(name);
        float[] before = Weights(workload);
        float[] theirs = Torch(name, [.. before, .. Numbers(workload.Inputs), .. Targets(workload)]);
        workload.Step();
        float[] ours = Weights(workload);
        theirs.Length.ShouldBe(ours.Length);
        double largest = 0, difference = 0;
        for (int i = 0; i < ours.Length; i++)
        {
            largest = Math.Max(largest, Math.Abs(ours[i] - before[i]));
            difference = Math.Max(difference, Math.Abs((double)ours[i] - theirs[i]));
        }
        largest.ShouldBeGreaterThan(1e-6);
        // Both updates are rounded to the weight's last bit, 2⁻²⁴ at most for weights below 1, and the gradient to
        // 10⁻⁴.
        difference.ShouldBeLessThan(1.2e-7 + 1e-4 * largest);
    }

    private static float[] Weights(Workload workload) =>
        [.. workload.Model.AllParameters().SelectMany(p => Numbers(p.Value))];

    private static float[] Targets(Workload workload) => workload.Target.Values is { } values
        ? Numbers(values)
        : [.. workload.Target.Labels.ToArray().Select(label => (float)label)];

    private static float[] Numbers(Tensors.Tensor tensor) => tensor.AsSpan<float>().ToArray();

    private static float[] Torch(string name, float[] numbers)
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, MemoryMarshal.AsBytes(numbers.AsSpan()));
            (int exitCode, string output) = Python.Run(RepositoryFiles.At("bench", "torch_step.py"), name, file);
            exitCode.ShouldBe(0, output);
            return MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(file)).ToArray();
        }
        finally
        {
            File.Delete(file);
        }
    }
}
