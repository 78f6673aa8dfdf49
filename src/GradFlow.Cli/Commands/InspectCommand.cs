using System.CommandLine;
using GradFlow.Cli.Rendering;
using GradFlow.Experiments;
using GradFlow.Runs;

namespace GradFlow.Cli.Commands;

/// <summary>The forecast alone, before training.</summary>
internal sealed class InspectCommand : ExperimentVerb
{
    public InspectCommand()
        : base("inspect", "Forecast the gradient flow before training, in about a second.")
    {
    }

    public override string Note => "";

    public override string Example => "gradflow inspect examples/03-exploding.yaml";

    public override int Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        ExperimentSource source = Read(arguments);
        Trainer trainer = source.CreateTrainer(terminal);
        RunHeader header = trainer.Describe(terminal.Time.GetUtcNow(), CommandLine.Producer);
        Forecast forecast = trainer.Forecast(header.Structure);
        Answer(arguments, terminal, () => forecast, people => InspectFigure.Write(people, header, forecast));
        return ExitCode.Done;
    }
}
