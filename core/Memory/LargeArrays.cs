using System.Numerics;
using System.Runtime.CompilerServices;

namespace NeuroDb;

/// <summary>
/// Large arrays that are used one after the other instead of being allocated: memory that the
/// system gives anew costs more to touch for the first time than most operators do with it. What
/// is returned is kept up to a bound, until it was not asked for in a while or memory is short.
/// Whoever rents an array owns it alone until it is returned; one that is never returned is
/// collected as any other. Any thread may call.
/// </summary>
internal sealed class LargeArrays : IDisposable
{
    /// <summary>Arrays of fewer bytes are allocated and collected as usual.</summary>
    public const int SizeBytesMin = 1 << 16;

    private const int StepsPerDoubling = 4;
    private const int KeptCountMax = 512;
    private const double ShortMemoryShare = 0.9;

    // What was returned in one round is let go at the end of the next one.
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(10);

    private readonly List<Kept> _kept = [];
    private readonly long _keptSizeBytesMax;
    private readonly TimeProvider _clock;
    private ITimer? _timer;
    private int _round;
    private bool _isDisposed;

    /// <summary>Keeps arrays of at most so many bytes together.</summary>
    public LargeArrays(long keptSizeBytesMax, TimeProvider clock)
    {
        _keptSizeBytesMax = keptSizeBytesMax;
        _clock = clock;
    }

    /// <summary>Keeps nothing.</summary>
    public static LargeArrays None { get; } = new(0, TimeProvider.System);

    /// <summary>The bytes of the arrays that are kept.</summary>
    public long KeptSizeBytes { get; private set; }

    /// <summary>
    /// An array of at least a length, a power of two exactly; its elements are zero if asked for
    /// and unspecified otherwise.
    /// </summary>
    public T[] Rent<T>(int length, bool isCleared)
    {
        if (!IsLarge<T>(length))
        {
            return new T[length];
        }

        int rounded = Rounded(length);
        if (TryTake<T>(rounded) is { } known)
        {
            if (isCleared)
            {
                known.AsSpan().Clear();
            }

            return known;
        }

        return isCleared ? new T[rounded] : GC.AllocateUninitializedArray<T>(rounded);
    }

    /// <summary>
    /// Replaces an array that was rented by a longer one with its elements; the others are zero.
    /// </summary>
    public void Resize<T>(ref T[] array, int length)
    {
        T[] longer;
        int rounded = Rounded(length);
        if (!IsLarge<T>(length))
        {
            longer = new T[length];
        }
        else if (TryTake<T>(rounded) is { } known)
        {
            longer = known;
            longer.AsSpan(array.Length).Clear();
        }
        else
        {
            longer = new T[rounded];
        }

        array.CopyTo(longer, 0);
        Return(array);
        array = longer;
    }

    /// <summary>Takes an array back, which nobody reads or writes any more.</summary>
    public void Return<T>(T[] array)
    {
        long size = (long)array.Length * Unsafe.SizeOf<T>();
        if (!IsLarge<T>(array.Length) || Rounded(array.Length) != array.Length
            || size > _keptSizeBytesMax)
        {
            return;
        }

        if (RuntimeHelpers.IsReferenceOrContainsReferences<T>())
        {
            array.AsSpan().Clear();
        }

        GCMemoryInfo memory = GC.GetGCMemoryInfo();
        bool isShort = memory.MemoryLoadBytes
            > ShortMemoryShare * memory.TotalAvailableMemoryBytes;
        lock (_kept)
        {
            if (_isDisposed || isShort)
            {
                Forget(_kept.Count);
                return;
            }

            int oldest = 0;
            long left = KeptSizeBytes;
            while (left + size > _keptSizeBytesMax || _kept.Count - oldest >= KeptCountMax)
            {
                left -= _kept[oldest++].SizeBytes;
            }

            Forget(oldest);
            _kept.Add(new Kept(array, size, _round));
            KeptSizeBytes += size;
            _timer ??= _clock.CreateTimer(
                static pool => ((LargeArrays)pool!).EndRound(),
                this,
                Round,
                Timeout.InfiniteTimeSpan);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_kept)
        {
            _isDisposed = true;
            Forget(_kept.Count);
            _timer?.Dispose();
            _timer = null;
        }
    }

    private static bool IsLarge<T>(int length) =>
        (long)length * Unsafe.SizeOf<T>() >= SizeBytesMin;

    // To a power of two or one of the quarters between two of them, so that lengths meet again.
    private static int Rounded(int length)
    {
        int step = Math.Max(1, (1 << BitOperations.Log2((uint)length)) / StepsPerDoubling);
        long rounded = ((long)length + step - 1) / step * step;
        return (int)Math.Min(rounded, Array.MaxLength);
    }

    private T[]? TryTake<T>(int length)
    {
        if (_keptSizeBytesMax == 0)
        {
            return null;
        }

        lock (_kept)
        {
            for (int i = _kept.Count - 1; i >= 0; i--)
            {
                Kept kept = _kept[i];
                if (kept.Array.Length == length && kept.Array.GetType() == typeof(T[]))
                {
                    KeptSizeBytes -= kept.SizeBytes;
                    _kept.RemoveAt(i);
                    return (T[])kept.Array;
                }
            }

            return null;
        }
    }

    private void Forget(int count)
    {
        for (int i = 0; i < count; i++)
        {
            KeptSizeBytes -= _kept[i].SizeBytes;
        }

        _kept.RemoveRange(0, count);
    }

    private void EndRound()
    {
        lock (_kept)
        {
            int unused = 0;
            while (unused < _kept.Count && _kept[unused].Round < _round)
            {
                unused++;
            }

            Forget(unused);
            _round++;
            if (_kept.Count > 0)
            {
                _timer?.Change(Round, Timeout.InfiniteTimeSpan);
                return;
            }

            _timer?.Dispose();
            _timer = null;
        }
    }

    private readonly record struct Kept(Array Array, long SizeBytes, int Round);
}
