using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>
/// The decoder of a sequence-to-sequence net (Bahdanau, Cho &amp; Bengio 2015): it reads all that an encoder gives,
/// y [n, T, m], and writes T symbols one after the other. At each step a gated recurrent unit looks back over y by
/// additive attention, and reads the symbol written last:
/// c_t = Σ_i α_i·y_i, α = softmax_i(v·tanh(Q·s_{t−1} + K·y_i)); s_t = GRU([E_(symbol t−1), c_t], s_{t−1}); its logits
/// are O·[s_t, c_t] + b. The first state is tanh(B·c_0 + b'), c_0 being what a query of zeros attends to; and the first
/// symbol read is one of its own, which begins.
/// </summary>
/// <remarks>
/// In training it reads, with a given probability each, the symbol that should have been written (teacher forcing,
/// Williams &amp; Zipser 1989; below 1 scheduled sampling, Bengio et al. 2015): <see cref="Pass.Teacher"/>. Where the
/// net is judged it reads what it has written itself, the symbol with the largest logit.
/// </remarks>
/// <param name="name">The stable name.</param>
/// <param name="parameters">Its weights and biases.</param>
/// <param name="teacherForcing">The probability of reading the symbol that should have been, from 0 to 1.</param>
public sealed class AttentionDecoder(string name, AttentionDecoderParameters parameters, double teacherForcing = 1)
    : Module(name, "attention-decoder", ModuleKind.Attention)
{
    private readonly TeacherForcing _forcing = new(name, teacherForcing);

    /// <summary>
    /// Makes the layer with weights drawn by PyTorch's defaults, from the seed and the names alone.
    /// </summary>
    /// <param name="name">The stable name; the draws are keyed by it.</param>
    /// <param name="inputs">m, numbers per time step that come in, at least 1.</param>
    /// <param name="symbols">Symbols that it can write, at least 1.</param>
    /// <param name="units">Numbers in its state, at least 1.</param>
    /// <param name="embedding">e, numbers that a symbol is read as, at least 1.</param>
    /// <param name="seed">The training's seed.</param>
    /// <param name="teacherForcing">The probability of reading the symbol that should have been, from 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1, or the probability no such.</exception>
    public static AttentionDecoder Create(
        string name, int inputs, int symbols, int units, int embedding, long seed, double teacherForcing = 1)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        foreach (int size in new[] { inputs, symbols, units, embedding })
            ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        (Parameter Weight, Parameter? Bias) Draw(string part, int rows, int columns, bool hasBias = true) =>
            DrawnParameters.Of($"{name}.{part}", new Shape(rows, columns), seed, null, null, hasBias);
        // PyTorch draws all of a recurrent layer from U(±1/√units), whatever the fan-in.
        Initializer ofCell = Initializers.Uniform(1 / Math.Sqrt(units));
        (Parameter Weight, Parameter? Bias) DrawCell(string part, int columns) => DrawnParameters.Of(
            $"{name}.{part}", new Shape(Gru.Gates * units, columns), seed, ofCell, ofCell, hasBias: true);
        (Parameter beginWeight, Parameter? beginBias) = Draw("begin", units, inputs);
        (Parameter outputWeight, Parameter? outputBias) = Draw("output", symbols, units + inputs);
        (Parameter cellWeight, Parameter? cellBias) = DrawCell("cell-input", embedding + inputs);
        (Parameter stateWeight, Parameter? stateBias) = DrawCell("cell-state", units);
        Parameter scores = Draw("scores", 1, units, hasBias: false).Weight;
        (Parameter table, _) = DrawnParameters.Of(
            $"{name}.embedding", new Shape(symbols + 1, embedding), seed, Initializers.Normal(1), null, hasBias: false);
        var parameters = new AttentionDecoderParameters(
            table, Draw("keys", units, inputs, hasBias: false).Weight, Draw("queries", units, units, false).Weight,
            scores, beginWeight, beginBias!,
            new RecurrentParameters(cellWeight, stateWeight, cellBias, stateBias), outputWeight, outputBias!);
        return new AttentionDecoder(name, parameters, teacherForcing);
    }

    /// <summary>Its weights and biases.</summary>
    public AttentionDecoderParameters Parameters { get; } =
        parameters ?? throw new ArgumentNullException(nameof(parameters));

    /// <summary>The probability of reading, in training, the symbol that should have been written.</summary>
    public double TeacherForcing => _forcing.Probability;

    /// <summary>Symbols that it can write.</summary>
    public int Symbols => Parameters.OutputBias.Value.Shape[0];

    /// <inheritdoc/>
    public override IReadOnlyList<Module> Children => [];

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> OwnParameters => Parameters.All;

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, Tensor Value)> OwnBuffers => [];

    /// <inheritdoc/>
    protected override Variable Forward(Variable x, Pass pass)
    {
        if (x.Shape.Count != 3 || x.Shape[2] != Parameters.KeyWeight.Value.Shape[1])
            throw new ArgumentException(
                $"'{Name}' got {x.Shape}; expected sequences [n, T, {Parameters.KeyWeight.Value.Shape[1]}]");
        int samples = x.Shape[0], steps = x.Shape[1];
        _forcing.Require(pass, samples, steps);
        var step = new DecoderStep(Parameters, x, pass.Lengths);
        Variable state = step.Begin();
        var logits = new Variable[steps];
        int[] read = [.. Enumerable.Repeat(Symbols, samples)];
        for (int t = 0; t < steps; t++)
        {
            (state, logits[t]) = step.Next(state, read);
            if (t + 1 < steps) read = NextSymbols(logits[t].Value, pass, t, steps);
        }
        return Ops.Stack(logits, 1);
    }

    private int[] NextSymbols(Tensor logits, Pass pass, int step, int steps)
    {
        int[] read = Kernels.LargestInRows(logits);
        for (int i = 0; i < read.Length; i++) read[i] = _forcing.SymbolOf(pass, i, step, steps) ?? read[i];
        return read;
    }

    /// <summary>The step of one pass: what it looks back over, and its weights on the tape.</summary>
    private sealed class DecoderStep
    {
        private readonly AttentionDecoderParameters _p;
        private readonly Variable _values, _keys;
        private readonly ReadOnlyMemory<int> _lengths;

        public DecoderStep(AttentionDecoderParameters parameters, Variable values, ReadOnlyMemory<int> lengths)
        {
            (_p, _values, _lengths) = (parameters, values, lengths);
            _keys = Rows.Map(values, rows => Ops.Affine(rows, On(parameters.KeyWeight), null));
        }

        public Variable Begin()
        {
            Tensor zeros = Tensor.Zeros(new Shape(_values.Shape[0], _keys.Shape[2]), _values.Value.ElementType);
            Variable context = Attend(_values.Tape.Constant(zeros));
            return Ops.Tanh(Ops.Affine(context, On(_p.BeginWeight), On(_p.BeginBias)));
        }

        public (Variable State, Variable Logits) Next(Variable state, int[] read)
        {
            Variable context = Attend(Ops.Affine(state, On(_p.QueryWeight), null));
            Variable input = Ops.Concatenate([Ops.Embedding(On(_p.Embedding), read), context], 1);
            RecurrentParameters cell = _p.Cell;
            var weights = new RecurrentInputs(
                On(cell.Weight), On(cell.RecurrentWeight), OnOrNull(cell.Bias), OnOrNull(cell.RecurrentBias));
            Variable h = Ops.Gru(
                Ops.Reshape(input, new Shape(input.Shape[0], 1, input.Shape[1])), weights, null,
                new CarriedState(state));
            Variable next = Ops.Reshape(h, state.Shape);
            return (next, Ops.Affine(Ops.Concatenate([next, context], 1), On(_p.OutputWeight), On(_p.OutputBias)));
        }

        private Variable Attend(Variable query) =>
            Ops.AdditiveAttention(
                query, _keys, Ops.Reshape(On(_p.Scores), new Shape(query.Shape[1])), _values, _lengths);

        private Variable On(Parameter parameter) => _values.Tape.Use(parameter);

        private Variable? OnOrNull(Parameter? parameter) => parameter is null ? null : On(parameter);
    }
}
