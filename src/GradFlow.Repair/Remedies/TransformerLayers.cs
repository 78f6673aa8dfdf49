using GradFlow.Experiments;

namespace GradFlow.Repair;

/// <summary>
/// Blocks of a Transformer in place of recurrent layers (Vaswani et al. 2017), normalised before each sublayer (Xiong
/// et al. 2020): any two time steps are one step of attention apart.
/// </summary>
public sealed class TransformerLayers() : Remedy("transformer", ForkKind.Restart)
{
    private const int MostHeads = 4, Widening = 4;

    private protected override Experiment? Change(Experiment experiment)
    {
        List<LayerSpec> model = [.. experiment.Model];
        int first = model.FindIndex(RecurrentRewriting.IsRecurrent);
        if (first < 0) return null;
        int units = RecurrentRewriting.UnitsOf(model[first]);
        int width = Math.Max(MostHeads, (units + MostHeads - 1) / MostHeads * MostHeads);
        LayerSpec[] blocks =
        [
            new LinearSpec { Out = width }, new PositionsSpec { Kind = PositionsKind.Sinusoidal },
            new TransformerEncoderSpec
            {
                Heads = MostHeads,
                Hidden = Widening * width,
                Norm = TransformerNorm.Pre,
                Causal = true,
                Times = model.Count(RecurrentRewriting.IsRecurrent) + 1,
            },
            new LayerNormSpec(),
        ];
        return experiment with
        {
            Model = new ValueList<LayerSpec>(model.SelectMany(
                (layer, i) => i == first ? blocks : RecurrentRewriting.IsRecurrent(layer) ? [] : [layer])),
            Training = experiment.Training with { Truncate = null },
        };
    }
}
