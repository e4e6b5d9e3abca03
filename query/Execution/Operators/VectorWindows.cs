using NeuroDb.Gpu;
using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// The search of a <see cref="VectorTopKCursor"/> through the vectors of a table. Those in memory
/// are scanned in one go, and so are those of segments if all of them fit well into the memory for
/// what is read; otherwise they pass window by window through buffers that are used again, and the
/// best so far are carried on.
/// </summary>
internal sealed class VectorWindows(
    DataType type,
    int ordinal,
    TableSlice[] slices,
    ulong[][] passing,
    IReadOnlyList<int> searched,
    ExecutionContext context)
{
    // Large enough that a scan of a window is worth its start on all cores.
    private const long WindowSizeBytesMax = 64L << 20;
    private const int BudgetShare = 4;
    private Dictionary<long, double> _distances = [];
    private VectorScan? _scan;

    private int RowSizeBytes => type.Kind == TypeKind.Vector
        ? type.Length * sizeof(float)
        : CompactVector.SizeBytesOf(type.Kind, type.Length);

    /// <summary>A mask of that many rows, all of them set.</summary>
    public static ulong[] Full(int count)
    {
        var mask = new ulong[(count + 63) >> 6];
        mask.AsSpan().Fill(ulong.MaxValue);
        if ((count & 63) != 0)
        {
            mask[^1] = (1UL << count) - 1;
        }

        return mask;
    }

    /// <summary>Raises an error for a query that has no distance from the rows.</summary>
    public static void CheckDimension(int dimension, DataType type)
    {
        if (dimension != type.Length)
        {
            throw new NeuroStoreException(
                ErrorCode.DimensionMismatch,
                $"Vectors of {type.Length} and {dimension} elements have no distance.");
        }
    }

    /// <summary>
    /// The closest passing rows in their order; the number of a row is its slice times the rows of
    /// a chunk, and its row within the slice.
    /// </summary>
    public Candidate[] Run(VectorScan scan)
    {
        _scan = scan;
        var resident = new List<int>();
        var others = new List<int>();
        Split(resident, others);
        long bytes = resident.Sum(i => (long)slices[i].Count * RowSizeBytes);
        Candidate[] best = scan.Run([.. resident.Select(
            i => PieceOf(i) with
            {
                IsSettled = slices[i].IsSettled && bytes <= slices[i].BudgetBytes / 2,
            })]);
        return others.Count == 0 ? best : ScanWindows(best, others);
    }

    /// <summary>The distance of a row of the result, in the precision of the expression.</summary>
    public double DistanceOf(long id) => _distances.TryGetValue(id, out double distance)
        ? distance
        : _scan!.DistanceOf(
            StoreOf(slices[id / Limits.ChunkRowCount]), (int)(id % Limits.ChunkRowCount));

    /// <summary>The vectors of a slice, all of which are in memory.</summary>
    public VectorPiece PieceOf(int slice) =>
        PieceOf(slice, StoreOf(slices[slice]), slices[slice].NullsOf(ordinal));

    private VectorColumnStore StoreOf(TableSlice slice)
    {
        VectorColumnStore? store = slice.VectorsOf(ordinal);
        Invariant.Check(store is not null);
        return store!;
    }

    private void Split(List<int> resident, List<int> others)
    {
        long sizeBytes = 0;
        long budgetBytes = long.MaxValue;
        foreach (int i in searched)
        {
            if (slices[i].IsResident(ordinal))
            {
                resident.Add(i);
            }
            else
            {
                others.Add(i);
                sizeBytes += (long)slices[i].Count * RowSizeBytes;
                budgetBytes = slices[i].BudgetBytes;
            }
        }

        if (sizeBytes <= budgetBytes / 2)
        {
            resident.AddRange(others);
            others.Clear();
        }
    }

    private Candidate[] ScanWindows(Candidate[] best, List<int> others)
    {
        long chunkBytes = (long)Limits.ChunkRowCount * RowSizeBytes;
        long sizeBytes = Math.Min(
            WindowSizeBytesMax, slices[others[0]].BudgetBytes / BudgetShare);
        int windowCount = (int)Math.Clamp(sizeBytes / chunkBytes, 1, others.Count);
        var stores = new VectorColumnStore[windowCount];
        for (int i = 0; i < stores.Length; i++)
        {
            stores[i] = VectorColumnStore.OfVectors(type);
        }

        for (int start = 0; start < others.Count; start += windowCount)
        {
            int count = Math.Min(windowCount, others.Count - start);
            int first = start;
            context.ThrowIfCancelled();
            context.Workers.ForEach(
                count, i => slices[others[first + i]].ReadVectors(ordinal, stores[i]));
            var pieces = new VectorPiece[count];
            for (int i = 0; i < count; i++)
            {
                pieces[i] = PieceOf(others[start + i], stores[i], stores[i].Nulls);
            }

            best = Merge(best, _scan!.Run(pieces), pieces);
        }

        return best;
    }

    // The distances of what this window gave are computed now: its vectors go.
    private Candidate[] Merge(Candidate[] best, Candidate[] found, VectorPiece[] pieces)
    {
        Candidate[] all = [.. best, .. found];
        Array.Sort(all);
        all = all.Length > _scan!.K ? all[.._scan.K] : all;
        Dictionary<long, VectorPiece> window = pieces.ToDictionary(
            static piece => piece.FirstId / Limits.ChunkRowCount);
        var distances = new Dictionary<long, double>();
        foreach (Candidate candidate in all)
        {
            if (_distances.TryGetValue(candidate.Id, out double known))
            {
                distances.Add(candidate.Id, known);
            }
            else if (window.TryGetValue(
                candidate.Id / Limits.ChunkRowCount, out VectorPiece piece))
            {
                int row = (int)(candidate.Id % Limits.ChunkRowCount);
                distances.Add(candidate.Id, _scan.DistanceOf(piece.Store, row));
            }
        }

        _distances = distances;
        return all;
    }

    private VectorPiece PieceOf(int slice, VectorColumnStore store, NullMask nulls) => new(
        store,
        slices[slice].Count,
        (long)slice * Limits.ChunkRowCount,
        Candidates(slice, nulls),
        Version: type.Kind == TypeKind.Vector ? slices[slice].VersionOf(ordinal) : 0);

    /// <summary>The passing rows without those whose vector is NULL; empty for all rows.</summary>
    private ulong[] Candidates(int slice, NullMask nullMask)
    {
        int count = slices[slice].Count;
        ReadOnlySpan<byte> nulls = nullMask.Bytes(count);
        if (nulls.IndexOfAnyExcept((byte)0) < 0)
        {
            return passing[slice];
        }

        ulong[] mask = passing[slice].Length == 0 ? Full(count) : [.. passing[slice]];
        for (int row = 0; row < count; row++)
        {
            if (nulls[row] != 0)
            {
                mask[row >> 6] &= ~(1UL << row);
            }
        }

        return mask;
    }
}
