using System.Numerics;

namespace NeuroDb.Query;

/// <summary>
/// One bit for each row, appended in order, with how many are set before each place and where the
/// n-th one is (G. Jacobson, Space-efficient static trees and graphs, 1989): what is known of rows
/// on disk takes a bit of memory for each.
/// </summary>
internal sealed class RankedBits
{
    private const int WordBits = 64;
    private const int WordsPerBlock = 8;

    private readonly List<ulong> _words = [];

    // The set bits before each block of words.
    private readonly List<long> _before = [];

    /// <summary>How many rows.</summary>
    public long Count { get; private set; }

    /// <summary>How many bits are set.</summary>
    public long SetCount { get; private set; }

    /// <summary>Appends the bit of the next row.</summary>
    public void Add(bool isSet)
    {
        int bit = (int)(Count % WordBits);
        if (bit == 0)
        {
            if (_words.Count % WordsPerBlock == 0)
            {
                _before.Add(SetCount);
            }

            _words.Add(0);
        }

        Count++;
        if (isSet)
        {
            _words[^1] |= 1UL << bit;
            SetCount++;
        }
    }

    /// <summary>The set bits of the rows before one; O(1).</summary>
    public long Before(long row)
    {
        Invariant.Check(row >= 0 && row <= Count);
        if (row == Count)
        {
            return SetCount;
        }

        int word = (int)(row / WordBits);
        long count = _before[word / WordsPerBlock];
        for (int i = word - (word % WordsPerBlock); i < word; i++)
        {
            count += BitOperations.PopCount(_words[i]);
        }

        return count + BitOperations.PopCount(_words[word] & ((1UL << (int)(row % WordBits)) - 1));
    }

    /// <summary>The row of the n-th set bit, from 0 on; O(log n).</summary>
    public long At(long number)
    {
        Invariant.Check(number >= 0 && number < SetCount);
        int low = 0;
        int high = _before.Count - 1;
        while (low < high)
        {
            int middle = low + ((high - low + 1) / 2);
            (low, high) = _before[middle] <= number ? (middle, high) : (low, middle - 1);
        }

        long left = number - _before[low];
        int word = low * WordsPerBlock;
        while (BitOperations.PopCount(_words[word]) is var count && left >= count)
        {
            left -= count;
            word++;
        }

        ulong bits = _words[word];
        for (; left > 0; left--)
        {
            bits &= bits - 1;
        }

        return ((long)word * WordBits) + BitOperations.TrailingZeroCount(bits);
    }

    /// <summary>The last row up to and with one whose bit is set; there is one.</summary>
    public long Last(long row) => At(Before(row + 1) - 1);

    /// <summary>The first row after one whose bit is set, or the number of rows.</summary>
    public long Next(long row)
    {
        long number = Before(row + 1);
        return number == SetCount ? Count : At(number);
    }
}
