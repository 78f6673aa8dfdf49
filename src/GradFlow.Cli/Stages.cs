using GradFlow.Cli.Rendering;
using GradFlow.Repair;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace GradFlow.Cli;

/// <summary>Shows how far a long command is: bars with the time left on a terminal, else a line per stage.</summary>
internal static class Stages
{
    /// <summary>Does the work while showing how far it is on standard error.</summary>
    /// <param name="terminal">Where to show it.</param>
    /// <param name="cancellation">The user's wish to stop, which is acknowledged.</param>
    /// <param name="work">The work; it is given whom to tell.</param>
    public static T Follow<T>(
        Terminal terminal, CancellationToken cancellation, Func<IProgress<DoctorProgress>, T> work)
    {
        if (terminal.Live is not { } live) return work(new StageLines(terminal.Error));
        Spectre.Console.Progress bars = live.Progress().AutoClear(true).Columns(
            new TaskDescriptionColumn { Alignment = Justify.Left },
            new ProgressBarColumn { Width = 32, CompletedStyle = Palette.Accent, FinishedStyle = Palette.Quiet },
            new PercentageColumn { Style = Style.Plain, CompletedStyle = Palette.Quiet },
            new TimeLeftColumn());
        return bars.Start(context =>
        {
            // Attached after the bars' own hook, so what it puts first comes after the way back to the bars' first
            // line.
            using var _ = new RenderHookScope(live, new ErasingHook());
            return work(new StageBars(context, cancellation));
        });
    }

    /// <summary>A stage in words.</summary>
    private static string Title(DoctorProgress progress) => progress.Stage switch
    {
        "forecast" => "forecasting",
        "training" => "training",
        "trials" => "trying remedies on short forks",
        "verification" => $"verifying {progress.Label} in full",
        "confirmation" => "confirming the cause",
        _ => progress.Stage,
    };

    /// <summary>
    /// Erases the bars before text is written in their place; they draw themselves again below it. They would only be
    /// written over, and what is longer of them would stay behind the text.
    /// </summary>
    private sealed class ErasingHook : IRenderHook
    {
        private static readonly ControlCode ToScreenEnd = new("\u001b[0J");

        public IEnumerable<IRenderable> Process(RenderOptions options, IEnumerable<IRenderable> renderables)
        {
            IRenderable[] written = [.. renderables];
            // The bars' own refreshing writes control codes only, and would flicker.
            return Array.TrueForAll(written, part => part is ControlCode) ? written : [ToScreenEnd, .. written];
        }
    }

    private sealed class StageLines(TextWriter writer) : IProgress<DoctorProgress>
    {
        private readonly Lock _gate = new();
        private string _title = "";

        public void Report(DoctorProgress value)
        {
            lock (_gate)
            {
                string title = Title(value);
                if (title == _title) return;
                writer.WriteLine(_title = title);
            }
        }
    }

    private sealed class StageBars(ProgressContext context, CancellationToken cancellation) : IProgress<DoctorProgress>
    {
        private readonly Lock _gate = new();
        private string _title = "";
        private ProgressTask? _task;

        public void Report(DoctorProgress value)
        {
            lock (_gate)
            {
                string title = Title(value);
                if (title != _title)
                {
                    if (_task is not null) _task.Value = _task.MaxValue;
                    _task = context.AddTask(Markup.Escape(title), maxValue: 1);
                    _title = title;
                }
                if (cancellation.IsCancellationRequested) _task!.Description = "stopping; Ctrl-C again to stop at once";
                else if (value.Loss is { } loss)
                    _task!.Description = $"{Markup.Escape(title)}, loss {Numbers.Loss(loss)}";
                _task!.Value = Math.Clamp(value.Fraction, 0, 1);
            }
        }
    }
}
