using GradFlow.Nn;
using GradFlow.Theory;

namespace GradFlow.Experiments;

/// <summary>An experiment's net with its initial weights, and the same net as theory sees it.</summary>
/// <param name="Net">The modules.</param>
/// <param name="Stages">
/// Theory's stages by module name, in the order in which data passes; blocks hold their branch's.
/// </param>
/// <param name="InitNames">Each weight's initialisation as the experiment file writes it, by parameter name.</param>
/// <param name="Outputs">Numbers per sample that come out; of a net with outputs at every time step, per step.</param>
public sealed record Model(
    Sequential Net,
    IReadOnlyList<NamedStage> Stages,
    IReadOnlyDictionary<string, string> InitNames,
    int Outputs)
{
    /// <summary>
    /// Numbers that are held of one sample's way through the net: those of each layer, or with activation checkpointing
    /// those at the ends of segments and inside of the largest one.
    /// </summary>
    public long Units { get; init; }

    /// <summary>What inputs are where they are words; null where they are numbers.</summary>
    internal WordInput? Words { get; init; }

    /// <summary>
    /// Time steps at which numbers come out: outputs are [n, steps, outputs]; null where [n, outputs].
    /// </summary>
    public int? StepsOut { get; init; }
}

/// <summary>A stage of theory with the module that it stands for.</summary>
/// <param name="Name">The module's stable name.</param>
/// <param name="Stage">Its stage.</param>
/// <param name="Branch">The stages inside, for a residual block.</param>
public sealed record NamedStage(string Name, Stage Stage, IReadOnlyList<NamedStage> Branch);

/// <summary>Inputs that are words of a vocabulary.</summary>
/// <param name="Count">How many words there are.</param>
/// <param name="IsOneHot">True where each is a row with a 1 at its number, false where it is its number.</param>
internal sealed record WordInput(int Count, bool IsOneHot)
{
    /// <summary>What is wrong with inputs that should be words; null if they are.</summary>
    public string? FindProblem(Dataset data)
    {
        if (data.Tokens is not null)
            return Count >= data.InputShape[^1]
                ? null
                : $"'embedding' has {Count} words for a text of {data.InputShape[^1]}; expected no 'words', or as many";
        int steps = data.InputShape[0], size = data.Features / steps;
        if (data.Traits.Lengths is not { } lengths) return FindProblem(data.Inputs);
        return Enumerable.Range(0, data.Count)
            .Select(row => FindProblem(data.Inputs.AsSpan(row * data.Features, lengths[row] * size)))
            .FirstOrDefault(problem => problem is not null);
    }

    private string? FindProblem(ReadOnlySpan<float> inputs)
    {
        if (!IsOneHot)
        {
            foreach (float x in inputs)
                if (!float.IsInteger(x) || x < 0 || x >= Count)
                    return $"'embedding' looks up words by their numbers, but the data has {x}; expected whole numbers "
                        + $"from 0 to {Count - 1}, left as they are by 'scale: none'";
            return null;
        }
        for (; inputs.Length > 0; inputs = inputs[Count..])
            if (inputs[..Count].Count(0f) != Count - 1 || !inputs[..Count].Contains(1f))
                return "'embedding' looks up words, but the data has no one-hot rows; expected a task of words, such "
                    + "as 'agreement', or 'words: …' for words that are whole numbers";
        return null;
    }
}
