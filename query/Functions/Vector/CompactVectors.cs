namespace NeuroDb.Query;

/// <summary>Parts of vectors of halves, signed bytes and bits, put together anew.</summary>
internal static class CompactVectors
{
    /// <summary>Some consecutive elements.</summary>
    public static CompactVector Slice(TypeKind kind, CompactVector vector, Range range)
    {
        (int offset, int count) = range.GetOffsetAndLength(vector.Dimension);
        if (kind == TypeKind.BitVector)
        {
            var bits = new byte[CompactVector.SizeBytesOf(kind, count)];
            CopyBits(vector.Bytes.Span, offset, bits, 0, count);
            return new CompactVector(bits, count);
        }

        int elementBytes = CompactVector.SizeBytesOf(kind, 1);
        return new CompactVector(
            vector.Bytes.Slice(offset * elementBytes, count * elementBytes), count);
    }

    /// <summary>The elements of one vector after those of another.</summary>
    public static CompactVector Concatenate(
        TypeKind kind, CompactVector left, CompactVector right)
    {
        int dimension = left.Dimension + right.Dimension;
        VectorText.CheckDimension(dimension, 0, default);
        var bytes = new byte[CompactVector.SizeBytesOf(kind, dimension)];
        left.Bytes.Span.CopyTo(bytes);
        if (kind == TypeKind.BitVector)
        {
            CopyBits(right.Bytes.Span, 0, bytes, left.Dimension, right.Dimension);
        }
        else
        {
            right.Bytes.Span.CopyTo(bytes.AsSpan(left.Bytes.Length));
        }

        return new CompactVector(bytes, dimension);
    }

    private static void CopyBits(
        ReadOnlySpan<byte> from, int fromStart, Span<byte> to, int toStart, int count)
    {
        for (int i = 0; i < count; i++)
        {
            int bit = (from[(fromStart + i) / 8] >> ((fromStart + i) % 8)) & 1;
            to[(toStart + i) / 8] |= (byte)(bit << ((toStart + i) % 8));
        }
    }
}
