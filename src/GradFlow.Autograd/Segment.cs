using GradFlow.Tensors;

namespace GradFlow.Autograd;

/// <summary>
/// A stretch of a tape whose results go back to the pool once they have been used, and are computed again where
/// somebody asks for them. Its variables stay where they are, so that whoever reads the graph sees the same as without.
/// </summary>
/// <param name="input">What it is applied to.</param>
/// <param name="function">What it computes: the same ops of the same input each time.</param>
/// <param name="scope">The layer in whose scope it was entered.</param>
/// <param name="start">The index of its first variable.</param>
internal sealed class Segment(Variable input, Func<Variable, Variable> function, string scope, int start)
{
    /// <summary>What it is applied to.</summary>
    public Variable Input { get; } = input;

    /// <summary>What it computes.</summary>
    public Func<Variable, Variable> Function { get; } = function;

    /// <summary>The layer in whose scope it was entered.</summary>
    public string Scope { get; } = scope;

    /// <summary>The index of its first variable.</summary>
    public int Start { get; } = start;

    /// <summary>The index behind its last variable; its own start until it is whole.</summary>
    public int End { get; private set; } = start;

    /// <summary>Its result, the only one that is kept.</summary>
    public Variable Output { get; private set; } = input;

    /// <summary>What its ops have rented.</summary>
    public List<(Tensor Tensor, int Generation)> Rented { get; } = [];

    /// <summary>Whether its results are there.</summary>
    public bool IsThere { get; set; } = true;

    /// <summary>How many need them now, recording included.</summary>
    public int Users { get; set; } = 1;

    /// <summary>It has been recorded up to a result.</summary>
    public void Close(Variable output, int end)
    {
        (Output, End) = (output, end);
        Users--;
    }
}
