using GradFlow.Tensors;

namespace GradFlow.Autograd;

/// <summary>
/// An op of the kind that nets are mostly made of. Each row of its output (each sample) follows from the same row of
/// its first input, so that it need not be computed at once: the tape collects such ops and lets each thread take some
/// rows through all of them. Recorded again at the next step, it is the same object with the same tensors.
/// </summary>
internal abstract class Operation
{
    private readonly Shape[] _shapes;

    /// <summary>Remembers what it is applied to.</summary>
    protected Operation(string name, Variable[] inputs, Shape output)
    {
        Name = name;
        Inputs = inputs;
        OutputShape = output;
        _shapes = [.. inputs.Select(input => input.Shape)];
    }

    /// <summary>The op's name, such as <c>tanh</c>.</summary>
    public string Name { get; }

    /// <summary>What it is applied to; the first is what its rows follow from.</summary>
    public Variable[] Inputs { get; }

    /// <summary>The extents of the result.</summary>
    public Shape OutputShape { get; }

    /// <summary>The result; set when it is recorded first.</summary>
    public Variable Output { get; set; } = null!;

    /// <summary>True where there is so much to do that the kernel shares it among threads by itself.</summary>
    public bool IsLarge { get; init; }

    /// <summary>
    /// True where the result is computed only if somebody asks for it: an op behind it may compute its own from the
    /// same inputs in one walk, to the same bits.
    /// </summary>
    public bool IsDeferred { get; init; }

    /// <summary>
    /// True where it needs no numbers of an input that is deferred, as it computes from that one's inputs.
    /// </summary>
    public bool LooksThrough { get; init; }

    /// <summary>Computes some rows of the output; called from any thread.</summary>
    /// <param name="x">These rows of the first input.</param>
    /// <param name="y">These rows of the output, to be written.</param>
    public abstract void Compute(Tensor x, Tensor y);

    /// <summary>Hands the inputs' cotangents to the sink.</summary>
    /// <param name="cotangent">∂L/∂output without its power of two.</param>
    /// <param name="sink">Where they go.</param>
    public abstract void Derive(Tensor cotangent, CotangentSink sink);

    /// <summary>Whether it was applied to these very variables, in their present shapes.</summary>
    public bool IsOf(Variable a, Variable? b = null, Variable? c = null)
    {
        int count = c is not null ? 3 : b is not null ? 2 : 1;
        return Inputs.Length == count && IsInput(0, a) && (b is null || IsInput(1, b)) && (c is null || IsInput(2, c));
    }

    /// <summary>Whether another op is of the same name and was applied to the same variables.</summary>
    public bool IsLike(Operation other) => Name == other.Name && Inputs.AsSpan().SequenceEqual(other.Inputs);

    private bool IsInput(int index, Variable variable) =>
        ReferenceEquals(Inputs[index], variable) && variable.Unforced.Shape == _shapes[index];
}
