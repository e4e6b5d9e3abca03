using System.Runtime.InteropServices;

namespace NeuroDb.Storage;

/// <summary>
/// Looks many keys up in a learned index at once: in each run all keys go down the model together,
/// so that their misses of the cache overlap.
/// </summary>
internal static class IndexLookups
{
    /// <summary>The rows of each key that a snapshot sees, in no order.</summary>
    /// <param name="layout">Where the rows are.</param>
    /// <param name="view">Whose view it is.</param>
    /// <param name="pendingCount">The own rows that show.</param>
    /// <param name="index">The index.</param>
    /// <param name="codes">For each of the first columns the codes of the keys.</param>
    /// <param name="found">
    /// Takes the key and the place of each row; codes that are not exact let in others.
    /// </param>
    public static void Find(
        TableLayout layout,
        SnapshotView view,
        long pendingCount,
        LearnedIndex index,
        ulong[][] codes,
        List<IndexHit> found)
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
                FindIn(rows.File.Indexes.Of(index).Run, part, codes, starts, ends, found);
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
    }

    private static bool IsSeen(in RowPlace place, in SnapshotView view) =>
        IndexVisibility.IsSeen(place, view.Timestamp)
        && (view.Pending is null or { EndedCount: 0 }
            || !view.Pending.IsEnded(
                place.Part!.RowIdOf(place.Chunk, place.Row), view.Operation));

    private static void FindIn(
        IndexRun run, RowPart? part, ulong[][] codes, int[] starts, int[] ends,
        List<IndexHit> found)
    {
        run.Find(codes, starts, ends);
        for (int i = 0; i < starts.Length; i++)
        {
            for (int entry = starts[i]; entry < ends[i]; entry++)
            {
                found.Add(new IndexHit(i, RowPlace.Of(part, run.Ordinals[entry])));
            }
        }
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
        for (int i = 0; i < codes[0].Length && tail > 0; i++)
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
