using GradFlow.Tensors;

namespace GradFlow.Autograd.Tests;

/// <summary>
/// Attention's rows of the table: both kinds with each way to limit what a query sees, within a block of scores and
/// across several.
/// </summary>
internal static class AttentionRows
{
    /// <summary>Settings with the samples, queries and keys to try them on.</summary>
    public static readonly IReadOnlyList<(AttentionSettings Settings, int[] Extents)> Cases =
    [
        .. from settings in new[]
            {
                new AttentionSettings(2), new AttentionSettings(2, IsCausal: true), new AttentionSettings(1, Window: 3),
                new AttentionSettings(1, Window: 2, IsCausal: true), new AttentionSettings(2, Window: 70),
                new AttentionSettings(2, AttentionKind.Linear), new AttentionSettings(2, AttentionKind.Linear, true),
            }
            from extents in new int[][] { [2, 5, 5], [1, 1, 1], [2, 67, 67], [1, 131, 131] }
            select (settings, extents),
        (new AttentionSettings(2), [2, 3, 7]), (new AttentionSettings(1), [1, 70, 2]),
        (new AttentionSettings(1, AttentionKind.Linear), [2, 3, 68]),
        .. from settings in new[]
            {
                new AttentionSettings(2), new AttentionSettings(1, IsCausal: true), new AttentionSettings(2, Window: 4),
                new AttentionSettings(1, AttentionKind.Linear),
                new AttentionSettings(2, AttentionKind.Linear, IsCausal: true),
            }
            from lengths in new int[][] { [3, 5, 0], [70, 1, 64] }
            let steps = lengths.Max()
            select (settings with { KeyLengths = lengths }, new[] { 3, steps, steps }),
    ];

    public static IEnumerable<OpCase> All =>
    [
        .. from row in Cases
            let query = new[] { row.Extents[0], row.Extents[1], 4 }
            let key = new[] { row.Extents[0], row.Extents[2], 4 }
            select OpTable.Row(
                nameof(Ops.Attention), (_, x) => Ops.Attention(x[0], x[1], x[2], row.Settings), query, key, key),
        OpTable.Row(nameof(Ops.Attention), (_, x) => Ops.Attention(x[0], new AttentionSettings(3)), [2, 4, 18]),
        OpTable.Row(
            nameof(Ops.Attention), (_, x) => Ops.Attention(x[0], x[1], new AttentionSettings(1)), [2, 4, 3], [2, 5, 6]),
    ];
}
