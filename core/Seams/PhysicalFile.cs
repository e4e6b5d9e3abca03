using Microsoft.Win32.SafeHandles;

namespace NeuroDb;

/// <summary>
/// A file of the operating system. Large aligned writes bypass the system's cache if the device
/// can do that; readers see them all the same.
/// </summary>
internal sealed class PhysicalFile(string path, SafeFileHandle handle, bool isWriteThrough)
    : IFile
{
    // A write to the device costs a round trip to it, which a durable one pays in any case.
    private const int DirectSizeBytesMin = 256 * 1024;
    private readonly object _opening = new();
    private SafeFileHandle? _direct;
    private bool _isDirectTried;
    private volatile bool _isDirectRefused;

    /// <inheritdoc/>
    public string Path { get; } = path;

    /// <inheritdoc/>
    public long Length => RandomAccess.GetLength(handle);

    /// <inheritdoc/>
    public int Read(long offset, Span<byte> buffer)
    {
        int total = 0;
        while (total < buffer.Length)
        {
            int read = RandomAccess.Read(handle, buffer[total..], offset + total);
            if (read == 0)
            {
                break;
            }

            total += read;
        }

        return total;
    }

    /// <inheritdoc/>
    public void Write(long offset, ReadOnlySpan<byte> data)
    {
        bool isLarge = isWriteThrough || data.Length >= DirectSizeBytesMin;
        if (!isLarge || !DirectFile.IsAligned(offset, data) || !TryWriteDirect(offset, data))
        {
            RandomAccess.Write(handle, data, offset);
        }
    }

    /// <inheritdoc/>
    public void Flush() => RandomAccess.FlushToDisk(handle);

    /// <inheritdoc/>
    public void SetLength(long length) => RandomAccess.SetLength(handle, length);

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_opening)
        {
            _isDirectTried = true;
            _direct?.Dispose();
            _direct = null;
        }

        handle.Dispose();
    }

    private bool TryWriteDirect(long offset, ReadOnlySpan<byte> data)
    {
        SafeFileHandle? direct = Direct();
        if (direct is null || _isDirectRefused)
        {
            return false;
        }

        try
        {
            RandomAccess.Write(direct, data, offset);
            return true;
        }
        catch (IOException failure) when (failure.HResult == DirectFile.InvalidArgument)
        {
            _isDirectRefused = true;
            return false;
        }
    }

    private SafeFileHandle? Direct()
    {
        if (!Volatile.Read(ref _isDirectTried))
        {
            lock (_opening)
            {
                if (!_isDirectTried)
                {
                    _direct = DirectFile.TryOpen(handle, isWriteThrough);
                    Volatile.Write(ref _isDirectTried, true);
                }
            }
        }

        return _direct;
    }
}
