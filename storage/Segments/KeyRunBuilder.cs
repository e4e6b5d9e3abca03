namespace NeuroDb.Storage;

/// <summary>
/// Collects the codes of one key while a segment is written and sorts them at its end: a radix
/// sort of bytes, lowest first, which keeps the rows of equal codes ascending. 12 bytes a row, and
/// as many again while it sorts. Who has it disposes of it when he is done with the codes.
/// </summary>
internal sealed class KeyRunBuilder : IDisposable
{
    private const int CapacityFirst = 64;
    private const int DigitBits = 8;
    private const int DigitCount = 1 << DigitBits;
    private GrowingArray<ulong> _codes = new();
    private GrowingArray<int> _ordinals = new();
    private bool _isSorted = true;

    /// <summary>The entries so far.</summary>
    public int Count { get; private set; }

    /// <summary>The codes; ascending after <see cref="Sort"/>.</summary>
    public ReadOnlySpan<ulong> Codes => _codes.Span[..Count];

    /// <summary>The rows of the codes.</summary>
    public ReadOnlySpan<int> Ordinals => _ordinals.Span[..Count];

    /// <summary>Adds the code of the next row.</summary>
    public void Add(ulong code, int ordinal)
    {
        if (Count == _codes.Length)
        {
            int capacity = Math.Max(CapacityFirst, 2 * Count);
            _codes.Grow(capacity);
            _ordinals.Grow(capacity);
        }

        Span<ulong> codes = _codes.Span;
        Span<int> ordinals = _ordinals.Span;
        Invariant.Check(Count == 0 || ordinal > ordinals[Count - 1]);
        _isSorted &= Count == 0 || code >= codes[Count - 1];
        codes[Count] = code;
        ordinals[Count++] = ordinal;
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
            different |= code ^ Codes[0];
        }

        var codes = new GrowingArray<ulong>();
        var ordinals = new GrowingArray<int>();
        codes.Grow(Count);
        ordinals.Grow(Count);
        for (int shift = 0; shift < 64; shift += DigitBits)
        {
            if (((different >> shift) & (DigitCount - 1)) != 0)
            {
                Distribute(shift, codes.Span, ordinals.Span);
                (_codes, codes) = (codes, _codes);
                (_ordinals, ordinals) = (ordinals, _ordinals);
            }
        }

        codes.Dispose();
        ordinals.Dispose();
        _isSorted = true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _codes.Dispose();
        _ordinals.Dispose();
        Count = 0;
    }

    private void Distribute(int shift, Span<ulong> codes, Span<int> ordinals)
    {
        ReadOnlySpan<ulong> from = Codes;
        ReadOnlySpan<int> rows = Ordinals;
        Span<int> next = stackalloc int[DigitCount];
        next.Clear();
        foreach (ulong code in from)
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
            int to = next[(byte)(from[i] >> shift)]++;
            codes[to] = from[i];
            ordinals[to] = rows[i];
        }
    }
}
