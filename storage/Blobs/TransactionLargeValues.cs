namespace NeuroDb.Storage;

/// <summary>
/// The large values that one transaction has in hand: those that it wrote out of the rows it was
/// given, and those to which its rows refer again. Used by the thread of the transaction.
/// </summary>
/// <param name="store">The large values of the database.</param>
internal sealed class TransactionLargeValues(LargeValueStore store)
{
    private readonly HashSet<long> _held = [];

    /// <summary>Starts a new value.</summary>
    public LargeValueWriter Create() => store.Create();

    /// <summary>Takes over what a writer completed.</summary>
    public LargeValue Take(in LargeReference reference)
    {
        _held.Add(reference.Number);
        return new LargeValue(reference, store);
    }

    /// <summary>Whether rows have values that are large or have the form of a reference.</summary>
    public static bool HasAny(RowBatch rows)
    {
        foreach (ColumnBuffer column in rows.Columns)
        {
            bool isLeft = column switch
            {
                ColumnBuffer<string> texts => FirstOf(texts, false) == texts.Count,
                ColumnBuffer<byte[]> blobs => FirstOf(blobs, false) == blobs.Count,
                _ => true,
            };
            if (!isLeft)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The same rows with all large values in memory.</summary>
    public static RowBatch ReadWhole(RowBatch rows) => new(
        [.. rows.Columns.Select(static column => column switch
        {
            ColumnBuffer<string> { LargeSource: not null } texts => new ColumnBuffer<string>(
                texts.Type, [.. texts.Values], 0, texts.Count, texts.Nulls),
            ColumnBuffer<byte[]> { LargeSource: not null } blobs => new ColumnBuffer<byte[]>(
                blobs.Type, [.. blobs.Values], 0, blobs.Count, blobs.Nulls),
            _ => column,
        })],
        rows.Count);

    /// <summary>
    /// The same rows with references in the place of large values. Columns of keys and indexes
    /// keep their values in the row.
    /// </summary>
    /// <param name="rows">The rows.</param>
    /// <param name="isKept">Whether a column keeps its values, by ordinal.</param>
    public RowBatch PutAside(RowBatch rows, Func<int, bool> isKept)
    {
        ColumnBuffer[]? changed = null;
        for (int i = 0; i < rows.Columns.Length; i++)
        {
            ColumnBuffer column = rows.Columns[i];
            ColumnBuffer result = column switch
            {
                ColumnBuffer<string> texts => PutAside(texts, isKept(i)),
                ColumnBuffer<byte[]> blobs => PutAside(blobs, isKept(i)),
                _ => column,
            };
            if (!ReferenceEquals(result, column))
            {
                changed ??= [.. rows.Columns];
                changed[i] = result;
            }
        }

        return changed is null ? rows : new RowBatch(changed, rows.Count);
    }

    /// <summary>Makes the files durable before a record refers to them.</summary>
    public void Complete()
    {
        if (_held.Count > 0)
        {
            store.FlushNames();
        }
    }

    /// <summary>Gives the values to a commit, whose record refers to them.</summary>
    public void Give(long timestamp, long generation) =>
        store.Commit(_held, timestamp, generation);

    /// <summary>Lets go of all; what was not committed is removed.</summary>
    public void Release()
    {
        foreach (long number in _held)
        {
            store.Release(number);
        }

        _held.Clear();
    }

    private ColumnBuffer<T> PutAside<T>(ColumnBuffer<T> column, bool isKept)
    {
        int row = FirstOf(column, isKept);
        if (row == column.Count)
        {
            return column;
        }

        T[] values = column.Stored.ToArray();
        for (; row < values.Length; row++)
        {
            if (!column.IsNull(row) && !IsLeft(values[row], isKept))
            {
                values[row] = isKept ? Keep(column, row) : Replace(column, row);
            }
        }

        return new ColumnBuffer<T>(
            column.Type, values, 0, values.Length, column.Nulls, isKept ? null : store);
    }

    private static int FirstOf<T>(ColumnBuffer<T> column, bool isKept)
    {
        ReadOnlySpan<T> stored = column.Stored;
        int row = 0;
        while (row < stored.Length && (column.IsNull(row) || IsLeft(stored[row], isKept)))
        {
            row++;
        }

        return row;
    }

    // Most values are short: the length of the text or array says so.
    private static bool IsLeft<T>(T element, bool isKept)
    {
        if (LargeElement.IsForm(element))
        {
            return false;
        }

        return isKept || (element is string text
            ? text.Length < Limits.LargeValueSizeBytesMin / 3
                || TextEncoding.Strict.GetByteCount(text) < Limits.LargeValueSizeBytesMin
            : ((byte[])(object)element!).Length < Limits.LargeValueSizeBytesMin);
    }

    // The codes of keys are made of the values themselves.
    private static T Keep<T>(ColumnBuffer<T> column, int row)
    {
        T value = column.ValueAt(row);
        return !LargeElement.IsForm(value) ? value : throw new NeuroStoreException(
            ErrorCode.NotSupported,
            "A value in the column of a key or an index has the form of a reference to a large "
            + "value, which is reserved. Change or add one character.");
    }

    private T Replace<T>(ColumnBuffer<T> column, int row)
    {
        if (column.TryGetLarge(row, out LargeReference reference))
        {
            if (ReferenceEquals(column.LargeSource, store) && store.Knows(reference))
            {
                if (_held.Add(reference.Number))
                {
                    store.Hold(reference.Number);
                }

                return column.Stored[row];
            }

            return LargeElement.Of<T>(Copy(column.LargeSource!, reference));
        }

        using LargeValueWriter writer = store.Create();
        LargeReference written;
        if (column.Stored[row] is string text)
        {
            written = writer.Complete(TextPieces.Write(writer, text));
        }
        else
        {
            writer.Write((byte[])(object)column.Stored[row]!);
            written = writer.Complete();
        }

        _held.Add(written.Number);
        return LargeElement.Of<T>(written);
    }

    private LargeReference Copy(ILargeValues source, in LargeReference reference)
    {
        using ILargeValueReader reader = source.Open(reference);
        using LargeValueWriter writer = store.Create();
        var buffer = new byte[LargeValueFormat.PageSizeBytes];
        for (long at = 0; at < reader.Length;)
        {
            int size = reader.Read(at, buffer);
            writer.Write(buffer.AsSpan(0, size));
            at += size;
        }

        LargeReference written = writer.Complete(reference.CharacterCount);
        _held.Add(written.Number);
        return written;
    }
}
