using System.Numerics;
using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>Which rows of a slice of a table are visible and satisfy a condition.</summary>
internal static class SliceRows
{
    /// <summary>
    /// The rows, in order; null if it is all of them. The condition is computed for visible rows
    /// only, because the others may hold values that raise errors.
    /// </summary>
    /// <param name="slice">The slice.</param>
    /// <param name="filter">The condition; null for none.</param>
    /// <param name="context">Where it is computed.</param>
    /// <param name="candidates">The visible rows that may satisfy it; null if any may.</param>
    public static int[]? Select(
        TableSlice slice,
        NarrowExpression? filter,
        ExecutionContext context,
        int[]? candidates = null)
    {
        int[]? visible = candidates ?? Visible(slice);
        if (filter is null || visible is { Length: 0 } || slice.Count == 0)
        {
            return visible;
        }

        var columns = new ColumnBuffer[filter.Ordinals.Length];
        for (int i = 0; i < columns.Length; i++)
        {
            ColumnBuffer column = slice.Column(filter.Ordinals[i]);
            columns[i] = visible is null ? column : column.Gather(visible);
        }

        var batch = new RowBatch(columns, visible?.Length ?? slice.Count);
        int[]? passing = batch.HasLarge
            ? PassingByRuns(filter.Expression, batch, context)
            : Conditions.Rows(filter.Expression, batch, context);
        if (visible is null || passing is null)
        {
            return passing ?? visible;
        }

        for (int i = 0; i < passing.Length; i++)
        {
            passing[i] = visible[passing[i]];
        }

        return passing;
    }

    /// <summary>
    /// The mask of the visible rows that have a vector, where the condition asks for nothing else:
    /// no list of vectors is made. Empty if all rows are visible and have one; null if the
    /// condition is another.
    /// </summary>
    public static ulong[]? WithVector(TableSlice slice, NarrowExpression filter)
    {
        if (filter.Expression is not IsNullExpression
            {
                IsNegated: true, Children: [OrdinalExpression],
            }
            || slice.VectorsOf(filter.Ordinals[0]) is not { } vectors)
        {
            return null;
        }

        ulong[] mask = slice.VisibleMask.ToArray();
        ReadOnlySpan<byte> nulls = vectors.Nulls.Bytes(slice.Count);
        if (nulls.ContainsAnyExcept((byte)0))
        {
            mask = mask.Length == 0 ? VectorWindows.Full(slice.Count) : mask;
            for (int row = 0; row < nulls.Length; row++)
            {
                mask[row >> 6] &= ~((nulls[row] == 0 ? 0UL : 1) << row);
            }
        }

        return mask;
    }

    // The condition may read large values: a few rows at a time.
    private static int[] PassingByRuns(
        Expression condition, RowBatch batch, ExecutionContext context)
    {
        var passing = new List<int>();
        int start = 0;
        while (start < batch.Count)
        {
            context.ThrowIfCancelled();
            int count = batch.RunWithin(start, Limits.LargeBatchSizeBytesMax);
            int[]? rows = Conditions.Rows(condition, batch.Slice(start, count), context);
            int first = start;
            passing.AddRange(rows is null
                ? Enumerable.Range(first, count)
                : rows.Select(row => first + row));
            start += count;
        }

        return [.. passing];
    }

    /// <summary>The visible rows, in order; null if all are.</summary>
    public static int[]? Visible(TableSlice slice)
    {
        ReadOnlySpan<ulong> mask = slice.VisibleMask;
        if (mask.IsEmpty)
        {
            return null;
        }

        int visible = slice.VisibleCount;
        if (visible == slice.Count)
        {
            return null;
        }

        var rows = new int[visible];
        int count = 0;
        for (int word = 0; word < mask.Length; word++)
        {
            ulong bits = mask[word];
            while (bits != 0)
            {
                rows[count++] = (word << 6) + BitOperations.TrailingZeroCount(bits);
                bits &= bits - 1;
            }
        }

        return rows;
    }

    /// <summary>The mask with one bit for each of these rows.</summary>
    public static ulong[] ToMask(ReadOnlySpan<int> rows, int count)
    {
        var mask = new ulong[(count + 63) >> 6];
        foreach (int row in rows)
        {
            mask[row >> 6] |= 1UL << row;
        }

        return mask;
    }
}
