using System.CommandLine;
using GradFlow.Cli.Rendering;
using GradFlow.Experiments;
using GradFlow.Runs;

namespace GradFlow.Cli.Commands;

/// <summary>The forecast alone, before training.</summary>
internal sealed class InspectCommand : Verb
{
    private readonly Option<bool> _json;
    private readonly Option<int?> _seed;
    private readonly Option<string> _data;

    public InspectCommand()
        : base("inspect", "Forecast the gradient flow before training, in about a second.", Inputs.File())
    {
        _seed = With(Inputs.Seed());
        _data = With(Inputs.Data());
        _json = With(Inputs.Json());
    }

    public override string Note => "";

    public override string Example => "gradflow inspect examples/03-exploding.yaml";

    public override int Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        var source = ExperimentSource.Read(
            arguments.GetRequiredValue(Input), arguments.GetValue(_seed), arguments.GetValue(_data));
        Trainer trainer = source.CreateTrainer();
        RunHeader header = trainer.Describe(terminal.Time.GetUtcNow(), CommandLine.Producer);
        Forecast forecast = trainer.Forecast(header.Structure);
        if (arguments.GetValue(_json)) terminal.Output.WriteLine(RunJson.Serialize(forecast));
        else InspectFigure.Write(terminal.People, header, forecast);
        return ExitCode.Done;
    }
}
