using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>
/// A layer or block of a net. It knows nothing of being watched: the tape carries its name, and that is enough.
/// </summary>
public abstract class Module
{
    /// <summary>Names the module.</summary>
    /// <param name="name">
    /// Stable name, unique in the net, such as <c>linear-3</c>: draws and records are keyed by it, so it must not
    /// change when a layer of another type is added elsewhere.
    /// </param>
    /// <param name="type">The type as the experiment file names it, such as <c>linear</c>.</param>
    /// <param name="kind">What it does to the gradient.</param>
    protected Module(string name, string type, ModuleKind kind)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Name = name;
        Type = type;
        Kind = kind;
    }

    /// <summary>The stable name.</summary>
    public string Name { get; }

    /// <summary>The type as the experiment file names it.</summary>
    public string Type { get; }

    /// <summary>What it does to the gradient.</summary>
    public ModuleKind Kind { get; }

    /// <summary>The modules inside, in the order in which data passes; empty for a plain layer.</summary>
    public abstract IReadOnlyList<Module> Children { get; }

    /// <summary>The parameters of its own, without those of its children.</summary>
    public abstract IReadOnlyList<Parameter> OwnParameters { get; }

    /// <summary>
    /// Tensors that are kept but not trained, such as running means, by name; without those of its children.
    /// </summary>
    public abstract IReadOnlyList<(string Name, Tensor Value)> OwnBuffers { get; }

    /// <summary>Maps a batch to a batch, in this module's scope.</summary>
    /// <param name="x">The input; its first dimension is the batch.</param>
    /// <param name="pass">Whether this is training, and its draws.</param>
    public Variable Apply(Variable x, Pass pass)
    {
        ArgumentNullException.ThrowIfNull(x);
        using (x.Tape.EnterScope(Name)) return Forward(x, pass);
    }

    /// <summary>This module and all inside it, outer before inner, in the order in which data passes.</summary>
    public IEnumerable<Module> SelfAndDescendants() =>
        Children.SelectMany(child => child.SelfAndDescendants()).Prepend(this);

    /// <summary>All parameters, those of children included, in the order in which data passes.</summary>
    public IReadOnlyList<Parameter> AllParameters() =>
        SelfAndDescendants().SelectMany(m => m.OwnParameters).Distinct().ToList();

    /// <summary>All buffers, those of children included.</summary>
    public IReadOnlyList<(string Name, Tensor Value)> AllBuffers() =>
        SelfAndDescendants().SelectMany(m => m.OwnBuffers).ToList();

    /// <summary>What the module computes.</summary>
    protected abstract Variable Forward(Variable x, Pass pass);
}

/// <summary>What a module does to the gradient.</summary>
public enum ModuleKind
{
    /// <summary>Several modules in a row; nothing of its own.</summary>
    Sequence,

    /// <summary>A product with weights.</summary>
    Weights,

    /// <summary>An elementwise non-linearity.</summary>
    Activation,

    /// <summary>A normalisation.</summary>
    Normalization,

    /// <summary>A block with an identity path beside its branch.</summary>
    Residual,

    /// <summary>A layer that works through time.</summary>
    Recurrence,

    /// <summary>A layer whose time steps look at others, with the products before and behind.</summary>
    Attention,

    /// <summary>Reshaping, dropout and the like.</summary>
    Other,
}

/// <summary>What a forward pass is for.</summary>
/// <param name="IsTraining">True in training: batch statistics and dropout are on.</param>
/// <param name="Draws">The key of this step's draws; layers key theirs by name below it.</param>
public readonly record struct Pass(bool IsTraining, StepDraws Draws)
{
    /// <summary>A pass that judges rather than trains.</summary>
    public static Pass Evaluation { get; } = new(false, default);

    /// <summary>
    /// Of sequences: how many time steps of each sample hold data, the rest being padding behind them; empty where all
    /// do.
    /// </summary>
    public ReadOnlyMemory<int> Lengths { get; init; }

    /// <summary>
    /// In training, for layers that write sequences: the symbols that should be written, one sample's after the
    /// other's, −1 where that isn't compared; empty where nothing is known of them.
    /// </summary>
    public ReadOnlyMemory<int> Teacher { get; init; }

    /// <summary>
    /// States that recurrent layers begin with and hand on, so that sequences may come in pieces; null where each pass
    /// begins with zeros.
    /// </summary>
    public CarriedStates? Carried { get; init; }

    /// <summary>
    /// Whether recurrent layers keep √T of T time steps' states alone for the way back, and compute what else it needs
    /// again from there (Chen et al. 2016): what they keep then grows with √T, and so do their outputs where a
    /// <see cref="LastStep"/> follows. States are the same
    /// bits, gradients of weights so to rounding.
    /// </summary>
    public bool CheckpointsTimeSteps { get; init; }

    /// <summary>Whether what follows this layer reads its last time step alone, see <see cref="LastStep"/>.</summary>
    internal bool AsksLastStepAlone { get; init; }

    /// <summary>
    /// What cross-attention looks at, [n, steps, features], such as an encoder's output; null for none.
    /// </summary>
    public Variable? Memory { get; init; }

    /// <summary>As <see cref="Lengths"/>, of <see cref="Memory"/>.</summary>
    public ReadOnlyMemory<int> MemoryLengths { get; init; }
}

/// <summary>The draws of one training step.</summary>
/// <param name="Seed">The experiment's seed.</param>
/// <param name="Step">The step, from 0; where steps have several forward passes, these counted on.</param>
public readonly record struct StepDraws(long Seed, long Step)
{
    /// <summary>The key for a layer's draws of a purpose at this step.</summary>
    public RandomKey For(string purpose, string layer) => new RandomKey(Seed, purpose, layer).At(Step);
}
