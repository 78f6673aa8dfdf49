using GradFlow.Autograd;
using GradFlow.Nn;
using GradFlow.Tensors;

namespace GradFlow.Experiments;

/// <summary>
/// Lets a trained net write: each word or character is drawn from what the net predicts after those before it. A
/// recurrent net reads each once and carries its states on; any other reads the last ones anew each time, as many as a
/// sample of its training has.
/// </summary>
public sealed class Sampler
{
    private readonly Experiment _experiment;
    private readonly Model _model;
    private readonly Dataset _data;
    private readonly TextCode _code;
    private readonly TensorPool _pool = new();
    private readonly bool _carries;

    private Sampler(Experiment experiment, Model model, Dataset data)
    {
        _experiment = experiment;
        _model = model;
        _data = data;
        _code = new TextCode(data, experiment.Data);
        _carries = model.Net.SelfAndDescendants().Any(module => module is Recurrent)
            && model.Net.SelfAndDescendants().All(module => module.Kind != ModuleKind.Attention
                && module is not (Bidirectional or Conv1d or Pool1d or LearnedPositions or SinusoidalPositions));
    }

    /// <summary>A net that writes.</summary>
    /// <param name="experiment">What it was trained by.</param>
    /// <param name="model">The net with its trained weights.</param>
    /// <param name="data">What it was trained on.</param>
    /// <exception cref="ArgumentException">It predicts no words at every time step.</exception>
    public static Sampler Of(Experiment experiment, Model model, DataSplits data)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        bool writes = data.Train is { Vocabulary: not null, LabelsPerSample: > 1 } && model.StepsOut is not null
            && experiment.Loss is CrossEntropySpec or NllProbabilitiesSpec;
        return writes
            ? new Sampler(experiment, model, data.Train)
            : throw new ArgumentException(
                $"was trained on '{experiment.Data.EntryName}' with {experiment.Loss.EntryName}; expected a net that "
                    + "predicts the next word at every step, of 'text', 'agreement' or 'reber'");
    }

    /// <summary>What a text begins with where nobody says anything else.</summary>
    public string Opening => _code.Opening;

    /// <summary>Whether the text it learned was read as bytes.</summary>
    public bool WritesBytes => _code.AreBytes;

    /// <summary>Writes on, piece by piece, each drawn when it is asked for.</summary>
    /// <param name="prompt">What the text begins with; not empty.</param>
    /// <param name="options">How.</param>
    /// <returns>
    /// What comes after the prompt, none of its pieces empty and words with a blank before all but the first; the same
    /// for the same seed. Asking for more throws an <see cref="ArgumentException"/> where the net's outputs aren't
    /// finite.
    /// </returns>
    /// <exception cref="ArgumentException">The prompt is empty or has what the net doesn't know.</exception>
    public IEnumerable<string> Write(string prompt, SamplingOptions options) => _code.Decode(After(prompt, options));

    /// <summary>Writes on as <see cref="Write"/> does, byte by byte, whether or not they are UTF-8.</summary>
    /// <param name="prompt">What the text begins with; not empty.</param>
    /// <param name="options">How.</param>
    /// <exception cref="ArgumentException">The prompt is empty.</exception>
    /// <exception cref="InvalidOperationException">The net writes no bytes: <see cref="WritesBytes"/>.</exception>
    public IEnumerable<byte> WriteBytes(string prompt, SamplingOptions options) => WritesBytes
        ? After(prompt, options).Select(number => (byte)number)
        : throw new InvalidOperationException("the net writes characters or words; expected one of bytes");

    /// <summary>A text with what was written on, with a space between words.</summary>
    /// <param name="prompt">What the text begins with.</param>
    /// <param name="written">What comes after it.</param>
    public string Join(string prompt, string written) => _code.Join(prompt, written);

    private IEnumerable<int> After(string prompt, SamplingOptions options)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        ArgumentNullException.ThrowIfNull(options);
        int[] words = _code.Encode(prompt);
        return words.Length > 0
            ? Draw(words, options)
            : throw new ArgumentException("is empty; expected what the text begins with");
    }

    /// <summary>The words after others.</summary>
    private IEnumerable<int> Draw(IEnumerable<int> words, SamplingOptions options)
    {
        List<int> text = [.. words];
        var key = new RandomKey(options.Seed, "sample");
        CarriedStates? states = _carries ? new() : null;
        for (int i = 0; i < options.Length; i++)
        {
            int read = states is null ? Math.Min(text.Count, _data.InputShape[0]) : i == 0 ? text.Count : 1;
            float[] outputs = Predict([.. text.TakeLast(read)], states);
            text.Add(NextWord.Draw(outputs, options, _code.Unknown, key, i));
            yield return text[^1];
        }
    }

    /// <summary>The outputs after the last of some words, as ln of probabilities up to a sum.</summary>
    private float[] Predict(int[] words, CarriedStates? states)
    {
        var sequence = Dataset.ForTokens(words, words, words.Length, _data.Vocabulary!, _data.Separator);
        var read = new Batches(sequence, _experiment.Loss, _model);
        using var tape = new Tape(_pool) { IsRecording = false };
        Variable output = _model.Net.Apply(read.Inputs(tape, [0]), Pass.Evaluation with { Carried = states });
        float[] last = output.Value.AsSpan<float>()[^_model.Outputs..].ToArray();
        return _experiment.Loss is NllProbabilitiesSpec ? Array.ConvertAll(last, MathF.Log) : last;
    }
}
