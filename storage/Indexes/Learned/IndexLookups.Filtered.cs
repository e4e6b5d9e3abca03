using System.Buffers;

namespace NeuroDb.Storage;

/// <summary>Lookups of keys that are mostly not there.</summary>
internal ref partial struct IndexLookups
{
    // One key in so many is looked for alone.
    private const int FewShare = 8;

    /// <summary>
    /// Whether a committed row may have a key; false is certain, and costs no memory.
    /// </summary>
    /// <param name="layout">Where the rows are.</param>
    /// <param name="timestamp">Rows that began later do not count.</param>
    /// <param name="index">The index.</param>
    /// <param name="codes">The codes of the key, one for each column.</param>
    public static bool MayBeThere(
        TableLayout layout, long timestamp, LearnedIndex index, ReadOnlySpan<ulong> codes)
    {
        foreach (RowPart part in layout.Parts)
        {
            if (part is SealedRows rows)
            {
                if (!rows.File.Indexes.Of(index).TryGet(out IndexRun? run))
                {
                    return true;
                }

                (int start, int end) = run!.Find(codes);
                if (start < end)
                {
                    return true;
                }

                continue;
            }

            var delta = (RowDelta)part;
            long count = delta.CountBegun(timestamp);
            if (count > 0 && delta.Indexes.Of(index).MayHave(codes, count))
            {
                return true;
            }
        }

        index.Count(1);
        return false;
    }

    // The keys that pass the filter of a run one by one; false if they are many.
    private bool TryFindFew(IndexRun run, CodeFilter filter, IIndexRows rows, RowPart? part)
    {
        ReadOnlySpan<ulong> hashes = CodeHashes();
        int countMax = (Count / FewShare) + 1;
        _passed ??= ArrayPool<int>.Shared.Rent(countMax);
        int count = 0;
        for (int i = 0; i < hashes.Length; i++)
        {
            if (filter.MayHave(hashes[i]))
            {
                if (count == countMax)
                {
                    return false;
                }

                _passed[count++] = i;
            }
        }

        Span<ulong> key = Key;
        foreach (int i in _passed.AsSpan(0, count))
        {
            for (int column = 0; column < key.Length; column++)
            {
                key[column] = _codes[column][i];
            }

            (int start, int end) = run.Find(key);
            Narrow(run, rows, i, ref start, ref end);
            if (end - start > _entryCountMax)
            {
                return false;
            }

            Take(run, part, i, start, end);
        }

        return true;
    }

    // Whether none of the keys is among the first rows of a tail in which commits look.
    private bool IsSurelyWithout(DeltaTail tail, int count)
    {
        if (tail.Slots is not { } slots || _codes.Length != _index.Keys.Count)
        {
            return false;
        }

        ReadOnlySpan<ulong> hashes = CodeHashes();
        Span<ulong> key = Key;
        for (int i = 0; i < hashes.Length; i++)
        {
            for (int column = 0; column < key.Length; column++)
            {
                key[column] = _codes[column][i];
            }

            if (slots.Has(key, hashes[i], tail.Codes, count))
            {
                return false;
            }
        }

        return true;
    }

    private ReadOnlySpan<ulong> CodeHashes()
    {
        if (_codeHashes is null)
        {
            _codeHashes = ArrayPool<ulong>.Shared.Rent(Count);
            Span<ulong> key = Key;
            for (int i = 0; i < Count; i++)
            {
                for (int column = 0; column < key.Length; column++)
                {
                    key[column] = _codes[column][i];
                }

                _codeHashes[i] = CodeFilter.HashOf(key);
            }
        }

        return _codeHashes.AsSpan(0, Count);
    }
}
