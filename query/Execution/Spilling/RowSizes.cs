namespace NeuroDb.Query;

/// <summary>What rows take in memory, about: as they are, and as a plan expects them.</summary>
internal static class RowSizes
{
    private const int TextOverheadBytes = 30;
    private const int ExpectedTextBytes = 80;
    private const int ReferenceBytes = 8;
    private const int SampleCount = 16;

    /// <summary>The bytes of rows.</summary>
    public static long Of(RowBatch batch)
    {
        long size = 0;
        foreach (ColumnBuffer column in batch.Columns)
        {
            size += OfColumn(column);
        }

        return size;
    }

    /// <summary>
    /// The bytes of rows, texts by some of them: it reads nothing that was only selected.
    /// </summary>
    public static long About(RowBatch batch)
    {
        long size = 0;
        foreach (ColumnBuffer column in batch.Columns)
        {
            size += column switch
            {
                ColumnBuffer<string> texts => About(
                    texts, static text => text is null ? ReferenceBytes : BytesOf(text)),
                ColumnBuffer<byte[]> blobs => About(
                    blobs, static blob => TextOverheadBytes + (blob?.Length ?? 0)),
                _ => column.Count * WidthOf(column.Type),
            };
        }

        return size;
    }

    /// <summary>
    /// Whether a plan is expected to give more than half of what an operator may keep.
    /// </summary>
    public static bool MayExceed(PlanNode plan, ExecutionContext context) =>
        context.Spill is not null
        && plan.EstimatedRowCount * plan.Output.Sum(column => WidthOf(column.Type))
            > context.OperatorMemoryBytes / 2.0;

    /// <summary>The bytes that a value of a type takes, about.</summary>
    public static long WidthOf(DataType type) => type.Physical switch
    {
        PhysicalKind.Int64 or PhysicalKind.Double => 8,
        PhysicalKind.Decimal or PhysicalKind.Uuid or PhysicalKind.Interval => 16,
        PhysicalKind.Vector => 16 + (4L * type.Length),
        PhysicalKind.CompactVector =>
            24 + CompactVector.SizeBytesOf(type.Kind, type.Length),
        _ => ExpectedTextBytes,
    };

    private static long BytesOf(string text) => TextOverheadBytes + (2L * text.Length);

    private static long About<T>(ColumnBuffer<T> column, Func<T, long> sizeOf)
    {
        Span<T> one = new T[1];
        int step = Math.Max(1, column.Count / SampleCount);
        long size = 0;
        int count = 0;
        for (int row = 0; row < column.Count; row += step)
        {
            column.CopyStored(row, 1, one);
            size += column.IsNull(row) ? ReferenceBytes : sizeOf(one[0]);
            count++;
        }

        return count == 0 ? 0 : size * column.Count / count;
    }

    private static long OfColumn(ColumnBuffer column)
    {
        long size = column.Count * WidthOf(column.Type);
        switch (column)
        {
            case ColumnBuffer<string> texts:
                size = 0;
                foreach (string text in texts.Stored)
                {
                    size += text is null ? ReferenceBytes : BytesOf(text);
                }

                return size;
            case ColumnBuffer<byte[]> blobs:
                size = 0;
                foreach (byte[] blob in blobs.Stored)
                {
                    size += TextOverheadBytes + (blob?.Length ?? 0);
                }

                return size;
            default:
                return size;
        }
    }
}
