namespace GradFlow.Experiments;

/// <summary>Turns sequences into ones whose next input is to be predicted at every time step but the last.</summary>
internal static class NextInputs
{
    /// <summary>Symbols become classes, other inputs numbers to predict.</summary>
    /// <param name="data">Samples [time steps, channels].</param>
    public static DataSplits Of(DataSplits data)
    {
        bool areSymbols = AreSymbols(data.Train);
        return new DataSplits(Of(data.Train, areSymbols), Of(data.Validation, areSymbols), null);
    }

    private static Dataset Of(Dataset data, bool areSymbols)
    {
        (int steps, int channels) = (data.InputShape[0], data.InputShape[1]);
        int[] labels = new int[areSymbols ? data.Count * steps : 0];
        float[] targets = new float[areSymbols ? 0 : data.Inputs.Length];
        Array.Fill(labels, -1);
        Array.Fill(targets, float.NaN);
        for (int i = 0; i < data.Count; i++)
        {
            int first = i * steps, end = data.Traits.Lengths?[i] ?? steps;
            for (int step = first; step < first + end - 1; step++)
            {
                ReadOnlySpan<float> next = data.Inputs.AsSpan((step + 1) * channels, channels);
                if (areSymbols) labels[step] = next.IndexOf(1f);
                else next.CopyTo(targets.AsSpan(step * channels));
            }
        }
        SequenceTraits traits = new() { Lengths = data.Traits.Lengths, TargetsAreLaterInputs = true };
        return areSymbols
            ? Dataset.ForClasses(data.Inputs, data.InputShape, labels, channels, null, data.Vocabulary, traits)
            : Dataset.ForRegression(data.Inputs, data.InputShape, targets, channels, null, traits);
    }

    /// <summary>Whether each time step shows one symbol: a 1 in its channel, zeros in the others.</summary>
    private static bool AreSymbols(Dataset data)
    {
        (int steps, int channels) = (data.InputShape[0], data.InputShape[1]);
        for (int row = 0; row < data.Count * steps; row++)
        {
            if (row % steps >= (data.Traits.Lengths?[row / steps] ?? steps)) continue;
            ReadOnlySpan<float> shown = data.Inputs.AsSpan(row * channels, channels);
            if (!shown.Contains(1f) || shown.Count(0f) != channels - 1) return false;
        }
        return channels > 1;
    }
}
