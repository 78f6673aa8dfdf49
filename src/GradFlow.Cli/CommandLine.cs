using System.CommandLine;
using System.CommandLine.Parsing;
using GradFlow.Cli.Commands;
using GradFlow.Cli.Rendering;

namespace GradFlow.Cli;

/// <summary>The verbs, and how a command line is understood; what can't be is one line, with what can.</summary>
internal sealed class CommandLine
{
    private readonly Command _root = new("gradflow", "The gradient doctor for deep networks.");
    private readonly Option<bool> _version = new("--version") { Description = "Show the version." };
    private readonly Option<bool> _help = new("--help", "-h", "-?")
    {
        Description = "Show this help.",
        Recursive = true,
    };

    public CommandLine()
    {
        foreach (Verb verb in Verbs) _root.Add(verb);
        _root.Add(_help);
        _root.Add(_version);
    }

    /// <summary>What the program calls itself, with its version.</summary>
    public static string Producer { get; } = "gradflow " + typeof(CommandLine).Assembly.GetName().Version!.ToString(3);

    /// <summary>Every verb, in the order in which people meet them.</summary>
    public IReadOnlyList<Verb> Verbs { get; } =
    [
        new DoctorCommand(), new InspectCommand(), new TrainCommand(), new DiagnoseCommand(), new ReportCommand(),
        new SampleCommand(), new TourCommand(),
    ];

    /// <summary>Does what the arguments say.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="BadInputException">They say nothing that can be done.</exception>
    public int Invoke(IReadOnlyList<string> args, Terminal terminal, CancellationToken cancellation)
    {
        if (args.Count > 0 && args[0] == "help") args = [.. args.Skip(1), "--help"];
        var configuration = new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null };
        ParseResult parsed = CommandLineParser.Parse(_root, args, configuration);
        Command command = parsed.CommandResult.Command;
        bool wantsHelp = args.Count == 0 || parsed.GetValue(_help);
        if (wantsHelp && (command is Verb || parsed.UnmatchedTokens.Count == 0))
        {
            terminal.People.Write(command is Verb asked ? HelpPage.Of(asked, _help) : HelpPage.Of(_root, Verbs));
            return ExitCode.Done;
        }
        if (parsed.GetValue(_version))
        {
            terminal.Output.WriteLine(Producer);
            return ExitCode.Done;
        }
        if (command is not Verb verb) throw new BadInputException(NoVerb(parsed));
        if (Problem(verb, parsed) is { } problem)
            throw new BadInputException($"gradflow {verb.Name}: {problem}; see gradflow {verb.Name} --help");
        return verb.Run(parsed, terminal, cancellation);
    }

    private string NoVerb(ParseResult parsed)
    {
        string[] names = [.. Verbs.Select(verb => verb.Name)];
        string asked = parsed.UnmatchedTokens.Count > 0 ? parsed.UnmatchedTokens[0] : "";
        return $"gradflow: '{asked}' is no verb;{NearestName.Among(names, asked)}";
    }

    private string? Problem(Verb verb, ParseResult parsed)
    {
        if (UnknownOption(parsed) is { } unknown)
        {
            string[] names = [.. verb.Options.Append(_help).Select(option => option.Name)];
            return $"no option '{unknown}';{NearestName.Among(names, unknown)}";
        }
        Argument? argument = verb.Arguments.FirstOrDefault();
        if (argument is { Arity.MinimumNumberOfValues: > 0 }
            && parsed.GetResult(argument) is null or { Tokens.Count: 0 })
            return $"{argument.Name} is missing; expected {argument.Description}";
        if (parsed.UnmatchedTokens.Count > 0)
            return $"'{parsed.UnmatchedTokens[0]}' is one too many; expected {One(argument)}";
        return parsed.Errors.Count > 0 ? InWords(parsed.Errors[0]) : null;
    }

    private static string One(Argument? argument) => argument is null ? "options alone" : $"one {argument.Name}";

    private static string InWords(ParseError error) => error.SymbolResult switch
    {
        OptionResult { Option: var option, Tokens.Count: 0 } =>
            $"{option.Name} has no value; expected {option.Name} {option.HelpName}",
        OptionResult { Option: var option, Tokens.Count: > 1 } =>
            $"{option.Name} is given more than once; expected it once",
        _ => error.Message.TrimEnd('.'),
    };

    // What begins with a dash and is known to nobody would otherwise be taken for the file.
    private static string? UnknownOption(ParseResult parsed) => parsed.Tokens
        .TakeWhile(token => token.Type != TokenType.DoubleDash)
        .Where(token => token is { Type: TokenType.Argument, Value: ['-', not (>= '0' and <= '9'), ..] })
        .Select(token => token.Value.Split('=')[0])
        .FirstOrDefault();
}
