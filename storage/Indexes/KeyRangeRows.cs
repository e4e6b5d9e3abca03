using System.Runtime.Intrinsics;

namespace NeuroDb.Storage;

/// <summary>Finds rows by a range of codes where nothing is sorted.</summary>
internal static class KeyRangeRows
{
    /// <summary>Gives the codes of rows that are in a range to a builder, in row order.</summary>
    /// <param name="builder">Takes codes and ordinals.</param>
    /// <param name="store">The key column; a NULL has no code.</param>
    /// <param name="start">The first row.</param>
    /// <param name="count">How many rows.</param>
    /// <param name="firstOrdinal">The ordinal of the first row.</param>
    /// <param name="low">The lowest code.</param>
    /// <param name="high">The highest code; not below the lowest.</param>
    public static void Collect(
        KeyRunBuilder builder,
        ColumnStore<long> store,
        int start,
        int count,
        int firstOrdinal,
        ulong low,
        ulong high)
    {
        Invariant.Check(low <= high);
        ReadOnlySpan<long> values = store.Values.Slice(start, count);
        ulong width = high - low;
        int width512 = Vector512<long>.Count;
        for (int i = 0; i < count; i++)
        {
            // Most rows of a tail are outside of a short range: eight at once are passed over.
            while (Vector512.IsHardwareAccelerated && i + width512 <= count
                && IsNoneIn(values.Slice(i, width512), low, width))
            {
                i += width512;
            }

            if (i < count)
            {
                ulong code = KeyCode.Of(values[i]);
                if (code - low <= width && !store.IsNull(start + i))
                {
                    builder.Add(code, firstOrdinal + i);
                }
            }
        }
    }

    private static bool IsNoneIn(ReadOnlySpan<long> values, ulong low, ulong width)
    {
        Vector512<ulong> codes = Vector512.Create(values).AsUInt64()
            ^ Vector512.Create(KeyCode.Of(0));
        return Vector512.GreaterThanAll(
            codes - Vector512.Create(low), Vector512.Create(width));
    }
}
