namespace NeuroDb.Storage;

/// <summary>Up to 4096 decoded entries of a key run; never changed after it is made.</summary>
internal sealed class KeyPiece(ulong[] codes, int[] ordinals)
{
    private const int ObjectSizeBytes = 96;

    /// <summary>The codes, ascending.</summary>
    public ulong[] Codes { get; } = codes;

    /// <summary>The row of each code, ascending among equal codes.</summary>
    public int[] Ordinals { get; } = ordinals;

    /// <summary>The bytes in memory.</summary>
    public long SizeBytes =>
        ((long)Codes.Length * (sizeof(ulong) + sizeof(int))) + ObjectSizeBytes;

    /// <summary>How many entries have a lower code.</summary>
    /// <remarks>
    /// Guesses by interpolation, which for hashes and dense numbers is a few entries off, then
    /// doubles the distance until the code is enclosed and halves it again.
    /// </remarks>
    public int LowerBound(ulong code)
    {
        ulong first = Codes[0];
        ulong last = Codes[^1];
        if (code <= first)
        {
            return 0;
        }

        if (code > last)
        {
            return Codes.Length;
        }

        double share = (double)(code - first) / (last - first);
        int guess = Math.Clamp((int)(share * (Codes.Length - 1)), 0, Codes.Length - 1);
        int low = guess;
        int high = guess;
        int step = 1;
        if (Codes[guess] < code)
        {
            while (high < Codes.Length && Codes[high] < code)
            {
                low = high + 1;
                high += step;
                step *= 2;
            }

            high = Math.Min(high, Codes.Length);
        }
        else
        {
            while (low >= 0 && Codes[low] >= code)
            {
                high = low;
                low -= step;
                step *= 2;
            }

            low = Math.Max(low + 1, 0);
        }

        return Search(code, low, high);
    }

    private int Search(ulong code, int low, int high)
    {
        Invariant.Check(low >= 0 && low <= high && high <= Codes.Length);
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (Codes[middle] < code)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
