using GradFlow.Cli.Rendering;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace GradFlow.Cli;

/// <summary>The time that a stage will still take, as soon as that can be said.</summary>
internal sealed class TimeLeftColumn : ProgressColumn
{
    /// <inheritdoc/>
    public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime)
    {
        string text = task.IsFinished ? "" : task.RemainingTime is { } left ? $"{Numbers.Duration(left)} left" : "";
        return new Text(text, Palette.Quiet);
    }

    /// <inheritdoc/>
    public override int? GetColumnWidth(RenderOptions options) => 16;
}
