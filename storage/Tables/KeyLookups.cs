using System.Buffers;
using NeuroDb.Gpu;

namespace NeuroDb.Storage;

/// <summary>
/// Looks many values of a primary or unique key up at once: in each segment all that are left go
/// down the model of the run together, so that their misses of the cache overlap.
/// </summary>
internal ref struct KeyLookups
{
    private readonly VersionedTable _table;
    private readonly int _key;
    private readonly IReadOnlyList<ColumnBuffer> _columns;
    private readonly Span<RowPlace> _places;
    private readonly long _timestamp;
    private readonly bool _mostAreNew;
    private readonly Value[] _values;
    private readonly int[] _left;
    private readonly ulong[] _codes;
    private readonly int[] _entries;
    private int _leftCount;

    private KeyLookups(
        VersionedTable table, int key, IReadOnlyList<ColumnBuffer> columns, long timestamp,
        Span<RowPlace> places, bool mostAreNew)
    {
        _mostAreNew = mostAreNew;
        _table = table;
        _key = key;
        _columns = columns;
        _places = places;
        _timestamp = timestamp;
        _values = new Value[columns.Count];
        _left = ArrayPool<int>.Shared.Rent(places.Length);
        _codes = ArrayPool<ulong>.Shared.Rent(places.Length);
        _entries = ArrayPool<int>.Shared.Rent(places.Length);
    }

    /// <summary>The place of what is not there: it has no row.</summary>
    public static RowPlace None { get; } = new(null, 0, -1);

    /// <summary>Finds the rows that have keys and that a timestamp sees.</summary>
    /// <param name="layout">The parts of the table.</param>
    /// <param name="table">The table.</param>
    /// <param name="key">The ordinal of the key in the schema.</param>
    /// <param name="columns">The values, a column for each of the key's.</param>
    /// <param name="timestamp">The timestamp.</param>
    /// <param name="places">Takes where the rows lie; without a row where there is none.</param>
    public static void Find(
        TableLayout layout,
        VersionedTable table,
        int key,
        IReadOnlyList<ColumnBuffer> columns,
        long timestamp,
        Span<RowPlace> places)
    {
        var lookups = new KeyLookups(
            table, key, columns, timestamp, places, mostAreNew: false);
        for (int i = 0; i < places.Length; i++)
        {
            lookups.TakeWhole(i);
        }

        lookups.Run(layout);
    }

    /// <summary>
    /// The same for some of the values, most of which are expected to be new to the table: each
    /// segment is asked first whether it may have them.
    /// </summary>
    /// <param name="layout">The parts of the table.</param>
    /// <param name="table">The table.</param>
    /// <param name="key">The ordinal of the key in the schema.</param>
    /// <param name="columns">The values, a column for each of the key's.</param>
    /// <param name="wanted">Which of them.</param>
    /// <param name="timestamp">The timestamp.</param>
    /// <param name="places">
    /// Takes where the rows of all values lie; without a row where one is not wanted.
    /// </param>
    public static void Find(
        TableLayout layout,
        VersionedTable table,
        int key,
        IReadOnlyList<ColumnBuffer> columns,
        ReadOnlySpan<int> wanted,
        long timestamp,
        Span<RowPlace> places)
    {
        var lookups = new KeyLookups(
            table, key, columns, timestamp, places, mostAreNew: true);
        foreach (int value in wanted)
        {
            lookups.TakeWhole(value);
        }

        lookups.Run(layout);
    }

    private void TakeWhole(int value)
    {
        bool isWhole = true;
        for (int column = 0; column < _columns.Count; column++)
        {
            isWhole &= !_columns[column].IsNull(value);
        }

        _left[_leftCount] = value;
        _leftCount += isWhole ? 1 : 0;
    }

    private void Run(TableLayout layout)
    {
        Invariant.Check(_columns.Count == _table.Schema.Keys[_key].Ordinals.Length);
        _places.Fill(None);

        // The newest parts are the most likely, and there is at most one row.
        for (int i = layout.Parts.Length - 1; i >= 0 && _leftCount > 0; i--)
        {
            FindIn(layout.Parts[i]);
        }

        ArrayPool<int>.Shared.Return(_left);
        ArrayPool<ulong>.Shared.Return(_codes);
        ArrayPool<int>.Shared.Return(_entries);
    }

    private void FindIn(RowPart part)
    {
        if (part.CountBegun(_timestamp) == 0)
        {
            return;
        }

        if (part is not SealedRows rows
            || rows.File.Key(_key).Learned(_leftCount) is not { } run)
        {
            FindOneByOne(part);
        }
        else
        {
            FindEntries(rows, run, rows.File.Key(_key).IsOrdered);
        }
    }

    private void FindEntries(SealedRows rows, LearnedKeyRun run, bool isOrdered)
    {
        Span<ulong> codes = _codes.AsSpan(0, _leftCount);
        FillCodes(codes, isOrdered);
        int count = _mostAreNew ? Sift(run, codes) : codes.Length;
        codes = codes[..count];
        Span<int> entries = _entries.AsSpan(0, count);
        LowerBounds(run, codes, entries);
        int kept = 0;
        for (int i = 0; i < codes.Length; i++)
        {
            bool isFound = false;
            for (int entry = entries[i];
                !isFound && entry < run.Codes.Length && run.Codes[entry] == codes[i]; entry++)
            {
                isFound = (isOrdered || IsKey(rows, run.Ordinals[entry], _left[i]))
                    && TryTake(rows, run.Ordinals[entry], _left[i]);
            }

            _left[kept] = _left[i];
            kept += isFound ? 0 : 1;
        }

        GC.KeepAlive(run);
        _left.AsSpan(count, _leftCount - count).CopyTo(_left.AsSpan(kept));
        _leftCount -= count - kept;
    }

    private void FillCodes(Span<ulong> codes, bool isOrdered)
    {
        if (isOrdered)
        {
            ReadOnlySpan<long> numbers = ((ColumnBuffer<long>)_columns[0]).Values;
            for (int i = 0; i < codes.Length; i++)
            {
                codes[i] = KeyCode.Of(numbers[_left[i]]);
            }

            return;
        }

        for (int i = 0; i < codes.Length; i++)
        {
            codes[i] = Sought(_left[i]).Hash;
        }
    }

    // Brings those to the front that the run may have, and says how many they are.
    private int Sift(LearnedKeyRun run, Span<ulong> codes)
    {
        int count = 0;
        for (int i = 0; i < codes.Length; i++)
        {
            if (run.MayHave(codes[i]))
            {
                (codes[count], codes[i]) = (codes[i], codes[count]);
                (_left[count], _left[i]) = (_left[i], _left[count]);
                count++;
            }
        }

        return count;
    }

    // The rows are waited for together: each line is asked for before the first is read.
    private static void LowerBounds(
        LearnedKeyRun run, ReadOnlySpan<ulong> codes, Span<int> entries)
    {
        LearnedSearch.LowerBounds(run.Model, run.Codes, codes, entries);
        foreach (int entry in entries)
        {
            if (entry < run.Ordinals.Length)
            {
                CacheLines.Prefetch(in run.Ordinals[entry]);
            }
        }
    }

    private readonly bool TryTake(SealedRows rows, int ordinal, int key)
    {
        int chunk = ordinal / Limits.ChunkRowCount;
        int row = ordinal % Limits.ChunkRowCount;
        if (!rows.IsVisible(chunk, row, _timestamp))
        {
            return false;
        }

        _places[key] = new RowPlace(rows, chunk, row);
        return true;
    }

    private bool IsKey(SealedRows rows, int ordinal, int key)
    {
        SoughtKey sought = Sought(key);
        int chunk = ordinal / Limits.ChunkRowCount;
        for (int i = 0; i < sought.Ordinals.Length; i++)
        {
            ColumnStore store = rows.File.Column(chunk, sought.Ordinals[i]);
            if (!sought.IsAt(i, store, ordinal % Limits.ChunkRowCount))
            {
                return false;
            }
        }

        return true;
    }

    private void FindOneByOne(RowPart part)
    {
        int kept = 0;
        for (int i = 0; i < _leftCount; i++)
        {
            int key = _left[i];
            if (part.TryFind(Sought(key), _timestamp, out long rowId))
            {
                part.Locate(rowId, out int chunk, out int row);
                _places[key] = new RowPlace(part, chunk, row);
            }
            else
            {
                _left[kept++] = key;
            }
        }

        _leftCount = kept;
    }

    private SoughtKey Sought(int key)
    {
        for (int i = 0; i < _values.Length; i++)
        {
            _values[i] = _columns[i].GetValue(key);
        }

        bool isKey = SoughtKey.TryOf(_table, _key, _values, out SoughtKey sought);
        Invariant.Check(isKey);
        return sought;
    }
}
