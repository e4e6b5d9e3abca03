using System.Numerics;
using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// The rows of a table that satisfy the condition of a scan, as one mask for each slice: what a
/// ranking may choose from. A row is <c>slice * Limits.ChunkRowCount + row</c>.
/// </summary>
internal sealed class CandidateRows
{
    private static readonly ulong[] NoRow = new ulong[(Limits.ChunkRowCount + 63) / 64];

    private CandidateRows(TableSnapshot snapshot)
    {
        Snapshot = snapshot;
        Slices = new TableSlice[snapshot.SliceCount];
        Masks = new ulong[Slices.Length][];
    }

    /// <summary>The table.</summary>
    public TableSnapshot Snapshot { get; }

    /// <summary>The slices.</summary>
    public TableSlice[] Slices { get; }

    /// <summary>
    /// One bit for each row of each slice; empty if all of its rows are candidates.
    /// </summary>
    public ulong[][] Masks { get; }

    /// <summary>Computes the condition of a scan, slices side by side.</summary>
    public static CandidateRows Select(PlanNode node, TableScan scan, ExecutionContext context)
    {
        var rows = new CandidateRows(context.Open(scan.Table));
        NarrowExpression? filter = scan.Filter;
        ZoneTest? zones = scan.Pruning?.Begin(rows.Snapshot, context);
        NodeProfile? profile = context.Profile?.Find(node);
        if (filter is null)
        {
            for (int i = 0; i < rows.Slices.Length; i++)
            {
                rows.Slices[i] = rows.Snapshot.Slice(i);
                rows.Masks[i] = rows.Slices[i].VisibleMask.ToArray();
            }
        }
        else
        {
            context.Workers.ForEach(rows.Slices.Length, i =>
            {
                context.ThrowIfCancelled();
                TableSlice slice = rows.Snapshot.Slice(i);
                rows.Slices[i] = slice;
                int[]? candidates = zones?.CandidatesOf(i);
                bool isEmpty = zones?.IsEmpty(i) == true || candidates is { Length: 0 };
                if (isEmpty)
                {
                    profile?.CountSkippedChunk();
                }

                rows.Masks[i] = (isEmpty || candidates is not null
                    ? null : SliceRows.WithVector(slice, filter))
                    ?? MaskOf(
                        slice,
                        isEmpty ? [] : SliceRows.Select(slice, filter, context, candidates));
                slice.Release();
            });
        }

        return rows;
    }

    private static ulong[] MaskOf(TableSlice slice, int[]? passing) =>
        passing is null ? [] : SliceRows.ToMask(passing, slice.Count);

    /// <summary>The visible rows of some slices; the others stay unknown.</summary>
    public static CandidateRows Visible(TableSnapshot snapshot, IEnumerable<int> slices)
    {
        var rows = new CandidateRows(snapshot);
        foreach (int i in slices)
        {
            rows.Slices[i] = snapshot.Slice(i);
            rows.Masks[i] = rows.Slices[i].VisibleMask.ToArray();
        }

        return rows;
    }

    /// <summary>
    /// The rows of some masks, one for each slice; null for a slice without a candidate.
    /// </summary>
    public static CandidateRows Of(TableSnapshot snapshot, ulong[]?[] masks)
    {
        var rows = new CandidateRows(snapshot);
        for (int i = 0; i < masks.Length; i++)
        {
            rows.Slices[i] = snapshot.Slice(i);
            rows.Masks[i] = masks[i] ?? NoRow;
        }

        return rows;
    }

    /// <summary>The slice of a row.</summary>
    public TableSlice SliceOf(long id) => Slices[id / Limits.ChunkRowCount];

    /// <summary>Where a row lies.</summary>
    public RowAddress AddressOf(long id) =>
        SliceOf(id).AddressOf((int)(id % Limits.ChunkRowCount));

    /// <summary>All candidates, in the order of the table.</summary>
    public IEnumerable<long> All()
    {
        for (int i = 0; i < Slices.Length; i++)
        {
            int count = Slices[i].Count;
            ulong[] mask = Masks[i].Length == 0 ? VectorWindows.Full(count) : Masks[i];
            for (int word = 0; word < mask.Length; word++)
            {
                for (ulong bits = mask[word]; bits != 0; bits &= bits - 1)
                {
                    yield return ((long)i * Limits.ChunkRowCount)
                        + (word << 6) + BitOperations.TrailingZeroCount(bits);
                }
            }
        }
    }

    /// <summary>
    /// The columns of a scan for some rows, and where they lie if it asks for that.
    /// </summary>
    public List<ColumnBuffer> Fetch(TableScan scan, RowAddress[] addresses)
    {
        var columns = new List<ColumnBuffer>(scan.Ordinals.Length + 2);
        foreach (int ordinal in scan.Ordinals)
        {
            columns.Add(Snapshot.Fetch(ordinal, addresses));
        }

        if (scan.WithRowAddress)
        {
            columns.Add(new ColumnBuffer<long>(
                DataType.BigInt, [.. addresses.Select(address => address.RowId)]));
        }

        return columns;
    }
}
