namespace NeuroDb.Storage;

/// <summary>
/// Collects the codes of one key while a segment is written and sorts them at its end: a radix
/// sort of bytes, lowest first, which keeps the rows of equal codes ascending. 12 bytes a row, and
/// as many again while it sorts.
/// </summary>
internal sealed class KeyRunBuilder
{
    private const int CapacityFirst = 64;
    private const int DigitBits = 8;
    private const int DigitCount = 1 << DigitBits;
    private ulong[] _codes = [];
    private int[] _ordinals = [];
    private bool _isSorted = true;

    /// <summary>The entries so far.</summary>
    public int Count { get; private set; }

    /// <summary>The codes; ascending after <see cref="Sort"/>.</summary>
    public ReadOnlySpan<ulong> Codes => _codes.AsSpan(0, Count);

    /// <summary>The rows of the codes.</summary>
    public ReadOnlySpan<int> Ordinals => _ordinals.AsSpan(0, Count);

    /// <summary>Adds the code of the next row.</summary>
    public void Add(ulong code, int ordinal)
    {
        if (Count == _codes.Length)
        {
            int capacity = Math.Max(CapacityFirst, 2 * Count);
            Array.Resize(ref _codes, capacity);
            Array.Resize(ref _ordinals, capacity);
        }

        Invariant.Check(Count == 0 || ordinal > _ordinals[Count - 1]);
        _isSorted &= Count == 0 || code >= _codes[Count - 1];
        _codes[Count] = code;
        _ordinals[Count++] = ordinal;
    }

    /// <summary>Sorts by code, then by row. Nothing can be added afterwards.</summary>
    public void Sort()
    {
        if (_isSorted)
        {
            return;
        }

        // A digit that is the same in all codes needs no pass.
        ulong different = 0;
        foreach (ulong code in Codes)
        {
            different |= code ^ _codes[0];
        }

        var codes = new ulong[Count];
        var ordinals = new int[Count];
        for (int shift = 0; shift < 64; shift += DigitBits)
        {
            if (((different >> shift) & (DigitCount - 1)) != 0)
            {
                Distribute(shift, codes, ordinals);
                (_codes, codes) = (codes, _codes);
                (_ordinals, ordinals) = (ordinals, _ordinals);
            }
        }

        _isSorted = true;
    }

    private void Distribute(int shift, ulong[] codes, int[] ordinals)
    {
        Span<int> next = stackalloc int[DigitCount];
        next.Clear();
        foreach (ulong code in Codes)
        {
            next[(byte)(code >> shift)]++;
        }

        int start = 0;
        foreach (ref int place in next)
        {
            (place, start) = (start, start + place);
        }

        for (int i = 0; i < Count; i++)
        {
            int to = next[(byte)(_codes[i] >> shift)]++;
            codes[to] = _codes[i];
            ordinals[to] = _ordinals[i];
        }
    }
}
