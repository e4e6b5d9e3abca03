namespace NeuroDb.Storage;

/// <summary>Estimates, before encoding, what rows of a column will take in a file.</summary>
internal static class StoredSize
{
    /// <summary>The bytes of rows as they lie in memory; of texts one byte a UTF-16 unit.</summary>
    public static long Of(ColumnStore column, int start, int count)
    {
        switch (column)
        {
            case ColumnStore<string> texts:
                return (BytesOf(texts, start, count) / sizeof(char)) + count;
            case ColumnStore<byte[]> blobs:
                return BytesOf(blobs, start, count) + count;
            case ColumnStore<ReadOnlyMemory<float>> vectors:
                long elements = 0;
                foreach (ReadOnlyMemory<float> vector in vectors.Values.Slice(start, count))
                {
                    elements += vector.Length;
                }

                return (elements * sizeof(float)) + count;
            case ColumnStore<CompactVector> vectors:
                long packed = 0;
                foreach (CompactVector vector in vectors.Values.Slice(start, count))
                {
                    packed += vector.Bytes.Length + sizeof(int);
                }

                return packed + count;
            case VectorColumnStore vectors:
                return (long)count * vectors.StrideBytes;
            default:
                bool isWide = column.Type.Physical is PhysicalKind.Decimal
                    or PhysicalKind.Uuid or PhysicalKind.Interval;
                return (long)count * (isWide ? WideEncoder.ValueSizeBytes : sizeof(long));
        }
    }
    private static long BytesOf<T>(ColumnStore<T> elements, int start, int count)
    {
        long bytes = 0;
        for (int row = start; row < start + count; row++)
        {
            bytes += elements.BytesAt(row).Length;
        }

        return bytes;
    }
}
