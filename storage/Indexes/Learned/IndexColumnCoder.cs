using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace NeuroDb.Storage;

/// <summary>
/// Turns the values of one index column into 64-bit codes in the order of the index: of two codes
/// the lower one is never of the later value. NULL has a code of its own, 0 or the greatest one. A
/// code that is exact belongs to one value; any other one only says where to look.
/// </summary>
internal sealed class IndexColumnCoder
{
    private const ulong SignBit = 1UL << 63;
    private const ulong CodeMin = 1;
    private const ulong CodeMax = ulong.MaxValue - 1;
    private const ulong NanCode = 2;
    private const int PrefixSizeBytes = sizeof(ulong);
    private readonly PhysicalKind _kind;
    private readonly ulong _flip;
    private readonly byte _collation;

    /// <summary>Makes the coder of a column.</summary>
    public IndexColumnCoder(IndexColumn column, DataType type)
    {
        Ordinal = column.Ordinal;
        IsDescending = column.IsDescending;
        NullCode = column.NullsFirst ? 0 : ulong.MaxValue;
        _kind = type.Physical;
        _collation = type.Collation;
        _flip = column.IsDescending ? ulong.MaxValue : 0;
        Invariant.Check(_kind is not (PhysicalKind.Vector or PhysicalKind.CompactVector));
    }

    /// <summary>The ordinal of the column in the table.</summary>
    public int Ordinal { get; }

    /// <summary>Whether the greatest value comes first.</summary>
    public bool IsDescending { get; }

    /// <summary>The code of NULL.</summary>
    public ulong NullCode { get; }

    /// <summary>The lowest code of a value.</summary>
    public static ulong ValueCodeMin => CodeMin;

    /// <summary>The highest code of a value.</summary>
    public static ulong ValueCodeMax => CodeMax;

    /// <summary>Whether only one value, or NULL, has a code.</summary>
    public bool IsExact(ulong code) => code is 0 or ulong.MaxValue
        || (_kind is PhysicalKind.Int64 or PhysicalKind.Double && code is > CodeMin and < CodeMax);

    /// <summary>The codes of rows from one on.</summary>
    public void Encode(ColumnStore store, int start, Span<ulong> codes)
    {
        if (store is ColumnStore<long> numbers && !store.Nulls.MayHaveNulls)
        {
            ReadOnlySpan<long> values = numbers.Values.Slice(start, codes.Length);
            for (int i = 0; i < codes.Length; i++)
            {
                codes[i] = Bound(((ulong)values[i] ^ SignBit) ^ _flip);
            }

            return;
        }

        for (int i = 0; i < codes.Length; i++)
        {
            codes[i] = Encode(store, start + i);
        }
    }

    /// <summary>The code of a row.</summary>
    public ulong Encode(ColumnStore store, int row)
    {
        if (store.IsNull(row))
        {
            return NullCode;
        }

        return Bound(_flip ^ store switch
        {
            ColumnStore<long> numbers => (ulong)numbers.Values[row] ^ SignBit,
            ColumnStore<double> numbers => Code(numbers.Values[row]),
            ColumnStore<decimal> numbers => Code(NearestDouble.Of(numbers.Values[row])),
            ColumnStore<Guid> uuids => Code(uuids.Values[row]),
            ColumnStore<TimeInterval> intervals => Code(intervals.Values[row]),
            ColumnStore<string> texts => Code(Folded(texts, row)),
            ColumnStore<byte[]> blobs => Code(blobs.BytesAt(row)),
            _ => throw Invariant.Broken("a type that can be indexed"),
        });
    }

    /// <summary>The codes of some rows of a batch.</summary>
    public void Encode(ColumnBuffer column, ReadOnlySpan<int> rows, Span<ulong> codes)
    {
        if (column is ColumnBuffer<long> numbers && _kind == PhysicalKind.Int64
            && !numbers.Nulls.MayHaveNulls)
        {
            ReadOnlySpan<long> values = numbers.Values;
            for (int i = 0; i < rows.Length; i++)
            {
                codes[i] = Bound(((ulong)values[rows[i]] ^ SignBit) ^ _flip);
            }

            return;
        }

        for (int i = 0; i < rows.Length; i++)
        {
            codes[i] = Encode(column.GetValue(rows[i]));
        }
    }

