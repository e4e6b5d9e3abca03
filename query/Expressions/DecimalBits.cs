using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NeuroDb.Gpu;

namespace NeuroDb.Query;

/// <summary>
/// A <see cref="decimal"/> as it lies in memory: sign and scale, then 96 bits of digits. Lets loops
/// compute with the digits as 64-bit integers, where all rows of a column have one scale.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct DecimalBits
{
    private const int SignMask = unchecked((int)0x80000000);
    private const int ScaleShift = 16;

    // Rows that are asked for before they are read, and how thin a selection must be for that.
    private const int RowsAhead = 24;
    private const int SparseShare = 2;

    // Not a static constructor, which every use of the type in code compiled ahead would ask for.
    private static readonly bool IsLaidOutSo = ProbeLayout();

    private readonly int _flags;
    private readonly uint _high;
    private readonly ulong _low;

    private DecimalBits(int flags, ulong low)
    {
        _flags = flags;
        _high = 0;
        _low = low;
    }

    /// <summary>Sign and scale.</summary>
    public int Flags => _flags;

    /// <summary>The digits behind the point.</summary>
    public int Scale => (_flags >> ScaleShift) & 0xFF;

    /// <summary>The digits above 64 bits.</summary>
    public uint High => _high;

    /// <summary>The lower digits.</summary>
    public ulong Low => _low;

    /// <summary>The digits with their sign; meaningful if they fit 63 bits.</summary>
    public long Signed
    {
        get
        {
            long sign = _flags >> 31;
            return ((long)_low ^ sign) - sign;
        }
    }

    /// <summary>The bits of a number.</summary>
    public static DecimalBits Of(decimal number) =>
        MemoryMarshal.Cast<decimal, DecimalBits>(new ReadOnlySpan<decimal>(in number))[0];

    /// <summary>The bits of numbers.</summary>
    public static ReadOnlySpan<DecimalBits> Of(ReadOnlySpan<decimal> numbers)
    {
        Invariant.Check(IsLaidOutSo);
        return MemoryMarshal.Cast<decimal, DecimalBits>(numbers);
    }

    /// <summary>
    /// How many selected rows ahead to ask for memory, beyond all of them if rows lie so close that
    /// the processor looks ahead by itself.
    /// </summary>
    public static int Ahead(int selectedCount, int rowCount) =>
        selectedCount < rowCount / SparseShare ? RowsAhead : selectedCount;

    /// <summary>Asks for the memory of a number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(ref readonly DecimalBits number) =>
        CacheLines.Prefetch(ref Unsafe.AsRef(in number));

    /// <summary>Writes digits of a scale as numbers.</summary>
    public static void Write(ReadOnlySpan<long> digits, int scale, Span<decimal> numbers)
    {
        Span<DecimalBits> bits = MemoryMarshal.Cast<decimal, DecimalBits>(numbers);
        int flags = scale << ScaleShift;
        for (int i = 0; i < digits.Length; i++)
        {
            long sign = digits[i] >> 63;
            bits[i] = new DecimalBits(
                flags | ((int)sign & SignMask), (ulong)((digits[i] ^ sign) - sign));
        }
    }

    private static bool ProbeLayout()
    {
        DecimalBits probe = Of(new decimal(1, 2, 3, true, 4));
        return probe._flags == (SignMask | (4 << ScaleShift))
            && probe._high == 3 && probe._low == ((2UL << 32) | 1);
    }
}
