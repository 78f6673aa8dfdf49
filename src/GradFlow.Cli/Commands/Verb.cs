using System.CommandLine;
using GradFlow.Runs;
using Spectre.Console;

namespace GradFlow.Cli.Commands;

/// <summary>One thing that the program does, with its options and the argument that most have.</summary>
internal abstract class Verb : Command
{
    private readonly Argument<string>? _input;
    private readonly Option<bool> _json = Inputs.Json();

    /// <summary>A verb.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">What it does, in a sentence.</param>
    /// <param name="argument">What it is done to; null for a verb that needs nothing.</param>
    protected Verb(string name, string description, Argument<string>? argument)
        : base(name, description)
    {
        _input = argument;
        if (argument is not null) Add(argument);
        Add(_json);
    }

    /// <summary>What it is done to.</summary>
    protected Argument<string> Input => _input ?? throw new InvalidOperationException($"'{Name}' has no argument.");

    /// <summary>The verb with its argument, as help shows it.</summary>
    public string Usage => _input is null ? Name : $"{Name} {_input.Name}";

    /// <summary>A line to copy.</summary>
    public abstract string Example { get; }

    /// <summary>What else is to be known about it; empty for nothing.</summary>
    public abstract string Note { get; }

    /// <summary>Does it.</summary>
    /// <param name="arguments">The command line, without problems.</param>
    /// <param name="terminal">Where to write.</param>
    /// <param name="cancellation">The user's wish to stop.</param>
    /// <returns>The exit code.</returns>
    public abstract int Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation);

    /// <summary>An option that belongs to this verb; that for machines, which every verb has, stays the last.</summary>
    protected Option<T> With<T>(Option<T> option)
    {
        Options.Insert(Options.Count - 1, option);
        return option;
    }

    /// <summary>Whether the answer is asked for as one object.</summary>
    protected bool IsForMachines(ParseResult arguments) => arguments.GetValue(_json);

    /// <summary>Shows the answer, to machines where they are who asks, else to people.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="terminal">Where to write.</param>
    /// <param name="answer">The object for machines.</param>
    /// <param name="show">Shows it to people.</param>
    protected void Answer<T>(ParseResult arguments, Terminal terminal, Func<T> answer, Action<IAnsiConsole> show)
    {
        if (IsForMachines(arguments)) terminal.Output.WriteLine(RunJson.Serialize(answer()));
        else show(terminal.People);
    }
}
