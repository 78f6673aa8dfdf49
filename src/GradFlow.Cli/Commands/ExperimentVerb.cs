using System.CommandLine;

namespace GradFlow.Cli.Commands;

/// <summary>A verb that reads an experiment file.</summary>
internal abstract class ExperimentVerb : Verb
{
    private readonly Option<int?> _seed;
    private readonly Option<string> _data;

    /// <summary>A verb.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">What it does, in a sentence.</param>
    /// <param name="file">The argument for the file; null for one that must be given.</param>
    protected ExperimentVerb(string name, string description, Argument<string>? file = null)
        : base(name, description, file ?? Inputs.File())
    {
        _seed = With(Inputs.Seed());
        _data = With(Inputs.Data());
    }

    /// <summary>Reads the experiment that the command line names, with what it says instead of the file.</summary>
    protected ExperimentSource Read(ParseResult arguments) => ExperimentSource.Read(
        arguments.GetRequiredValue(Input), arguments.GetValue(_seed), DataPath(arguments));

    /// <summary>
    /// Where the data lie, as the command line says, relative to the current folder; null if not said.
    /// </summary>
    protected string? DataPath(ParseResult arguments) => arguments.GetValue(_data);
}
