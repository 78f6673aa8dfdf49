namespace GradFlow.Experiments;

/// <summary>Something worth a word about an experiment that can be trained all the same.</summary>
/// <param name="Line">The line of the experiment file that it is about, from 1; null where there is none.</param>
/// <param name="Text">What there is to say.</param>
internal sealed record Remark(int? Line, string Text)
{
    /// <summary>The remark with its place in front.</summary>
    /// <param name="file">The experiment file, as its user named it.</param>
    public string In(string file) => Line is null ? $"{file}: {Text}" : $"{file}:{Line}: {Text}";
}
