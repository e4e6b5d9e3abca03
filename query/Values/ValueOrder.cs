namespace NeuroDb.Query;

/// <summary>
/// The order of SQL values of one physical kind: numbers and intervals by size, text by code
/// point, bytes and vectors element by element, shorter first.
/// </summary>
internal static class ValueOrder
{
    /// <summary>Compares two values that are not NULL.</summary>
    public static int Compare(ColumnBuffer left, int leftRow, ColumnBuffer right, int rightRow) =>
        left switch
        {
            ColumnBuffer<long> a =>
                a.Values[leftRow].CompareTo(((ColumnBuffer<long>)right).Values[rightRow]),
            ColumnBuffer<double> a =>
                a.Values[leftRow].CompareTo(((ColumnBuffer<double>)right).Values[rightRow]),
            ColumnBuffer<decimal> a =>
                a.Values[leftRow].CompareTo(((ColumnBuffer<decimal>)right).Values[rightRow]),
            ColumnBuffer<Guid> a =>
                a.Values[leftRow].CompareTo(((ColumnBuffer<Guid>)right).Values[rightRow]),
            ColumnBuffer<TimeInterval> a => a.Values[leftRow].CompareTo(
                ((ColumnBuffer<TimeInterval>)right).Values[rightRow]),
            ColumnBuffer<string> a =>
                CompareText(a.Values[leftRow], ((ColumnBuffer<string>)right).Values[rightRow]),
            ColumnBuffer<byte[]> a => a.Values[leftRow].AsSpan()
                .SequenceCompareTo(((ColumnBuffer<byte[]>)right).Values[rightRow]),
            ColumnBuffer<ReadOnlyMemory<float>> a => a.Values[leftRow].Span.SequenceCompareTo(
                ((ColumnBuffer<ReadOnlyMemory<float>>)right).Values[rightRow].Span),
            ColumnBuffer<CompactVector> a => Compare(
                a.Type.Kind,
                a.Values[leftRow],
                ((ColumnBuffer<CompactVector>)right).Values[rightRow]),
            _ => throw Invariant.Broken("a known physical type"),
        };

    /// <summary>Compares two values of the same physical kind that are not NULL.</summary>
    public static int Compare(PhysicalKind kind, Value left, Value right) => kind switch
    {
        PhysicalKind.Int64 => left.AsInt64().CompareTo(right.AsInt64()),
        PhysicalKind.Double => left.AsDouble().CompareTo(right.AsDouble()),
        PhysicalKind.Decimal => left.AsDecimal().CompareTo(right.AsDecimal()),
        PhysicalKind.Uuid => left.AsUuid().CompareTo(right.AsUuid()),
        PhysicalKind.Interval => left.AsInterval().CompareTo(right.AsInterval()),
        PhysicalKind.Text => CompareText(left.AsText(), right.AsText()),
        PhysicalKind.Blob => left.AsBlob().AsSpan().SequenceCompareTo(right.AsBlob()),
        PhysicalKind.CompactVector => Compare(
            left.Kind, left.AsCompactVector(), right.AsCompactVector()),
        _ => left.AsVector().Span.SequenceCompareTo(right.AsVector().Span),
    };

    /// <summary>Compares compact vectors of one type element by element.</summary>
    public static int Compare(TypeKind kind, CompactVector left, CompactVector right)
    {
        switch (kind)
        {
            case TypeKind.HalfVector:
                return left.Halves.SequenceCompareTo(right.Halves);
            case TypeKind.Int8Vector:
                return left.Int8s.SequenceCompareTo(right.Int8s);
            default:
                ReadOnlySpan<byte> a = left.Bytes.Span;
                ReadOnlySpan<byte> b = right.Bytes.Span;
                int common = a.CommonPrefixLength(b);
                if (common == a.Length || common == b.Length)
                {
                    return left.Dimension.CompareTo(right.Dimension);
                }

                // The lowest bit is the first element.
                int differing = a[common] ^ b[common];
                return (a[common] & differing & -differing) != 0 ? 1 : -1;
        }
    }

    /// <summary>
    /// Compares by Unicode code point. UTF-16 units order the same way except that surrogates
    /// (code points from U+10000) would come before U+E000 to U+FFFF; the first differing units
    /// are shifted so that they come after.
    /// </summary>
    public static int CompareText(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        int common = left.CommonPrefixLength(right);
        if (common == left.Length || common == right.Length)
        {
            return left.Length.CompareTo(right.Length);
        }

        return CodePointRank(left[common]) - CodePointRank(right[common]);
    }

    private static int CodePointRank(char unit) =>
        char.IsSurrogate(unit) ? unit + 0x10000 : unit;
}
