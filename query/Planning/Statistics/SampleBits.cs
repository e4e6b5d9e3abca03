using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NeuroDb.Query;

/// <summary>
/// Rows of a sample as bits, 64 to a word: those for which a comparison of a column with a constant
/// is true. The loops are compiled at once, since the first plans of a process wait for them.
/// </summary>
internal static class SampleBits
{
    private const int WordBits = 64;

    /// <summary>The words for some rows.</summary>
    public static int WordsOf(int count) => (count + WordBits - 1) / WordBits;

    /// <summary>
    /// The rows whose value compares so with a constant; null if the column has no numbers of 64
    /// bits. NULL is never true, NaN compares as in IEEE 754.
    /// </summary>
    /// <param name="values">The values.</param>
    /// <param name="operation">One of the six comparisons.</param>
    /// <param name="bound">One value of the type of the column, not NULL.</param>
    public static ulong[]? Compare(
        ColumnBuffer values, BinaryOperator operation, ColumnBuffer bound)
    {
        var bits = new ulong[WordsOf(values.Count)];
        switch (values, bound)
        {
            case (ColumnBuffer<long> longs, ColumnBuffer<long> one):
                Compare(longs.Values, operation, one.Values[0], bits);
                break;
            case (ColumnBuffer<double> doubles, ColumnBuffer<double> one):
                Compare(doubles.Values, operation, one.Values[0], bits);
                break;
            default:
                return null;
        }

        DropNulls(values.Nulls.Bytes(values.Count), bits);
        return bits;
    }

    /// <summary>How many bits are set.</summary>
    public static int CountOf(ReadOnlySpan<ulong> bits)
    {
        int count = 0;
        foreach (ulong word in bits)
        {
            count += BitOperations.PopCount(word);
        }

        return count;
    }

    /// <summary>The rows whose bits are set, ascending.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int[] RowsOf(ReadOnlySpan<ulong> bits)
    {
        int[] rows = GC.AllocateUninitializedArray<int>(CountOf(bits));
        int next = 0;
        for (int i = 0; i < bits.Length; i++)
        {
            for (ulong word = bits[i]; word != 0; word &= word - 1)
            {
                rows[next++] = (i * WordBits) + BitOperations.TrailingZeroCount(word);
            }
        }

        return rows;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Compare<T>(
        ReadOnlySpan<T> values, BinaryOperator operation, T bound, Span<ulong> bits)
        where T : unmanaged, INumber<T>
    {
        Vector512<T> sought = Vector512.Create(bound);
        ref T first = ref System.Runtime.InteropServices.MemoryMarshal.GetReference(values);
        int row = 0;
        for (; row + Vector512<T>.Count <= values.Length; row += Vector512<T>.Count)
        {
            Vector512<T> some = Vector512.LoadUnsafe(ref first, (nuint)row);
            Vector512<T> holds = operation switch
            {
                BinaryOperator.Equal => Vector512.Equals(some, sought),
                BinaryOperator.NotEqual => ~Vector512.Equals(some, sought),
                BinaryOperator.Less => Vector512.LessThan(some, sought),
                BinaryOperator.LessOrEqual => Vector512.LessThanOrEqual(some, sought),
                BinaryOperator.Greater => Vector512.GreaterThan(some, sought),
                _ => Vector512.GreaterThanOrEqual(some, sought),
            };
            bits[row / WordBits] |= holds.ExtractMostSignificantBits() << (row % WordBits);
        }

        for (; row < values.Length; row++)
        {
            T value = values[row];
            bool holds = operation switch
            {
                BinaryOperator.Equal => value == bound,
                BinaryOperator.NotEqual => value != bound,
                BinaryOperator.Less => value < bound,
                BinaryOperator.LessOrEqual => value <= bound,
                BinaryOperator.Greater => value > bound,
                _ => value >= bound,
            };
            bits[row / WordBits] |= (holds ? 1UL : 0) << (row % WordBits);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void DropNulls(ReadOnlySpan<byte> nulls, Span<ulong> bits)
    {
        int row = 0;
        for (; row + WordBits <= nulls.Length; row += WordBits)
        {
            bits[row / WordBits] &= Vector512.Equals(
                Vector512.Create(nulls[row..]), Vector512<byte>.Zero).ExtractMostSignificantBits();
        }

        for (; row < nulls.Length; row++)
        {
            bits[row / WordBits] &= nulls[row] == 0 ? ulong.MaxValue : ~(1UL << (row % WordBits));
        }
    }
}
