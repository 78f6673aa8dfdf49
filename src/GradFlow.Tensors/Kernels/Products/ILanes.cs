using System.Numerics;

namespace GradFlow.Tensors;

/// <summary>
/// One vector width as the register tile sees it, so that the tile is written once for all widths. A product is a chain
/// of multiply-adds in every width, fused wherever the processor can; so widths that fuse agree to the bit.
/// </summary>
/// <typeparam name="TVector">What one register holds.</typeparam>
/// <typeparam name="T">One element of it.</typeparam>
internal interface ILanes<TVector, T>
    where TVector : struct
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Elements in a register.</summary>
    static abstract int Count { get; }

    /// <summary>Rows of a tile two registers wide for which there are registers enough.</summary>
    static abstract int TileRows { get; }

    static abstract TVector Load(ref T from, int offset);

    static abstract TVector Broadcast(T value);

    static abstract TVector MultiplyAdd(TVector a, TVector b, TVector c);

    static abstract TVector Add(TVector a, TVector b);

    static abstract void Store(TVector vector, ref T to, int offset);
}
