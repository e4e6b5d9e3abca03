using System.Runtime.InteropServices;

namespace NeuroDb.Storage;

/// <summary>
/// Looks many keys up in a learned index at once: in each run all keys go down the model together,
/// so that their misses of the cache overlap.
/// </summary>
internal static class IndexLookups
{
    private const int SliceCountMax = 8;

    // So many keys are looked for in one pass over the rows that are not sorted yet.
    private const int HashCountMin = 8;

    /// <summary>The rows of each key that a snapshot sees, in no order.</summary>
    /// <param name="layout">Where the rows are.</param>
    /// <param name="view">Whose view it is.</param>
    /// <param name="pendingCount">The own rows that show.</param>
    /// <param name="index">The index.</param>
    /// <param name="codes">For each of the first columns the codes of the keys.</param>
    /// <param name="found">
    /// Takes the key and the place of each row; codes that are not exact let in others.
    /// </param>
    /// <param name="entryCountMax">
    /// So many entries of one part are not worth their fetching.
    /// </param>
    /// <returns>False, and not all rows are there, if there are more.</returns>
    public static bool Find(
        TableLayout layout,
        SnapshotView view,
        long pendingCount,
        LearnedIndex index,
        ulong[][] codes,
        List<IndexHit> found,
        long entryCountMax = long.MaxValue)
    {
        int count = codes[0].Length;
        index.Count(count);
        var starts = new int[count];
        var ends = new int[count];
        foreach (RowPart part in layout.Parts)
        {
            int from = found.Count;
            if (part is SealedRows rows)
            {
                SegmentIndex segment = rows.File.Indexes.Of(index);
                if (!FindIn(segment, part, codes, starts, ends, found, entryCountMax))
                {
                    return false;
                }
            }
            else
            {
                var delta = (RowDelta)part;
                long begun = delta.CountBegun(view.Timestamp);
                FindIn(delta.Indexes.Of(index), part, begun, codes, starts, ends, found);
            }

            RemoveUnseen(found, from, hit => IsSeen(hit.Place, view));
        }

        if (pendingCount > 0)
        {
            int from = found.Count;
            PendingRows pending = view.Pending!;
            FindIn(pending.Indexes.Of(index), null, pendingCount, codes, starts, ends, found);
            RemoveUnseen(found, from, hit =>
            {
                long position = ((long)hit.Place.Chunk * Limits.ChunkRowCount) + hit.Place.Row;
                return position < pendingCount && pending.IsAlive(position, view.Operation);
            });
        }

        return true;
    }

    private static bool IsSeen(in RowPlace place, in SnapshotView view) =>
        IndexVisibility.IsSeen(place, view.Timestamp)
        && (view.Pending is null or { EndedCount: 0 }
            || !view.Pending.IsEnded(
                place.Part!.RowIdOf(place.Chunk, place.Row), view.Operation));

    // A few keys do not need the whole run where it is not in memory.
    private static bool FindIn(
        SegmentIndex segment, RowPart part, ulong[][] codes, int[] starts, int[] ends,
        List<IndexHit> found, long entryCountMax)
    {
        if (starts.Length > SliceCountMax || segment.TryGet(out _))
        {
            return FindIn(
                segment.Run, part, codes, starts, ends, found, entryCountMax);
        }

        var single = new ulong[codes.Length][];
        for (int i = 0; i < starts.Length; i++)
        {
            for (int column = 0; column < single.Length; column++)
            {
                single[column] = [codes[column][i]];
            }

            int from = found.Count;
            ulong first = codes[0][i];
            IndexRun run = segment.RunBetween(first, first);
            if (!FindIn(
                run, part, single, new int[1], new int[1], found, entryCountMax))
            {
                return false;
            }

            foreach (ref IndexHit hit in CollectionsMarshal.AsSpan(found)[from..])
            {
                hit = hit with { Key = i };
            }
        }

        return true;
    }

    private static bool FindIn(
        IndexRun run, RowPart? part, ulong[][] codes, int[] starts, int[] ends,
        List<IndexHit> found, long entryCountMax = long.MaxValue)
    {
        run.Find(codes, starts, ends);
        long count = found.Count;
        for (int i = 0; i < starts.Length; i++)
        {
            count += ends[i] - starts[i];
        }

        if (count > entryCountMax)
        {
            return false;
        }

        for (int i = 0; i < starts.Length; i++)
        {
            for (int entry = starts[i]; entry < ends[i]; entry++)
            {
                found.Add(new IndexHit(i, RowPlace.Of(part, run.Ordinals[entry])));
            }
        }

        return true;
    }

    private static void FindIn(
        DeltaIndex index, RowPart? part, long count, ulong[][] codes, int[] starts, int[] ends,
        List<IndexHit> found)
    {
        if (count == 0)
        {
            return;
        }

        DeltaIndexView view = index.Cover(count);
        foreach (IndexRun run in view.Runs)
        {
            FindIn(run, part, codes, starts, ends, found);
        }

        int tail = (int)count - view.TailStart;
        if (tail <= 0)
        {
            return;
        }

        if (codes[0].Length >= HashCountMin)
        {
            FindInTail(view, tail, part, codes, found);
            return;
        }

        for (int i = 0; i < codes[0].Length; i++)
        {
            ReadOnlySpan<ulong> first = view.Tail[0].AsSpan(0, tail);
            int start = 0;
            int next;
            while ((next = first[start..].IndexOf(codes[0][i])) >= 0)
            {
                start += next;
                if (IsKey(view.Tail, start, codes, i))
                {
                    found.Add(new IndexHit(i, RowPlace.Of(part, view.TailStart + start)));
                }

                start++;
            }
        }
    }

    // The keys are hashed, and the rows pass over them once.
    private static void FindInTail(
        DeltaIndexView view, int tail, RowPart? part, ulong[][] codes, List<IndexHit> found)
    {
        ulong[] keys = codes[0];
        int mask = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)keys.Length * 2) - 1;
        var slots = new int[mask + 1];
        var nexts = new int[keys.Length];
        for (int i = 0; i < keys.Length; i++)
        {
            ref int slot = ref slots[SlotOf(keys[i], mask)];
            nexts[i] = slot;
            slot = i + 1;
        }

        ReadOnlySpan<ulong> first = view.Tail[0].AsSpan(0, tail);
        for (int row = 0; row < first.Length; row++)
        {
            for (int key = slots[SlotOf(first[row], mask)]; key > 0; key = nexts[key - 1])
            {
                if (keys[key - 1] == first[row] && IsKey(view.Tail, row, codes, key - 1))
                {
                    found.Add(new IndexHit(
                        key - 1, RowPlace.Of(part, view.TailStart + row)));
                }
            }
        }
    }

    private static int SlotOf(ulong code, int mask) =>
        (int)((code * 0x9E3779B97F4A7C15) >> 32) & mask;

    private static bool IsKey(ulong[][] tail, int entry, ulong[][] codes, int key)
    {
        for (int column = 1; column < codes.Length; column++)
        {
            if (tail[column][entry] != codes[column][key])
            {
                return false;
            }
        }

        return true;
    }

    private static void RemoveUnseen(
        List<IndexHit> found, int from, Func<IndexHit, bool> isSeen)
    {
        Span<IndexHit> hits = CollectionsMarshal.AsSpan(found);
        int kept = from;
        for (int i = from; i < hits.Length; i++)
        {
            if (isSeen(hits[i]))
            {
                hits[kept++] = hits[i];
            }
        }

        found.RemoveRange(kept, found.Count - kept);
    }
}
