using System.CommandLine;
using GradFlow.Cli.Rendering;
using GradFlow.Experiments;
using GradFlow.Repair;
using GradFlow.Report;
using GradFlow.Runs;

namespace GradFlow.Cli.Commands;

/// <summary>The subject in a minute, measured while one waits: it vanishes, it explodes, what helps.</summary>
internal sealed class TourCommand : Verb
{
    private readonly Option<bool> _quick;
    private readonly Option<int?> _seed;
    private readonly Option<string> _out, _pictures;

    public TourCommand()
        : base("tour", "See in under a minute how gradients vanish and explode, and what helps.", argument: null)
    {
        _quick = With(Inputs.Quick("Take a quarter of the steps."));
        _seed = With(Inputs.Seed(insteadOf: "; by default from 1"));
        _out = With(new Option<string>("--out")
        {
            Description = "Write the tour's page here.",
            HelpName = "FILE",
            DefaultValueFactory = _ => Path.Combine("runs", "tour.html"),
        });
        _pictures = With(new Option<string>("--pictures")
        {
            Description = "Write each picture here too, as an SVG file of its own.",
            HelpName = "DIR",
        });
    }

    public override string Note =>
        "Every net is trained on this machine while you wait, and every number is measured but for the forecasts and "
        + "what guessing gets. The commands at the ends of the stops name files of the repository's folder examples.";

    public override string Example => "gradflow tour";

    public override int Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        string page = arguments.GetRequiredValue(_out);
        if (page.Length == 0)
            throw new BadInputException("gradflow tour: --out is empty; expected a file for the page");
        string? pictures = arguments.GetValue(_pictures) is { Length: > 0 } named ? named : null;
        Destination.RequireFile("tour", "--out", page);
        if (pictures is not null) Destination.RequireFolder("tour", "--pictures", pictures);
        var options = new TourOptions
        {
            Seed = arguments.GetValue(_seed) ?? 1,
            IsQuick = arguments.GetValue(_quick),
            Producer = CommandLine.Producer,
            Time = terminal.Time,
        };
        TourFigure? figure = IsForMachines(arguments) ? null : new TourFigure(terminal.Reading, options.Seed);
        Tour tour = Stages.Follow(terminal, cancellation, progress =>
            new TourGuide(options).Lead(new ShareOfStage(progress), stop => figure?.Add(stop), cancellation));
        Inputs.WritePage("tour", "--out FILE", page, path => TourPage.Write(path, tour));
        if (pictures is not null)
            Inputs.WritePage("tour", "--pictures DIR", pictures, path => PictureFile.WriteAll(path, tour));
        Answer(arguments, terminal, () => tour, _ => figure!.End(tour, page));
        return ExitCode.Done;
    }

    private sealed class ShareOfStage(IProgress<DoctorProgress> progress) : IProgress<double>
    {
        public void Report(double value) =>
            progress.Report(new DoctorProgress("training the nets of the tour", "", value));
    }
}