    /// <summary>The code of a value of the column's physical kind, or of NULL.</summary>
    public ulong Encode(Value value)
    {
        if (value.IsNull)
        {
            return NullCode;
        }

        return Bound(_flip ^ _kind switch
        {
            PhysicalKind.Int64 => (ulong)value.AsInt64() ^ SignBit,
            PhysicalKind.Double => Code(value.AsDouble()),
            PhysicalKind.Decimal => Code(NearestDouble.Of(value.AsDecimal())),
            PhysicalKind.Uuid => Code(value.AsUuid()),
            PhysicalKind.Interval => Code(value.AsInterval()),
            PhysicalKind.Text => Code(TextFold.Of(_collation, value.AsText())),
            PhysicalKind.Blob => Code(value.AsBlob()),
            _ => throw Invariant.Broken("a type that can be indexed"),
        });
    }

    /// <summary>Whether the values are texts.</summary>
    public bool IsText => _kind == PhysicalKind.Text;

    /// <summary>A text as the order of the index takes it.</summary>
    public string Fold(string text) => TextFold.Of(_collation, text);

    /// <summary>The code of a folded text, or of the rest of one.</summary>
    public ulong Encode(ReadOnlySpan<char> folded) => Bound(_flip ^ Code(folded));

    /// <summary>
    /// The codes between which texts with a prefix lie; in index order, the lower one first.
    /// </summary>
    public (ulong Low, ulong High) PrefixRange(string prefix)
    {
        Span<byte> bytes = stackalloc byte[PrefixSizeBytes];
        int count = Prefix(TextFold.Of(_collation, prefix), bytes);
        bytes[count..].Clear();
        ulong low = Half(BinaryPrimitives.ReadUInt64BigEndian(bytes));
        bytes[count..].Fill(byte.MaxValue);
        ulong high = Half(BinaryPrimitives.ReadUInt64BigEndian(bytes));
        return IsDescending
            ? (Bound(high ^ _flip), Bound(low ^ _flip))
            : (Bound(low), Bound(high));
    }

    /// <summary>Compares two rows in the order of the index.</summary>
    public int Compare(ColumnStore left, int leftRow, ColumnStore right, int rightRow)
    {
        bool isLeftNull = left.IsNull(leftRow);
        if (isLeftNull || right.IsNull(rightRow))
        {
            int order = isLeftNull.CompareTo(right.IsNull(rightRow));
            return NullCode == 0 ? -order : order;
        }

        int compared = left switch
        {
            ColumnStore<long> a => a.Values[leftRow].CompareTo(
                ((ColumnStore<long>)right).Values[rightRow]),
            ColumnStore<double> a => a.Values[leftRow].CompareTo(
                ((ColumnStore<double>)right).Values[rightRow]),
            ColumnStore<decimal> a => a.Values[leftRow].CompareTo(
                ((ColumnStore<decimal>)right).Values[rightRow]),
            ColumnStore<Guid> a => a.Values[leftRow].CompareTo(
                ((ColumnStore<Guid>)right).Values[rightRow]),
            ColumnStore<TimeInterval> a => a.Values[leftRow].CompareTo(
                ((ColumnStore<TimeInterval>)right).Values[rightRow]),
            ColumnStore<string> a => CodePointOrder.Compare(
                Folded(a, leftRow), Folded((ColumnStore<string>)right, rightRow)),
            ColumnStore<byte[]> a => a.BytesAt(leftRow).SequenceCompareTo(
                ((ColumnStore<byte[]>)right).BytesAt(rightRow)),
            _ => throw Invariant.Broken("a type that can be indexed"),
        };
        return IsDescending ? -compared : compared;
    }

