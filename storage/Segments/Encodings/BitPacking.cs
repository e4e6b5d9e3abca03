using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace NeuroDb.Storage;

/// <summary>
/// Numbers of <c>bits</c> bits each in eight interleaved lanes of 64-bit words, so that one vector
/// register holds the same step of all lanes (after Lemire and Boytsov, Decoding billions of
/// integers per second, 2015, section 4).
/// </summary>
/// <remarks>
/// Values come in groups of 512; the last group may be shorter. Value i of a group is step i / 8 of
/// lane i % 8 and takes the bits from (i / 8) * bits on of that lane, lowest first; word w of lane
/// j stands at byte 8 * (8 * w + j) of the group. A group of n values has
/// ceil(ceil(n / 8) * bits / 64) words a lane. Bits beyond the last value are zero.
/// </remarks>
internal static class BitPacking
{
    private const int LaneCount = 8;
    private const int WordBits = 64;
    private const int GroupSize = LaneCount * WordBits;

    /// <summary>The bits that a number without sign takes.</summary>
    public static int WidthOf(ulong max) => WordBits - BitOperations.LeadingZeroCount(max);

    /// <summary>The bytes of packed values.</summary>
    public static int SizeBytes(int count, int bits)
    {
        int whole = count / GroupSize;
        return (whole * bits * GroupSize / 8)
            + (WordsOf(count % GroupSize, bits) * LaneCount * sizeof(ulong));
    }

    /// <summary>Packs value - offset of each value; all must fit the width.</summary>
    /// <returns>The bytes written.</returns>
    public static int Pack(ReadOnlySpan<long> values, long offset, int bits, Span<byte> target)
    {
        int size = SizeBytes(values.Length, bits);
        Span<ulong> words = MemoryMarshal.Cast<byte, ulong>(target[..size]);
        while (!values.IsEmpty && bits > 0)
        {
            int count = Math.Min(GroupSize, values.Length);
            PackGroup(values[..count], offset, bits, words);
            words = words[(WordsOf(count, bits) * LaneCount)..];
            values = values[count..];
        }

        return size;
    }

    /// <summary>Unpacks as many values as there is room for and adds the offset to each.</summary>
    /// <param name="source">Exactly the bytes of that many values.</param>
    /// <param name="bits">The width, 0 to 64.</param>
    /// <param name="offset">What to add, wrapping.</param>
    /// <param name="values">Takes the values.</param>
    public static void Unpack(
        ReadOnlySpan<byte> source, int bits, long offset, Span<long> values)
    {
        Invariant.Check(source.Length == SizeBytes(values.Length, bits));
        if (bits == 0)
        {
            values.Fill(offset);
            return;
        }

        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(source);
        while (!values.IsEmpty)
        {
            int count = Math.Min(GroupSize, values.Length);
            UnpackGroup(words, bits, offset, values[..count]);
            words = words[(WordsOf(count, bits) * LaneCount)..];
            values = values[count..];
        }
    }

    /// <summary>One value: the definition that <see cref="Unpack"/> is tested against.</summary>
    public static long At(ReadOnlySpan<byte> source, int bits, long offset, int index)
    {
        if (bits == 0)
        {
            return offset;
        }

        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(source)
            [(index / GroupSize * bits * LaneCount)..];
        int lane = index % LaneCount;
        int bit = index % GroupSize / LaneCount * bits;
        ulong value = 0;
        for (int i = 0; i < bits; i++, bit++)
        {
            ulong word = words[(bit / WordBits * LaneCount) + lane];
            value |= ((word >> (bit % WordBits)) & 1) << i;
        }

        return (long)value + offset;
    }

    private static int WordsOf(int count, int bits)
    {
        int steps = (count + LaneCount - 1) / LaneCount;
        return ((steps * bits) + WordBits - 1) / WordBits;
    }

    private static void PackGroup(
        ReadOnlySpan<long> values, long offset, int bits, Span<ulong> words)
    {
        Vector512<ulong> pending = Vector512<ulong>.Zero;
        Vector512<ulong> low = Vector512.Create((ulong)offset);
        Span<long> last = stackalloc long[LaneCount];
        int used = 0;
        int to = 0;
        for (int i = 0; i < values.Length; i += LaneCount)
        {
            scoped ReadOnlySpan<long> step = values[i..];
            if (step.Length < LaneCount)
            {
                last.Fill(offset);
                step.CopyTo(last);
                step = last;
            }

            Vector512<ulong> value = Vector512.Create(step).AsUInt64() - low;
            pending |= Vector512.ShiftLeft(value, used);
            used += bits;
            if (used >= WordBits)
            {
                pending.CopyTo(words[to..]);
                to += LaneCount;
                used -= WordBits;
                pending = used == 0
                    ? Vector512<ulong>.Zero
                    : Vector512.ShiftRightLogical(value, bits - used);
            }
        }

        if (used > 0)
        {
            pending.CopyTo(words[to..]);
        }
    }

    private static void UnpackGroup(
        ReadOnlySpan<ulong> words, int bits, long offset, Span<long> values)
    {
        Invariant.Check(words.Length >= WordsOf(values.Length, bits) * LaneCount);
        ref ulong from = ref MemoryMarshal.GetReference(words);
        ref long to = ref MemoryMarshal.GetReference(values);
        Vector512<ulong> mask = Vector512.Create(ulong.MaxValue >> (WordBits - bits));
        Vector512<ulong> low = Vector512.Create((ulong)offset);
        int whole = values.Length / LaneCount;
        int bit = 0;
        for (int step = 0; step <= whole; step++, bit += bits)
        {
            if (step == whole && values.Length % LaneCount == 0)
            {
                return;
            }

            nuint word = (nuint)(bit / WordBits * LaneCount);
            int shift = bit % WordBits;
            Vector512<ulong> value = Vector512.ShiftRightLogical(
                Vector512.LoadUnsafe(ref from, word), shift);
            if (shift + bits > WordBits)
            {
                value |= Vector512.ShiftLeft(
                    Vector512.LoadUnsafe(ref from, word + LaneCount), WordBits - shift);
            }

            value = (value & mask) + low;
            if (step == whole)
            {
                Span<long> last = stackalloc long[LaneCount];
                value.AsInt64().CopyTo(last);
                last[..(values.Length % LaneCount)].CopyTo(values[(whole * LaneCount)..]);
                return;
            }

            value.AsInt64().StoreUnsafe(ref to, (nuint)(step * LaneCount));
        }
    }
}
