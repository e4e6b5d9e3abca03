using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace NeuroDb.Query;

/// <summary>
/// The values of some rows of a column as their ranks among the different ones: 16 bits a row, and
/// one more where there are more than 65,536 different values. A comparison with a constant is one
/// of ranks with the rank of the constant, 32 rows at a time, and exact. Immutable.
/// </summary>
internal sealed class RankedColumn
{
    /// <summary>The most rows of which there can be ranks.</summary>
    public const int RowCountMax = 1 << 17;

    private const int WordBits = 64;
    private const int RankCountMax = 1 << 16;

    private readonly ushort[] _ranks;
    private readonly ulong[]? _lastBits;
    private readonly ulong[] _present;
    private readonly long[] _values;

    private RankedColumn(ushort[] ranks, ulong[]? lastBits, ulong[] present, long[] values)
    {
        _ranks = ranks;
        _lastBits = lastBits;
        _present = present;
        _values = values;
    }

    /// <summary>The rows that are not NULL.</summary>
    public ulong[] Present => _present;

    /// <summary>Ranks the values; null of a column without an order of 64-bit numbers.</summary>
    public static RankedColumn? Of(ColumnBuffer values)
    {
        Invariant.Check(values.Count <= RowCountMax);
        if (CodesOf(values) is not { } codes)
        {
            return null;
        }

        var present = new ulong[SampleBits.WordsOf(codes.Length)];
        for (int row = 0; row < codes.Length; row++)
        {
            present[row / WordBits] |= (values.IsNull(row) ? 0UL : 1) << row;
        }

        long[] sorted = [.. codes];
        Array.Sort(sorted);
        int count = 0;
        for (int i = 0; i < sorted.Length; i++)
        {
            if (i == 0 || sorted[i] != sorted[i - 1])
            {
                sorted[count++] = sorted[i];
            }
        }

        Array.Resize(ref sorted, count);
        var ranks = new ushort[present.Length * WordBits];
        ulong[]? lastBits = count > RankCountMax ? new ulong[present.Length] : null;
        for (int row = 0; row < codes.Length; row++)
        {
            int rank = Array.BinarySearch(sorted, codes[row]);
            ranks[row] = (ushort)(lastBits is null ? rank : rank >> 1);
            if (lastBits is not null)
            {
                lastBits[row / WordBits] |= (ulong)(rank & 1) << row;
            }
        }

        return new RankedColumn(ranks, lastBits, present, sorted);
    }

    /// <summary>A number of 64 bits in the order of numbers; null for NaN.</summary>
    public static long? CodeOf(ConstantExpression constant)
    {
        if (constant.Type.Physical == PhysicalKind.Int64)
        {
            return constant.Value.AsInt64();
        }

        double number = constant.Value.AsDouble();
        return double.IsNaN(number) ? null : CodeOf(number);
    }

    /// <summary>The rows whose value compares so with a constant; never those that are NULL.
    /// </summary>
    /// <param name="operation">One of the six comparisons.</param>
    /// <param name="code">The constant, as <see cref="CodeOf(ConstantExpression)"/> gives it.
    /// </param>
    public ulong[] Compare(BinaryOperator operation, long code)
    {
        int place = Array.BinarySearch(_values, code);
        int below = place < 0 ? ~place : place;
        int upTo = place < 0 ? below : place + 1;
        ulong[] bits = operation switch
        {
            BinaryOperator.Equal or BinaryOperator.NotEqual when place < 0 =>
                new ulong[_present.Length],
            BinaryOperator.Equal or BinaryOperator.NotEqual => Select(place, isBelow: false),
            BinaryOperator.Less or BinaryOperator.GreaterOrEqual => Select(below, isBelow: true),
            _ => Select(upTo, isBelow: true),
        };
        bool isTurned = operation is BinaryOperator.Greater or BinaryOperator.GreaterOrEqual
            or BinaryOperator.NotEqual;
        for (int i = 0; i < bits.Length && isTurned; i++)
        {
            bits[i] = _present[i] & ~bits[i];
        }

        return bits;
    }

    private static long CodeOf(double number)
    {
        long bits = BitConverter.DoubleToInt64Bits(number == 0 ? 0 : number);
        return bits < 0 ? long.MinValue - bits - 1 : bits;
    }

    // NULL has the code 0, of which there is no bit among those that are present.
    private static long[]? CodesOf(ColumnBuffer values)
    {
        switch (values)
        {
            case ColumnBuffer<long> longs:
                return longs.Values.ToArray();
            case ColumnBuffer<double> doubles:
                var codes = new long[values.Count];
                for (int row = 0; row < codes.Length; row++)
                {
                    double number = doubles.Values[row];
                    if (double.IsNaN(number))
                    {
                        return null;
                    }

                    codes[row] = CodeOf(number);
                }

                return codes;
            default:
                return null;
        }
    }

    // The rows whose rank is below one, or is that one.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private ulong[] Select(int rank, bool isBelow)
    {
        if (rank >= _values.Length)
        {
            return [.. _present];
        }

        ulong[] bits = GC.AllocateUninitializedArray<ulong>(_present.Length);
        bool isOdd = (rank & 1) != 0;
        bool mayBeEqual = !isBelow || (_lastBits is not null && isOdd);
        ulong turn = isBelow || isOdd ? 0 : ulong.MaxValue;
        Vector512<ushort> bound =
            Vector512.Create((ushort)(_lastBits is null ? rank : rank >> 1));
        ref ushort first = ref MemoryMarshal.GetArrayDataReference(_ranks);
        for (int i = 0; i < bits.Length; i++)
        {
            Vector512<ushort> low = Vector512.LoadUnsafe(ref first, (nuint)(i * WordBits));
            Vector512<ushort> high = Vector512.LoadUnsafe(
                ref first, (nuint)((i * WordBits) + (WordBits / 2)));
            ulong holds = isBelow
                ? Vector512.LessThan(low, bound).ExtractMostSignificantBits()
                    | (Vector512.LessThan(high, bound).ExtractMostSignificantBits()
                        << (WordBits / 2))
                : 0;
            if (mayBeEqual)
            {
                ulong equal = Vector512.Equals(low, bound).ExtractMostSignificantBits()
                    | (Vector512.Equals(high, bound).ExtractMostSignificantBits()
                        << (WordBits / 2));
                ulong last = _lastBits is null ? ulong.MaxValue : _lastBits[i] ^ turn;
                holds |= equal & (isBelow ? ~last : last);
            }

            bits[i] = holds & _present[i];
        }

        return bits;
    }
}
