namespace NeuroDb;

/// <summary>
/// A piece of a region, which goes back there when its owner says so or when nothing refers to this
/// object any more. The collector keeps a list of all objects that are to hear of that, behind a
/// lock: whoever makes one while another thread does may sleep for milliseconds. So those whose
/// piece went back are used again.
/// </summary>
internal sealed class NativePiece
{
    private const int SpareCountMax = 4096;
    private static readonly Stack<NativePiece> Spare = new(SpareCountMax);
    private NativeRegion _region;
    private long _sizeBytes;
    private nint _first;
    private bool _isWaiting;

    private NativePiece(NativeRegion region) => _region = region;

    /// <summary>Gives a forgotten piece back.</summary>
    ~NativePiece() => TryFree();

    /// <summary>The first byte.</summary>
    public nint First => _first;

    /// <summary>Takes a piece of at least so many bytes, which are zero.</summary>
    public static NativePiece Take(NativeRegion region, long sizeBytes)
    {
        NativePiece? piece;
        lock (Spare)
        {
            Spare.TryPop(out piece);
        }

        piece ??= new NativePiece(region);
        piece._region = region;
        piece._sizeBytes = sizeBytes;
        piece._first = region.Take(sizeBytes);
        return piece;
    }

    /// <summary>Says, once or more often, that only the collector will give it back.</summary>
    public void Wait()
    {
        if (!Interlocked.Exchange(ref _isWaiting, true))
        {
            LentMemory.Wait(_sizeBytes);
        }
    }

    /// <summary>
    /// Gives the memory back; by the owner, who forgets this object, as it may get another one.
    /// </summary>
    public void Return()
    {
        // One that the collector has given back is not on its list any more.
        if (TryFree())
        {
            lock (Spare)
            {
                if (Spare.Count < SpareCountMax)
                {
                    Spare.Push(this);
                }
            }
        }
    }

    private bool TryFree()
    {
        nint memory = Interlocked.Exchange(ref _first, 0);
        if (memory == 0)
        {
            return false;
        }

        _region.Return(memory, _sizeBytes);
        if (_isWaiting)
        {
            _isWaiting = false;
            LentMemory.EndWait(_sizeBytes);
        }

        return true;
    }
}
