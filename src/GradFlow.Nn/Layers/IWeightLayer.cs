using GradFlow.Autograd;

namespace GradFlow.Nn;

/// <summary>A layer whose output is linear in its weight, such as <see cref="Linear"/> and the convolutions.</summary>
public interface IWeightLayer
{
    /// <summary>W [out, in] or [out, in, k, …]; the directions v where it is normalised.</summary>
    Parameter Weight { get; }

    /// <summary>g [out], the lengths of a normalised weight (Salimans &amp; Kingma 2016); null for a weight as it stands.</summary>
    Parameter? WeightScale { get; }

    /// <summary>b [out]; null for none.</summary>
    Parameter? Bias { get; }
}
