using System.Buffers.Binary;

namespace GradFlow.Runs;

/// <summary>
/// Exponent histograms packed as little-endian 32-bit integers: per parameter the number of bins (−1 where not
/// measured), and then, where measured, the first exponent and the counts.
/// </summary>
internal static class PackedHistograms
{
    private const int NotMeasured = -1;

    internal static byte[] Pack(IReadOnlyList<ExponentHistogram?> histograms)
    {
        byte[] bytes = new byte[sizeof(int) * histograms.Sum(h => h is null ? 1 : 2 + h.Counts.Count)];
        Span<byte> rest = bytes;
        foreach (ExponentHistogram? histogram in histograms)
        {
            Append(ref rest, histogram?.Counts.Count ?? NotMeasured);
            if (histogram is null) continue;
            Append(ref rest, histogram.First);
            foreach (int count in histogram.Counts) Append(ref rest, count);
        }
        return bytes;
    }

    internal static ExponentHistogram?[] Unpack(ReadOnlySpan<byte> bytes)
    {
        var histograms = new List<ExponentHistogram?>();
        while (bytes.Length > 0)
        {
            int bins = Take(ref bytes);
            if (bins < NotMeasured || bins >= bytes.Length / sizeof(int))
                throw new InvalidDataException($"a packed histogram of {bins} bins in {bytes.Length} bytes");
            histograms.Add(bins == NotMeasured ? null : TakeHistogram(ref bytes, bins));
        }
        return [.. histograms];
    }

    private static ExponentHistogram TakeHistogram(ref ReadOnlySpan<byte> bytes, int bins)
    {
        int first = Take(ref bytes);
        int[] counts = new int[bins];
        for (int i = 0; i < bins; i++) counts[i] = Take(ref bytes);
        return new ExponentHistogram(first, counts);
    }

    private static void Append(ref Span<byte> rest, int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(rest, value);
        rest = rest[sizeof(int)..];
    }

    private static int Take(ref ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < sizeof(int))
            throw new InvalidDataException($"{bytes.Length} bytes end packed histograms; expected a multiple of 4");
        int value = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        bytes = bytes[sizeof(int)..];
        return value;
    }
}
