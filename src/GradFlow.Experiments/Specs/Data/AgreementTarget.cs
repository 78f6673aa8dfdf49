namespace GradFlow.Experiments;

/// <summary>What is to be predicted of sentences.</summary>
public enum AgreementTarget
{
    /// <summary>The word that comes next, at every step: what unlabelled sentences teach.</summary>
    Next,

    /// <summary>
    /// Once a sentence has been read up to its last word, which language that is: one class for each.
    /// </summary>
    Language,
}
