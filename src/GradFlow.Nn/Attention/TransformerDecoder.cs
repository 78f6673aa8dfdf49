using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>
/// The decoder of a Transformer (Vaswani et al. 2017): it looks at all that an encoder gives, [n, T, features], and
/// writes T symbols one after the other. What it reads at a time step is the symbol written at the one before, at the
/// first one of its own, which begins: its learned vector and the sinusoidal position. Blocks of causal attention,
/// attention to the encoder, and two layers on each time step follow, and a linear layer gives the logits,
/// [n, T, symbols].
/// </summary>
/// <remarks>
/// In training it reads, with a given probability each, the symbol that should have been written (teacher forcing,
/// Williams &amp; Zipser 1989; below 1 scheduled sampling, Bengio et al. 2015): <see cref="Pass.Teacher"/>. Where the
/// net is judged it reads what it has written itself, the symbol with the largest logit. These are found by passes over
/// all time steps at once, each of which reads what the one before has written: since no step sees later ones, a pass
/// more makes at least one step more right for good, and when nothing changes all are (Jacobi decoding, Song et al.
/// 2021).
/// </remarks>
public sealed class TransformerDecoder : Module
{
    private readonly SinusoidalPositions _positions;
    private readonly TeacherForcing _forcing;

    /// <summary>Takes its parts.</summary>
    /// <param name="name">The stable name.</param>
    /// <param name="embedding">
    /// A vector of features for each symbol and for the one that begins, [symbols + 1, features].
    /// </param>
    /// <param name="blocks">What lies between the vectors and the output, in order.</param>
    /// <param name="output">From features to symbols.</param>
    /// <param name="teacherForcing">The probability of reading the symbol that should have been, from 0 to 1.</param>
    /// <exception cref="ArgumentException">The vectors and the output are not of the same symbols.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The probability is no such.</exception>
    public TransformerDecoder(
        string name, Parameter embedding, IReadOnlyList<Module> blocks, Linear output, double teacherForcing = 1)
        : base(name, "transformer-decoder", ModuleKind.Sequence)
    {
        ArgumentNullException.ThrowIfNull(embedding);
        ArgumentNullException.ThrowIfNull(blocks);
        ArgumentNullException.ThrowIfNull(output);
        Shape table = embedding.Value.Shape, weight = output.Weight.Value.Shape;
        if (table != new Shape(weight[0] + 1, weight[1]))
            throw new ArgumentException(
                $"'{name}' got vectors {table} and an output {weight}; expected vectors [{weight[0] + 1}, {weight[1]}]",
                nameof(embedding));
        _forcing = new TeacherForcing(name, teacherForcing);
        _positions = new SinusoidalPositions($"{name}-positions");
        (Embedding, Output) = (embedding, output);
        Children = [_positions, .. blocks, output];
        OwnParameters = [embedding];
    }

    /// <summary>
    /// Makes the layer with weights drawn from the seed and the names: vectors from N(0, 1), the rest by PyTorch's
    /// defaults or as DeepNorm asks.
    /// </summary>
    /// <param name="name">The stable name; those of its modules and draws begin with it.</param>
    /// <param name="symbols">Symbols that it can write, at least 1.</param>
    /// <param name="block">What each block is like; its attention is made causal.</param>
    /// <param name="times">How many blocks, at least 1.</param>
    /// <param name="seed">The training's seed.</param>
    /// <param name="teacherForcing">The probability of reading the symbol that should have been, from 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1, or the probability no such.</exception>
    /// <exception cref="ArgumentException">Heads don't share the features out evenly.</exception>
    public static TransformerDecoder Create(
        string name, int symbols, TransformerBlock block, int times, long seed, double teacherForcing = 1)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(block);
        ArgumentOutOfRangeException.ThrowIfLessThan(symbols, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(times, 1);
        TransformerBlock causal = block with { Attention = block.Attention with { IsCausal = true } };
        List<Module> blocks = [.. Enumerable.Range(1, times).Select(i => causal.Decoder($"{name}-{i}", seed))];
        if (block.Norm == NormPlacement.Pre) blocks.Add(new LayerNorm($"{name}-norm", block.Features));
        (Parameter embedding, _) = DrawnParameters.Of(
            $"{name}.embedding", new Shape(symbols + 1, block.Features), seed, Initializers.Normal(1), null,
            hasBias: false);
        return new TransformerDecoder(
            name, embedding, blocks, Linear.Create($"{name}-output", block.Features, symbols, seed), teacherForcing);
    }

    /// <summary>The vectors of the symbols, and behind them that of the one that begins.</summary>
    public Parameter Embedding { get; }

    /// <summary>From features to symbols.</summary>
    public Linear Output { get; }

    /// <summary>The probability of reading, in training, the symbol that should have been written.</summary>
    public double TeacherForcing => _forcing.Probability;

    /// <summary>Symbols that it can write.</summary>
    public int Symbols => Output.Weight.Value.Shape[0];

    /// <inheritdoc/>
    public override IReadOnlyList<Module> Children { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> OwnParameters { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, Tensor Value)> OwnBuffers => [];

    /// <inheritdoc/>
    protected override Variable Forward(Variable x, Pass pass)
    {
        int features = Embedding.Value.Shape[1];
        if (x.Shape.Count != 3 || x.Shape[2] != features)
            throw new ArgumentException($"'{Name}' got {x.Shape}; expected sequences [n, T, {features}]");
        _forcing.Require(pass, x.Shape[0], x.Shape[1]);
        return Logits(x, SymbolsToRead(x, pass), pass);
    }

    /// <summary>The logits where these symbols are read.</summary>
    private Variable Logits(Variable memory, int[] read, Pass pass)
    {
        Variable y = Ops.Embedding(memory.Tape.Use(Embedding), read);
        y = Ops.Reshape(y, memory.Shape);
        Pass looking = pass with { Memory = memory, MemoryLengths = pass.Lengths };
        foreach (Module child in Children) y = child.Apply(y, looking);
        return y;
    }

    /// <summary>What is read at each time step, one sample's symbols after the other's.</summary>
    private int[] SymbolsToRead(Variable x, Pass pass)
    {
        (int samples, int steps) = (x.Shape[0], x.Shape[1]);
        int[] read = [.. Enumerable.Repeat(Symbols, samples * steps)];
        var own = new List<int>();
        for (int place = 0; place < read.Length; place++)
        {
            if (place % steps == 0) continue;
            if (_forcing.SymbolOf(pass, place / steps, place % steps - 1, steps) is { } wanted) read[place] = wanted;
            else own.Add(place);
        }
        bool isChanged = own.Count > 0;
        for (int turn = 1; turn < steps && isChanged; turn++)
        {
            int[] written = Written(x, read, pass);
            isChanged = false;
            foreach (int place in own)
            {
                isChanged |= read[place] != written[place - 1];
                read[place] = written[place - 1];
            }
        }
        return read;
    }

    /// <summary>What is written where these symbols are read, found without a trace on the tape.</summary>
    private int[] Written(Variable x, int[] read, Pass pass)
    {
        using var tape = new Tape(x.Tape.Pool) { IsRecording = false };
        Variable logits = Logits(tape.Constant(x.Value), read, pass);
        return Kernels.LargestInRows(logits.Value.Reshape(new Shape(read.Length, Symbols)));
    }
}
