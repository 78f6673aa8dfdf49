using System.CommandLine;
using System.Globalization;
using System.Text;
using GradFlow.Cli.Answers;
using GradFlow.Cli.Rendering;
using GradFlow.Experiments;

namespace GradFlow.Cli.Commands;

/// <summary>Lets a trained net write text.</summary>
internal sealed class SampleCommand : Verb
{
    private const int DefaultSeed = 1, MostWords = 1_000_000;

    private readonly Option<string> _prompt;
    private readonly Option<int?> _length;
    private readonly Option<double?> _temperature;
    private readonly Option<int?> _top;
    private readonly Option<int?> _seed;
    private readonly Option<string> _data;

    public SampleCommand()
        : base(
            "sample", "Write text with a net that was trained on 'text', 'agreement' or 'reber'.",
            new Argument<string>("RUN")
            {
                Description = "a run of gradflow train: its folder, or the checkpoint in it",
            })
    {
        _prompt = With(new Option<string>("--prompt")
        {
            Description = "Begin with this text. Default: a new line, or the first word.",
            HelpName = "TEXT",
        });
        _length = With(Number("--length", "Write so many characters or words. Default: 500.", 1, MostWords));
        _temperature = With(Temperature());
        _top = With(Number("--top", "Choose among the N likeliest alone.", 1, int.MaxValue));
        _seed = With(Inputs.Seed(""));
        _data = With(Inputs.Data());
    }

    public override string Note =>
        "The net is that of the run's newest checkpoint. A recurrent one carries its state from character to "
        + "character, any other reads as many as it was trained on. The same seed writes the same text. It is written "
        + "as it comes: what you stop with Ctrl-C keeps what came until then. Control characters, and bytes that are "
        + "no UTF-8, are written out as in \\x1b; --json has the bytes of a net of bytes as base64.";

    public override string Example =>
        "gradflow sample runs/20260102-030405-shakespeare --prompt \"ROMEO:\" --temperature 0.7";

    public override int Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        string place = arguments.GetRequiredValue(Input);
        (Sampler sampler, int step) = Load(place, arguments.GetValue(_data));
        var options = new SamplingOptions { Seed = arguments.GetValue(_seed) ?? DefaultSeed };
        options = options with
        {
            Length = arguments.GetValue(_length) ?? options.Length,
            Temperature = arguments.GetValue(_temperature) ?? options.Temperature,
            Top = arguments.GetValue(_top),
        };
        string prompt = arguments.GetValue(_prompt) ?? sampler.Opening;
        bool isForMachines = IsForMachines(arguments);
        TextWriter output = isForMachines ? TextWriter.Null : terminal.Output;
        (string text, byte[]? bytes) = Write(sampler, prompt, options, output, cancellation);
        if (isForMachines)
            Answer(
                arguments, terminal, () => new SampleAnswer(place, step, options.Seed, prompt, text, bytes), _ => { });
        return cancellation.IsCancellationRequested ? ExitCode.Stopped : ExitCode.Done;
    }

    /// <summary>Writes as it comes, so that what is stopped has written what came until then.</summary>
    private static (string Text, byte[]? Bytes) Write(
        Sampler sampler, string prompt, SamplingOptions options, TextWriter output, CancellationToken cancellation)
    {
        var text = new StringBuilder();
        var bytes = new List<byte>();
        bool isFirst = true;
        try
        {
            IEnumerable<string> pieces = sampler.WritesBytes
                ? VisibleText.Decode(Until(cancellation, sampler.WriteBytes(prompt, options), bytes.Add))
                : Until(cancellation, sampler.Write(prompt, options), piece => text.Append(piece));
            foreach (string piece in VisibleText.Of(pieces))
            {
                output.Write(isFirst ? sampler.Join(VisibleText.Of(prompt), piece) : piece);
                isFirst = false;
            }
        }
        catch (ArgumentException error)
        {
            throw new BadInputException($"gradflow sample: --prompt {error.Message}");
        }
        output.WriteLine(isFirst ? VisibleText.Of(prompt) : "");
        return sampler.WritesBytes ? (Encoding.UTF8.GetString([.. bytes]), [.. bytes]) : (text.ToString(), null);
    }

    /// <summary>What comes until the user stops it, each told as it comes.</summary>
    private static IEnumerable<T> Until<T>(CancellationToken cancellation, IEnumerable<T> all, Action<T> keep)
    {
        foreach (T one in all.TakeWhile(_ => !cancellation.IsCancellationRequested))
        {
            keep(one);
            yield return one;
        }
    }

    private static (Sampler Sampler, int Step) Load(string place, string? data)
    {
        TrainedNet net = TrainedNet.Find(place, "gradflow sample: RUN");
        ExperimentSource source = ExperimentSource.Read(net.Folder.Experiment, null, data).BeginningWith(null);
        DataSplits splits = source.LoadData();
        TrainingState state = Checkpoints.Load(net.Checkpoint);
        if (state.Pretraining is not null)
            throw TrainedNet.Refusal(place, "was stopped while pre-training, and its own training hasn't begun; go on "
                + "with it first, with gradflow train --resume");
        try
        {
            // What of the experiment has no effect was said before its training.
            var trainer = new Trainer(source.Experiment, splits, source.File);
            trainer.Restore(state);
            return (Sampler.Of(source.Experiment, trainer.Model, splits), state.Step);
        }
        catch (ArgumentException error)
        {
            throw TrainedNet.Refusal(place, error.Message);
        }
    }

    private static Option<double?> Temperature() => new("--temperature")
    {
        Description = "Divide the net's outputs by T: below 1 bolder guesses, above 1 wilder ones, 0 the likeliest. "
            + "Default: 1.",
        HelpName = "T",
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double temperature)
                && temperature is >= 0 and <= 1000)
                return temperature;
            result.AddError($"--temperature is '{text}'; expected a number from 0 to 1,000");
            return null;
        },
    };

    private static Option<int?> Number(string name, string description, int least, int most) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result => Inputs.WholeNumber(result, name, least, most),
    };
}
