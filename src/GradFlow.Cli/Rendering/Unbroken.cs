using System.Text.RegularExpressions;

namespace GradFlow.Cli.Rendering;

/// <summary>Text whose numbers stay on one line: 96.4 % and 0.000 003 are not broken.</summary>
internal static partial class Unbroken
{
    /// <summary>
    /// Stands for a blank inside a number. Spectre breaks lines at every white space, the no-break ones too, so this is
    /// a character that is none; <see cref="TidyWriter"/> writes it as a blank.
    /// </summary>
    public const char Blank = '\uE000';

    /// <summary>The text, with <see cref="Blank"/> inside its numbers.</summary>
    public static string Of(string text) => InsideNumber().Replace(text, Blank.ToString());

    [GeneratedRegex(@"(?<=\d) (?=%|\d{3}(?!\d))")]
    private static partial Regex InsideNumber();
}
