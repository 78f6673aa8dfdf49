using System.Numerics;

namespace GradFlow.Tensors;

/// <summary>
/// What one batch normalisation does to a channel's numbers: γ·(x − μ)·σ⁻¹ + β (Ioffe &amp; Szegedy 2015).
/// </summary>
/// <param name="Mean">μ, [c].</param>
/// <param name="InverseStd">σ⁻¹ = (variance + ε)^(−½), [c].</param>
/// <param name="Gain">γ, [c].</param>
/// <param name="Shift">β, [c].</param>
public sealed record ChannelNorm(Tensor Mean, Tensor InverseStd, Tensor Gain, Tensor Shift)
{
    /// <summary>μ, γ·σ⁻¹ and β of one channel.</summary>
    internal (T Mean, T Slope, T Offset) Of<T>(int channel)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        (At<T>(Mean, channel), At<T>(Gain, channel) * At<T>(InverseStd, channel), At<T>(Shift, channel));

    // Asked of every stretch: a span of the whole would cost more than the number.
    private static T At<T>(Tensor perChannel, int channel)
        where T : unmanaged => perChannel.Elements<T>()[perChannel.Offset + channel * perChannel.StrideArray[0]];
}
