using GradFlow.Tensors;

namespace GradFlow.Experiments;

/// <summary>Draws the next word from a net's outputs.</summary>
internal static class NextWord
{
    /// <summary>
    /// A word with probability e^(x/T)/Σe^(x/T) among the likeliest; of equals, those of smaller numbers come first.
    /// </summary>
    /// <param name="outputs">x of every word: ln of its probability, up to a sum.</param>
    /// <param name="options">T and how many of the likeliest.</param>
    /// <param name="excluded">A word that isn't drawn; null for none.</param>
    /// <param name="key">What is drawn from.</param>
    /// <param name="index">The draw's number.</param>
    /// <exception cref="ArgumentException">No output is finite.</exception>
    public static int Draw(
        ReadOnlySpan<float> outputs, SamplingOptions options, int? excluded, RandomKey key, int index)
    {
        float[] logits = outputs.ToArray();
        if (excluded is { } word) logits[word] = float.NegativeInfinity;
        int[] likeliest = [.. Enumerable.Range(0, logits.Length).Where(i => float.IsFinite(logits[i]))
            .OrderByDescending(i => logits[i]).Take(options.Top ?? logits.Length)];
        if (likeliest.Length == 0) throw new ArgumentException("the net's outputs aren't finite");
        if (options.Temperature == 0) return likeliest[0];
        double[] shares =
            [.. likeliest.Select(i => Math.Exp(((double)logits[i] - logits[likeliest[0]]) / options.Temperature))];
        double left = key.Uniform(index) * shares.Sum();
        for (int i = 0; i < shares.Length; i++)
        {
            left -= shares[i];
            if (left < 0) return likeliest[i];
        }
        return likeliest[^1];
    }
}
