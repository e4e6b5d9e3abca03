using NeuroDb.Gpu;

namespace NeuroDb.Storage;

/// <summary>
/// Says of most keys that are not in a run that they are not, at one look into memory: a Bloom
/// filter whose bits of a key lie in one word (Putze, Sanders and Singler, Cache-, Hash- and
/// Space-Efficient Bloom Filters, 2007). Two bytes a key; about one in a hundred keys that are not
/// there passes.
/// </summary>
internal sealed class CodeFilter : INativeMemory
{
    private const int KeysEach = 4;
    private const int BitCount = 4;
    private const int BitWidth = 6;
    private readonly FlatArray<ulong> _words;
    private readonly int _wordCount;

    /// <summary>The filter of keys in any order, for each column their codes.</summary>
    public CodeFilter(FlatArray<ulong>[] codes)
    {
        _wordCount = (int)(SizeBytesOf(codes[0].Length) / sizeof(ulong));
        _words = new FlatArray<ulong>(_wordCount, isReleased: true);
        Span<ulong> words = _words.Span;
        for (int i = 0; i < codes[0].Length; i++)
        {
            ulong hash = HashAt(codes, i);
            words[PlaceOf(hash)] |= BitsOf(hash);
        }
    }

    /// <inheritdoc/>
    public long SizeBytes => (long)_wordCount * sizeof(ulong);

    /// <summary>The bytes of a filter of so many keys.</summary>
    public static long SizeBytesOf(long count) => ((count / KeysEach) + 1) * sizeof(ulong);

    /// <summary>The hash of the codes of one key.</summary>
    public static ulong HashOf(ReadOnlySpan<ulong> codes)
    {
        ulong hash = Hash64.Mix(codes[0]);
        for (int column = 1; column < codes.Length; column++)
        {
            hash = Hash64.Combine(hash, codes[column]);
        }

        return hash;
    }

    /// <summary>The hash of one of many keys.</summary>
    public static ulong HashAt(FlatArray<ulong>[] codes, int key)
    {
        ulong hash = Hash64.Mix(codes[0][key]);
        for (int column = 1; column < codes.Length; column++)
        {
            hash = Hash64.Combine(hash, codes[column][key]);
        }

        return hash;
    }

    /// <summary>Whether a key of that hash may be there; false is certain.</summary>
    public bool MayHave(ulong hash)
    {
        ulong bits = BitsOf(hash);
        return (_words[PlaceOf(hash)] & bits) == bits;
    }

    /// <summary>Asks for the memory that tells whether a key of that hash may be there.</summary>
    public void Prefetch(ulong hash)
    {
        CacheLines.Prefetch(in _words.Span[PlaceOf(hash)]);
        GC.KeepAlive(this);
    }

    /// <summary>Leaves the memory to the collector: nobody counts who reads.</summary>
    public void Lend() => _words.Lend();

    /// <inheritdoc/>
    public void Release() => _words.Release();

    private static ulong BitsOf(ulong hash)
    {
        ulong bits = 0;
        for (int i = 0; i < BitCount; i++)
        {
            bits |= 1UL << (int)(hash >> (BitWidth * i));
        }

        return bits;
    }

    // By the upper half of the hash; the bits are of the lower one.
    private int PlaceOf(ulong hash) => (int)(((hash >> 32) * (ulong)_wordCount) >> 32);
}
