using System.Runtime.InteropServices;

namespace NeuroDb.Query;

/// <summary>
/// A hash of each row over all its values, the same for equal rows whatever the order of rows and
/// the batches are.
/// </summary>
internal static class RowKeys
{
    private const ulong NullKey = 0x5BD1E9955BD1E995;

    /// <summary>The keys of the rows of a batch.</summary>
    /// <param name="batch">The rows.</param>
    /// <param name="left">A column that has no part in it, or -1.</param>
    public static ulong[] Of(RowBatch batch, int left)
    {
        var keys = new ulong[batch.Count];
        for (int i = 0; i < batch.Columns.Length; i++)
        {
            if (i != left)
            {
                Add(batch.Columns[i], keys);
            }
        }

        return keys;
    }

    /// <summary>The keys of the values of one column.</summary>
    public static ulong[] Of(ColumnBuffer column)
    {
        var keys = new ulong[column.Count];
        Add(column, keys);
        return keys;
    }

    private static void Add(ColumnBuffer column, ulong[] keys)
    {
        switch (column)
        {
            case ColumnBuffer<long> whole:
                ReadOnlySpan<long> longs = whole.Values;
                for (int row = 0; row < keys.Length; row++)
                {
                    keys[row] = Hash64.Combine(
                        keys[row], column.IsNull(row) ? NullKey : Hash64.Mix((ulong)longs[row]));
                }

                break;
            case ColumnBuffer<double> floating:
                ReadOnlySpan<double> doubles = floating.Values;
                for (int row = 0; row < keys.Length; row++)
                {
                    keys[row] = Hash64.Combine(
                        keys[row], column.IsNull(row) ? NullKey : Hash64.Of(doubles[row]));
                }

                break;
            default:
                for (int row = 0; row < keys.Length; row++)
                {
                    keys[row] = Hash64.Combine(
                        keys[row], column.IsNull(row) ? NullKey : KeyOf(column, row));
                }

                break;
        }
    }

    private static ulong KeyOf(ColumnBuffer column, int row) => column switch
    {
        ColumnBuffer<decimal> values => Hash64.Of((double)values.Values[row]),
        ColumnBuffer<string> values => Hash64.Of(values.ValueAt(row)),
        ColumnBuffer<byte[]> values => Hash64.Of(values.ValueAt(row)),
        ColumnBuffer<ReadOnlyMemory<float>> values =>
            Hash64.Of(MemoryMarshal.AsBytes(values.Values[row].Span)),
        _ => Hash64.Of(ValueText.Format(column, row)),
    };
}
