using GradFlow.Runs;
using Spectre.Console;

namespace GradFlow.Cli.Rendering;

/// <summary>The colours, of middle lightness so that they read on dark and on light; the hues are the page's.</summary>
internal static class Palette
{
    /// <summary>Headings and names.</summary>
    public static Style Strong { get; } = new(decoration: Decoration.Bold);

    /// <summary>What stands back. By number: some themes hide the nearest grey of the basic sixteen.</summary>
    public static Style Quiet { get; } = new(Color.FromInt32(245));

    /// <summary>What is under way.</summary>
    public static Style Accent { get; } = new(new Color(158, 102, 190));

    /// <summary>Well.</summary>
    public static Style Good { get; } = new(new Color(79, 150, 110));

    /// <summary>Not well.</summary>
    public static Style Bad { get; } = new(new Color(214, 92, 52));

    /// <summary>To keep an eye on.</summary>
    public static Style Warning { get; } = new(new Color(200, 140, 40));

    /// <summary>A line's colour, by what it means.</summary>
    public static Style Of(LineTone tone) => tone switch
    {
        LineTone.Vanishing => new(new Color(76, 136, 205)),
        LineTone.Exploding => Bad,
        LineTone.Flowing => Good,
        LineTone.Activation => Of(LinkKind.Activation),
        LineTone.Weights => Of(LinkKind.Weights),
        LineTone.Skip => Of(LinkKind.Skip),
        LineTone.Normalization => Of(LinkKind.Normalization),
        LineTone.Recurrence => Of(LinkKind.Recurrence),
        _ => Accent,
    };

    /// <summary>A verdict's colour.</summary>
    public static Style Of(VerdictKind kind) => kind switch
    {
        VerdictKind.Healthy => Good,
        VerdictKind.Sick => Bad,
        _ => Quiet,
    };

    /// <summary>A finding's colour.</summary>
    public static Style Of(Severity severity) => severity switch
    {
        Severity.Critical => Bad,
        Severity.Warning => Warning,
        _ => Quiet,
    };

    /// <summary>A kind's colour.</summary>
    public static Style Of(LinkKind kind) => new(kind switch
    {
        LinkKind.Weights => new Color(112, 126, 208),
        LinkKind.Activation => new Color(216, 148, 44),
        LinkKind.Normalization => new Color(56, 166, 150),
        LinkKind.Skip => new Color(132, 158, 70),
        LinkKind.Recurrence => new Color(178, 92, 170),
        LinkKind.Attention => new Color(208, 100, 120),
        _ => new Color(140, 138, 132),
    });
}
