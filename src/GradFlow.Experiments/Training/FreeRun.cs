using GradFlow.Autograd;
using GradFlow.Nn;
using GradFlow.Tensors;

namespace GradFlow.Experiments;

/// <summary>
/// Lets a net that predicts a series one time step ahead go on with it alone: each prediction is its next input.
/// </summary>
internal static class FreeRun
{
    /// <summary>
    /// The squared error so many steps after the last number that the net was shown, the mean over sequences.
    /// </summary>
    /// <param name="net">The net; its output at a time step depends on no later one.</param>
    /// <param name="data">The sequences; the net is shown all but the last steps of each.</param>
    /// <param name="steps">How many steps it takes alone; fewer than a sequence has.</param>
    public static double MeanSquaredError(Sequential net, Dataset data, int steps)
    {
        int length = data.InputShape[0], shown = length - steps;
        float[] series = [.. data.Inputs];
        for (int t = shown; t < length; t++)
        {
            float[] next = NextOf(net, series, data.Count, length, t);
            for (int i = 0; i < next.Length; i++) series[i * length + t] = next[i];
        }
        return Enumerable.Range(1, data.Count).Average(end =>
            Math.Pow((double)series[end * length - 1] - data.Inputs[end * length - 1], 2));
    }

    /// <summary>What the net makes of the first so many steps of each sequence.</summary>
    private static float[] NextOf(Sequential net, float[] series, int count, int length, int steps)
    {
        using var tape = new Tape { IsRecording = false };
        Tensor inputs = tape.Rent(new Shape(count, steps, 1));
        for (int i = 0; i < count; i++)
            series.AsSpan(i * length, steps).CopyTo(inputs.AsSpan<float>()[(i * steps)..]);
        Tensor output = net.Apply(tape.Constant(inputs), Pass.Evaluation).Value;
        return [.. Enumerable.Range(1, count).Select(end => output.AsSpan<float>()[end * steps - 1])];
    }
}
