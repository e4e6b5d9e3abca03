using System.Buffers;
using System.Runtime.InteropServices;

namespace NeuroDb.Storage;

/// <summary>
/// Looks many keys up in a learned index at once: in each run all keys go down the model together,
/// so that their misses of the cache overlap.
/// </summary>
internal ref partial struct IndexLookups
{
    private const int SliceCountMax = 8;

    // So many keys go to the file while the run is read on another thread.
    private const int WaitingSliceCountMax = 128;

    // So many keys are looked for in one pass over the rows that are not sorted yet.
    private const int HashCountMin = 8;
    private readonly LearnedIndex _index;
    private readonly ulong[][] _codes;
    private readonly List<IndexHit> _found;
    private readonly long _entryCountMax;
    private readonly IndexKeyValues? _values;
    private readonly int[] _starts;
    private readonly int[] _ends;
    private readonly ulong[] _key;
    private ulong[]? _hashes;
    private ulong[]? _codeHashes;
    private int[]? _passed;

    private IndexLookups(
        LearnedIndex index, ulong[][] codes, int keyCount, List<IndexHit> found,
        long entryCountMax, IndexKeyValues? values)
    {
        Invariant.Check(keyCount <= codes[0].Length);
        _index = index;
        _codes = codes;
        _found = found;
        _entryCountMax = entryCountMax;
        _values = values;
        Count = keyCount;
        _starts = ArrayPool<int>.Shared.Rent(keyCount);
        _ends = ArrayPool<int>.Shared.Rent(keyCount);
        _key = ArrayPool<ulong>.Shared.Rent(codes.Length);
    }

    private int Count { get; }

    private Span<int> Starts => _starts.AsSpan(0, Count);

    private Span<int> Ends => _ends.AsSpan(0, Count);

    // Room for the codes of one key.
    private Span<ulong> Key => _key.AsSpan(0, _codes.Length);

    /// <summary>The rows of each key that a snapshot sees, in no order.</summary>
    /// <param name="layout">Where the rows are.</param>
    /// <param name="view">Whose view it is.</param>
    /// <param name="pendingCount">The own rows that show.</param>
    /// <param name="index">The index.</param>
    /// <param name="codes">For each of the first columns the codes of the keys.</param>
    /// <param name="keyCount">How many keys; the arrays may be longer.</param>
    /// <param name="found">
    /// Takes the key and the place of each row; codes that are not exact let in others.
    /// </param>
    /// <param name="entryCountMax">
    /// So many entries of one part are not worth their fetching.
    /// </param>
    /// <param name="values">
    /// Gives the values of a key for as many columns, where codes may not tell them; or null.
    /// </param>
    /// <returns>False, and not all rows are there, if there are more.</returns>
    public static bool Find(
        TableLayout layout,
        SnapshotView view,
        long pendingCount,
        LearnedIndex index,
        ulong[][] codes,
        int keyCount,
        List<IndexHit> found,
        long entryCountMax = long.MaxValue,
        IndexKeyValues? values = null)
    {
        index.Count(keyCount);
        var lookups = new IndexLookups(index, codes, keyCount, found, entryCountMax, values);
        bool isWhole = lookups.Find(layout, view, pendingCount);
        lookups.Return();
        return isWhole;
    }

    private bool Find(TableLayout layout, SnapshotView view, long pendingCount)
    {
        foreach (RowPart part in layout.Parts)
        {
            int from = _found.Count;
            if (part is SealedRows rows)
            {
                if (!FindIn(rows))
                {
                    return false;
                }
            }
            else
            {
                var delta = (RowDelta)part;
                if (!FindIn(
                    delta.Indexes.Of(_index),
                    delta,
                    new DeltaIndexRows(delta, _index.Keys),
                    delta.CountBegun(view.Timestamp)))
                {
                    return false;
                }
            }

            RemoveUnseen(from, view, pendingCount);
        }

        if (pendingCount > 0)
        {
            int from = _found.Count;
            PendingRows pending = view.Pending!;
            if (!FindIn(
                pending.Indexes.Of(_index), null, new PendingIndexRows(pending), pendingCount))
            {
                return false;
            }

            RemoveUnseen(from, view, pendingCount);
        }

        return true;
    }

    private void Return()
    {
        ArrayPool<int>.Shared.Return(_starts);
        ArrayPool<int>.Shared.Return(_ends);
        if (_passed is not null)
        {
            ArrayPool<int>.Shared.Return(_passed);
        }

        foreach (ulong[]? hashes in (ReadOnlySpan<ulong[]?>)[_key, _hashes, _codeHashes])
        {
            if (hashes is not null)
            {
                ArrayPool<ulong>.Shared.Return(hashes);
            }
        }
    }

    private static bool IsSeen(in RowPlace place, in SnapshotView view, long pendingCount)
    {
        if (place.Part is null)
        {
            long position = ((long)place.Chunk * Limits.ChunkRowCount) + place.Row;
            return position < pendingCount && view.Pending!.IsAlive(position, view.Operation);
        }

        return IndexVisibility.IsSeen(place, view.Timestamp)
            && (view.Pending is null or { EndedCount: 0 }
                || !view.Pending.IsEnded(
                    place.Part.RowIdOf(place.Chunk, place.Row), view.Operation));
    }

    // A few keys do not need the whole run where it is not in memory.
    private bool FindIn(SealedRows rows)
    {
        SegmentIndex segment = rows.File.Indexes.Of(_index);
        if (segment.TryGet(out _)
            || (Count > SliceCountMax
                && (Count > WaitingSliceCountMax || !segment.TryReadSoon())))
        {
            IndexRun run = segment.Run;
            run.Find(_codes, Starts, Ends);
            bool isWhole = TakeAll(run, segment, rows);
            if (run.TryBeginTies())
            {
                _ = rows.File.TryReadSoon(() => run.MakeTies(segment));
            }

            return isWhole;
        }

        for (int i = 0; i < Count; i++)
        {
            ulong[] key = [.. _codes.Select(column => column[i])];
            IndexRun run = segment.RunBetween(key[0], key[0]);
            (int start, int end) = run.Find(IndexBounds.Of(key));
            Narrow(run, segment, i, ref start, ref end);
            Take(run, rows, i, start, end);
        }

        return true;
    }

    private bool TakeAll(IndexRun run, IIndexRows rows, RowPart? part)
    {
        long count = _found.Count;
        for (int i = 0; i < Count; i++)
        {
            Narrow(run, rows, i, ref _starts[i], ref _ends[i]);
            count += _ends[i] - _starts[i];
        }

        if (count > _entryCountMax)
        {
            return false;
        }

        for (int i = 0; i < Count; i++)
        {
            Take(run, part, i, _starts[i], _ends[i]);
        }

        return true;
    }

    private void Take(IndexRun run, RowPart? part, int key, int start, int end)
    {
        for (int entry = start; entry < end; entry++)
        {
            _found.Add(new IndexHit(key, RowPlace.Of(part, run.Ordinals[entry])));
        }
    }

    private void Narrow(IndexRun run, IIndexRows rows, int key, ref int start, ref int end)
    {
        if (_values is null || end - start < IndexTies.CountMin)
        {
            return;
        }

        var values = new Value[_codes.Length];
        for (int column = 0; column < values.Length; column++)
        {
            values[column] = _values(key, column);
        }

        IndexTies.Narrow(_index.Keys, rows, run, values, ref start, ref end);
    }

    private bool FindIn(DeltaIndex index, RowPart? part, IIndexRows rows, long count)
    {
        if (count == 0)
        {
            return true;
        }

        DeltaIndexView view = index.Cover(count);
        foreach (IndexRun run in view.Runs)
        {
            if (run.Filter is { } filter && _codes.Length == _index.Keys.Count
                && TryFindFew(run, filter, rows, part))
            {
                continue;
            }

            run.Find(_codes, Starts, Ends);
            if (!TakeAll(run, rows, part))
            {
                return false;
            }
        }

        foreach (DeltaTail chunk in view.Waiting)
        {
            FindIn(chunk, Limits.ChunkRowCount, part);
        }

        int tail = (int)count - view.Tail.Start;
        if (tail > 0)
        {
            FindIn(view.Tail, tail, part);
        }

        return true;
    }

    private void FindIn(DeltaTail tail, int count, RowPart? part)
    {
        if (IsSurelyWithout(tail, count))
        {
            return;
        }

        // Hashes tell texts with one beginning apart.
        bool isHashed = tail.Hashes is not null && _values is not null;
        FindInTail(
            tail,
            (isHashed ? tail.Hashes! : tail.Codes[0]).Span[..count],
            isHashed ? Hashes() : _codes[0].AsSpan(0, Count),
            part);
    }

    private void FindInTail(
        DeltaTail tail, ReadOnlySpan<ulong> rows, ReadOnlySpan<ulong> keys, RowPart? part)
    {
        if (keys.Length >= HashCountMin)
        {
            FindTogether(tail, rows, keys, part);
            return;
        }

        for (int i = 0; i < keys.Length; i++)
        {
            int start = 0;
            int next;
            while ((next = rows[start..].IndexOf(keys[i])) >= 0)
            {
                start += next;
                TakeIfKey(tail, start, i, part);
                start++;
            }
        }
    }

    // The keys are hashed, and the rows pass over them once.
    private void FindTogether(
        DeltaTail tail, ReadOnlySpan<ulong> rows, ReadOnlySpan<ulong> keys, RowPart? part)
    {
        int mask = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)keys.Length * 2) - 1;
        int[] slots = ArrayPool<int>.Shared.Rent(mask + 1);
        int[] nexts = ArrayPool<int>.Shared.Rent(keys.Length);
        slots.AsSpan(0, mask + 1).Clear();
        for (int i = 0; i < keys.Length; i++)
        {
            ref int slot = ref slots[SlotOf(keys[i], mask)];
            nexts[i] = slot;
            slot = i + 1;
        }

        for (int row = 0; row < rows.Length; row++)
        {
            for (int key = slots[SlotOf(rows[row], mask)]; key > 0; key = nexts[key - 1])
            {
                if (keys[key - 1] == rows[row])
                {
                    TakeIfKey(tail, row, key - 1, part);
                }
            }
        }

        ArrayPool<int>.Shared.Return(slots);
        ArrayPool<int>.Shared.Return(nexts);
    }

    private static int SlotOf(ulong code, int mask) =>
        (int)((code * 0x9E3779B97F4A7C15) >> 32) & mask;

    private void TakeIfKey(DeltaTail tail, int row, int key, RowPart? part)
    {
        bool isKey = true;
        for (int column = 0; column < _codes.Length; column++)
        {
            isKey &= tail.Codes[column][row] == _codes[column][key];
        }

        if (isKey)
        {
            _found.Add(new IndexHit(key, RowPlace.Of(part, tail.Start + row)));
        }
    }

    private ReadOnlySpan<ulong> Hashes()
    {
        if (_hashes is null)
        {
            ColumnStore template = _index.Keys.Initial(_index.Keys.Ordinals[0]);
            _hashes = ArrayPool<ulong>.Shared.Rent(Count);
            for (int i = 0; i < Count; i++)
            {
                Value value = _values!(i, 0);
                _hashes[i] = value.IsNull ? 0 : template.HashOf(value);
            }
        }

        return _hashes.AsSpan(0, Count);
    }

    private void RemoveUnseen(int from, in SnapshotView view, long pendingCount)
    {
        Span<IndexHit> hits = CollectionsMarshal.AsSpan(_found);
        int kept = from;
        for (int i = from; i < hits.Length; i++)
        {
            if (IsSeen(hits[i].Place, view, pendingCount))
            {
                hits[kept++] = hits[i];
            }
        }

        _found.RemoveRange(kept, _found.Count - kept);
    }
}
