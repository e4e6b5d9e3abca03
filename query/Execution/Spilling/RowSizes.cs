namespace NeuroDb.Query;

/// <summary>What rows take in memory, about: as they are, and as a plan expects them.</summary>
internal static class RowSizes
{
    private const int TextOverheadBytes = 30;
    private const int ExpectedTextBytes = 80;
    private const int ReferenceBytes = 8;

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

    private static long OfColumn(ColumnBuffer column)
    {
        long size = column.Count * WidthOf(column.Type);
        switch (column)
        {
            case ColumnBuffer<string> texts:
                size = 0;
                foreach (string text in texts.Stored)
                {
                    size += text is null
                        ? ReferenceBytes
                        : TextOverheadBytes + (2L * text.Length);
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
