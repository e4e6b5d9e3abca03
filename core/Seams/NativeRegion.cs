using System.Numerics;
using System.Runtime.InteropServices;

namespace NeuroDb;

/// <summary>
/// Memory outside of the collector's heap, for large arrays that are not to bring collections
/// about. The addresses are reserved once, with the advice on page sizes, and pieces of a power of
/// two are handed out and used again: who allocates beside other threads makes none of them wait
/// for a lock on the memory of the process, as mapping, unmapping and advising do. Small pieces
/// stay with their memory up to a bound: to give memory back interrupts every thread of the
/// process, and to get it again is a fault for each page. Where addresses cannot be reserved the
/// pieces come from the C library.
/// </summary>
internal sealed unsafe partial class NativeRegion
{
    private const long ReservedSizeBytes = 1L << 38;
    private const long KeptSizeBytesMax = 32 << 20;

    // Larger pieces are few.
    private const int KeptPieceSizeBytesMax = 1 << 20;
    private const nint LargePageSizeBytes = 2 * 1024 * 1024;
    private const int ReadWrite = 3;

    // Private, anonymous, without a claim on memory.
    private const int ReservationFlags = 0x2 | 0x20 | 0x4000;
    private const int AdviceNotNeeded = 4;
    private const int AdviceLargePages = 14;
    private const int AdviceSmallPages = 15;

    // For tests: who reads what was given back ends the process instead of reading zeros.
    private static readonly bool IsGuarded =
        Environment.GetEnvironmentVariable("NEUROSTORE_GUARD_MEMORY") == "1";

    // A page: what is given back to the system is whole pages.
    private static readonly int PieceSizeBytesMin = Math.Max(1 << 12, Environment.SystemPageSize);
    private readonly Lock _gate = new();
    private readonly Stack<nint>[] _free = Stacks();
    private readonly Stack<nint>[] _kept = Stacks();
    private readonly nint _start;
    private readonly nint _end;
    private readonly long _keptSizeBytesMax;
    private nint _next;
    private long _keptSizeBytes;

    /// <summary>Reserves addresses; takes no memory.</summary>
    /// <param name="reservedBytes">How many; 0 to have pieces of the C library.</param>
    /// <param name="isLargePages">Whether the memory is better backed by large pages.</param>
    /// <param name="keptBytesMax">The memory of so many bytes of pieces is not given back.</param>
    public NativeRegion(long reservedBytes, bool isLargePages, long keptBytesMax)
    {
        _keptSizeBytesMax = IsGuarded ? 0 : keptBytesMax;
        if (!OperatingSystem.IsLinux() || sizeof(nint) < sizeof(long) || reservedBytes == 0)
        {
            return;
        }

        nint length = (nint)reservedBytes;
        nint found = Map(0, length, ReadWrite, ReservationFlags, -1, 0);
        if (found != -1)
        {
            _ = Advise(found, length, isLargePages ? AdviceLargePages : AdviceSmallPages);
            _start = _next = (found + LargePageSizeBytes - 1) & -LargePageSizeBytes;
            _end = found + length;
        }
    }

    /// <summary>Memory in large pages, for who fills it beside others and whole.</summary>
    public static NativeRegion InLargePages { get; } =
        new(ReservedSizeBytes, isLargePages: true, keptBytesMax: 0);

    /// <summary>Memory in small pages, each cleared when it is first written.</summary>
    public static NativeRegion InSmallPages { get; } =
        new(ReservedSizeBytes, isLargePages: false, KeptSizeBytesMax);

    /// <summary>The bytes of a piece of at least so many bytes.</summary>
    public static long PieceSizeBytes(long sizeBytes) =>
        (long)BitOperations.RoundUpToPowerOf2((ulong)Math.Max(sizeBytes, PieceSizeBytesMin));

    /// <summary>
    /// A piece of at least so many bytes, which are zero; given back once by
    /// <see cref="Return"/>.
    /// </summary>
    /// <exception cref="OutOfMemoryException">There is no memory.</exception>
    public nint Take(long sizeBytes)
    {
        nint size = checked((nint)PieceSizeBytes(sizeBytes));
        int order = BitOperations.Log2((nuint)size);
        lock (_gate)
        {
            if (_kept[order].TryPop(out nint known))
            {
                _keptSizeBytes -= size;
                return known;
            }

            if (_free[order].TryPop(out known))
            {
                return known;
            }

            // On a boundary of its size, or of large pages.
            nint boundary = Math.Min(size, LargePageSizeBytes);
            nint piece = (_next + boundary - 1) & -boundary;
            if (_start != 0 && size <= _end - piece)
            {
                _next = piece + size;
                return piece;
            }
        }

        return (nint)NativeMemory.AllocZeroed((nuint)size);
    }

    /// <summary>Takes a piece back, which nobody reads or writes any more.</summary>
    /// <param name="piece">The piece.</param>
    /// <param name="sizeBytes">The bytes that were asked for, or are in it.</param>
    public void Return(nint piece, long sizeBytes)
    {
        nint size = (nint)PieceSizeBytes(sizeBytes);
        if (piece < _start || piece >= _end)
        {
            NativeMemory.Free((void*)piece);
            return;
        }

        int order = BitOperations.Log2((nuint)size);
        if (size <= KeptPieceSizeBytesMax && TryKeep(piece, size, order))
        {
            return;
        }

        // The system takes the memory, and gives zeros when the piece is written again.
        if (Advise(piece, size, AdviceNotNeeded) != 0)
        {
            NativeMemory.Clear((void*)piece, (nuint)size);
        }

        if (IsGuarded && Protect(piece, size, protection: 0) == 0)
        {
            return;
        }

        lock (_gate)
        {
            _free[order].Push(piece);
        }
    }

    private static Stack<nint>[] Stacks() =>
        [.. Enumerable.Range(0, sizeof(nint) * 8).Select(static _ => new Stack<nint>())];

    // Room is taken before the piece is cleared, so that nobody waits for that.
    private bool TryKeep(nint piece, nint size, int order)
    {
        lock (_gate)
        {
            if (_keptSizeBytes + size > _keptSizeBytesMax)
            {
                return false;
            }

            _keptSizeBytes += size;
        }

        NativeMemory.Clear((void*)piece, (nuint)size);
        lock (_gate)
        {
            _kept[order].Push(piece);
        }

        return true;
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint Map(
        nint address, nint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(nint address, nint length, int protection);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint address, nint length, int advice);
}
