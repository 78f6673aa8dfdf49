namespace GradFlow.Nn;

/// <summary>
/// Which symbols a decoder reads in training: with a given probability each the one that should have been written
/// (teacher forcing, Williams &amp; Zipser 1989), else its own (scheduled sampling, Bengio et al. 2015).
/// </summary>
/// <param name="decoder">The decoder's name; the draws are keyed by it.</param>
/// <param name="probability">The probability, from 0 to 1.</param>
internal sealed class TeacherForcing(string decoder, double probability)
{
    /// <summary>The probability of reading the symbol that should have been.</summary>
    public double Probability { get; } = probability is >= 0 and <= 1
        ? probability
        : throw new ArgumentOutOfRangeException(nameof(probability), probability, "must lie from 0 to 1");

    /// <summary>Checks that a pass has a symbol for each place, or none at all.</summary>
    /// <exception cref="ArgumentException">It has not.</exception>
    public void Require(Pass pass, int samples, int steps)
    {
        if (pass.Teacher.Length != 0 && pass.Teacher.Length != samples * steps)
            throw new ArgumentException(
                $"'{decoder}' got {pass.Teacher.Length} symbols to read; expected {samples}·{steps}, or none");
    }

    /// <summary>
    /// The symbol of a sample's time step that the next one reads whatever was written; null where it reads its own.
    /// </summary>
    public int? SymbolOf(Pass pass, int sample, int step, int steps)
    {
        if (!pass.IsTraining || pass.Teacher.IsEmpty) return null;
        int wanted = pass.Teacher.Span[sample * steps + step];
        // What isn't compared isn't known: the decoder goes on with its own symbol.
        if (wanted < 0) return null;
        return Probability == 1 || pass.Draws.For("teacher forcing", decoder).At(step).Uniform(sample) < Probability
            ? wanted
            : null;
    }
}
