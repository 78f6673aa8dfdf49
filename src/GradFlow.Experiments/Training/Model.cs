using GradFlow.Nn;
using GradFlow.Theory;

namespace GradFlow.Experiments;

/// <summary>An experiment's net with its initial weights, and the same net as theory sees it.</summary>
/// <param name="Net">The modules.</param>
/// <param name="Stages">Theory's stages by module name, in the order in which data passes; blocks hold their branch's.</param>
/// <param name="InitNames">Each weight's initialisation as the experiment file writes it, by parameter name.</param>
/// <param name="Outputs">Numbers per sample that come out; of a net with outputs at every time step, per step.</param>
public sealed record Model(
    Sequential Net,
    IReadOnlyList<NamedStage> Stages,
    IReadOnlyDictionary<string, string> InitNames,
    int Outputs)
{
    /// <summary>Numbers that one sample's way through the net makes, layer by layer.</summary>
    public long Units { get; init; }

    /// <summary>Time steps at which numbers come out: outputs are [n, steps, outputs]; null where [n, outputs].</summary>
    public int? StepsOut { get; init; }
}

/// <summary>A stage of theory with the module that it stands for.</summary>
/// <param name="Name">The module's stable name.</param>
/// <param name="Stage">Its stage.</param>
/// <param name="Branch">The stages inside, for a residual block.</param>
public sealed record NamedStage(string Name, Stage Stage, IReadOnlyList<NamedStage> Branch);