    /// <summary>
    /// Compares a row with a value, neither of them NULL, in the order of the index.
    /// </summary>
    public int Compare(ColumnStore left, int row, in Value right)
    {
        int compared = left switch
        {
            ColumnStore<long> a => a.Values[row].CompareTo(right.AsInt64()),
            ColumnStore<double> a => a.Values[row].CompareTo(right.AsDouble()),
            ColumnStore<decimal> a => a.Values[row].CompareTo(right.AsDecimal()),
            ColumnStore<Guid> a => a.Values[row].CompareTo(right.AsUuid()),
            ColumnStore<TimeInterval> a => a.Values[row].CompareTo(right.AsInterval()),
            ColumnStore<string> a => CodePointOrder.Compare(
                Folded(a, row), TextFold.Of(_collation, right.AsText())),
            ColumnStore<byte[]> a => a.BytesAt(row).SequenceCompareTo(right.AsBlob()),
            _ => throw Invariant.Broken("a type that can be indexed"),
        };
        return IsDescending ? -compared : compared;
    }

    /// <summary>
    /// Whether codes may not tell values, so that hashes of them are worth keeping.
    /// </summary>
    public bool IsDoubtful => _kind is not (PhysicalKind.Int64 or PhysicalKind.Double);

    // A text of the store as the order of the index takes it; made only where it differs.
    private ReadOnlySpan<char> Folded(ColumnStore<string> texts, int row) =>
        _collation == TextFold.Binary
            ? MemoryMarshal.Cast<byte, char>(texts.BytesAt(row))
            : TextFold.Of(_collation, texts.ElementAt(row));

    private static ulong Bound(ulong code) => Math.Clamp(code, CodeMin, CodeMax);

    // As double.CompareTo orders: NaN is the least, and the zeros are equal.
    private static ulong Code(double number)
    {
        if (double.IsNaN(number))
        {
            return NanCode;
        }

        long bits = BitConverter.DoubleToInt64Bits(number + 0.0);
        return (ulong)(bits < 0 ? ~bits : bits ^ long.MinValue);
    }

    // As Guid.CompareTo orders: by the bytes as they are written out.
    private static ulong Code(Guid uuid)
    {
        Span<byte> bytes = stackalloc byte[2 * PrefixSizeBytes];
        bool isWritten = uuid.TryWriteBytes(bytes, bigEndian: true, out _);
        Invariant.Check(isWritten);
        return Half(BinaryPrimitives.ReadUInt64BigEndian(bytes));
    }

    // A span takes 73 bits; without the lowest ten it keeps its order.
    private static ulong Code(TimeInterval interval) =>
        (ulong)(long)(interval.Span >> 10) ^ SignBit;

    private static ulong Code(ReadOnlySpan<byte> blob)
    {
        Span<byte> bytes = stackalloc byte[PrefixSizeBytes];
        bytes.Clear();
        blob[..Math.Min(blob.Length, bytes.Length)].CopyTo(bytes);
        return Half(BinaryPrimitives.ReadUInt64BigEndian(bytes));
    }

    private static ulong Code(ReadOnlySpan<char> text)
    {
        Span<byte> bytes = stackalloc byte[PrefixSizeBytes];
        bytes.Clear();
        _ = Prefix(text, bytes);
        return Half(BinaryPrimitives.ReadUInt64BigEndian(bytes));
    }

    // UTF-8 has the order of code points. A lone surrogate is written as the greatest byte, which
    // no text has: it stands behind all others, as in the order of texts.
    private static int Prefix(ReadOnlySpan<char> text, Span<byte> bytes)
    {
        int count = 0;
        ReadOnlySpan<char> rest = text;
        Span<byte> rune = stackalloc byte[4];
        while (count < bytes.Length && !rest.IsEmpty)
        {
            bool isRune = Rune.DecodeFromUtf16(rest, out Rune next, out int used)
                == System.Buffers.OperationStatus.Done;
            int size = isRune ? next.EncodeToUtf8(rune) : 1;
            rune[0] = isRune ? rune[0] : byte.MaxValue;
            size = Math.Min(size, bytes.Length - count);
            rune[..size].CopyTo(bytes[count..]);
            count += size;
            rest = isRune ? rest[used..] : [];
        }

        return count;
    }

    // Leaves the outermost codes free: empty texts and the greatest ones have codes of their own.
    private static ulong Half(ulong prefix) => (prefix >> 1) + CodeMin + 1;
}
