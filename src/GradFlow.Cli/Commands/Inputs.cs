using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace GradFlow.Cli.Commands;

/// <summary>The arguments and options that verbs share, each made anew for the verb that it belongs to.</summary>
internal static class Inputs
{
    public static Argument<string> File() =>
        new("FILE") { Description = "an experiment file, such as my-net.yaml" };

    public static Argument<string> FileUnless(string otherwise) => new("FILE")
    {
        Description = $"an experiment file, such as my-net.yaml; none with {otherwise}",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public static Argument<string> RecordedRun() =>
        new("RUN") { Description = "a recorded run: its folder, its run.db, or a .jsonl file" };

    public static Option<bool> Json() =>
        new("--json")
        {
            Description = "Print one JSON object and nothing else on standard output; progress goes to standard error.",
        };

    public static Option<bool> Quick(string description) => new("--quick") { Description = description };

    public static Option<int?> Seed(string insteadOf = " instead of the file's") => new("--seed")
    {
        Description = $"Draw everything random from this number{insteadOf}.",
        HelpName = "N",
        CustomParser = result => WholeNumber(result, "--seed", 0, int.MaxValue),
    };

    public static Option<int?> Steps() => new("--steps")
    {
        Description = "Take so many steps in all; the schedule stays that of the file.",
        HelpName = "N",
        CustomParser = result => WholeNumber(result, "--steps", 1, int.MaxValue),
    };

    public static Option<string> Data() => new("--data")
    {
        Description = "Read the data from here instead of the file's path (mnist, csv, text).",
        HelpName = "PATH",
    };

    public static Option<string> Out() => new("--out")
    {
        Description = "Keep the run in a new folder in here.",
        HelpName = "DIR",
        DefaultValueFactory = _ => "runs",
    };

    /// <summary>An option's value as a whole number; with an error where it is none between the bounds.</summary>
    public static int? WholeNumber(ArgumentResult result, string option, int least, int most)
    {
        string text = result.Tokens[0].Value;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && number >= least && number <= most)
            return number;
        result.AddError($"{option} is '{text}'; expected a whole number from {least} to {most}");
        return null;
    }

    /// <summary>Writes a page, or what belongs to it, where the user wants it.</summary>
    /// <param name="verb">The verb, for the line that says why it can't be.</param>
    /// <param name="option">The option that says where, as help shows it.</param>
    /// <param name="path">Where.</param>
    /// <param name="write">Writes it there.</param>
    public static void WritePage(string verb, string option, string path, Action<string> write)
    {
        try
        {
            write(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"gradflow {verb}: {path} cannot be written{Failure.Reason(error)}; "
                + $"expected {option} in a folder that can be written");
        }
    }
}
