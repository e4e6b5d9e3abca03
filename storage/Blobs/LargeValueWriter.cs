using System.Globalization;

namespace NeuroDb.Storage;

/// <summary>
/// Writes one large value into a new file, from its start to its end, with two buffers of a few
/// pages whatever its size. One thread. A file that is not completed is removed on disposal; one
/// that is complete is flushed, and whoever commits its reference flushes the directory.
/// </summary>
internal sealed class LargeValueWriter : IDisposable
{
    private const int BufferedPageCount = 16;
    private readonly LargeValueStore _store;
    private readonly IFile _file;
    private readonly PageGuard _guard;
    private readonly byte[] _buffer;
    private readonly uint _headerCrc;
    private int _used;
    private int _pageStart;
    private long _position;
    private long _page;
    private uint _sealsCrc;
    private bool _isComplete;
    private bool _isDisposed;

    /// <summary>Makes the file.</summary>
    internal LargeValueWriter(
        LargeValueStore store, IFile file, PageGuard guard, long number, byte[] header)
    {
        Number = number;
        _store = store;
        _file = file;
        _guard = guard;
        _headerCrc = LargeValueFormat.CrcOf(header);
        int stride = LargeValueFormat.PageSizeBytes + guard.SealSizeBytes;
        _buffer = new byte[header.Length + (BufferedPageCount * stride)];
        header.CopyTo(_buffer, 0);
        _used = _pageStart = header.Length;
    }

    /// <summary>The number of the file.</summary>
    public long Number { get; }

    /// <summary>The bytes written so far.</summary>
    public long SizeBytes { get; private set; }

    /// <summary>Appends bytes.</summary>
    public void Write(ReadOnlySpan<byte> data)
    {
        Invariant.Check(!_isComplete && !_isDisposed);
        if (SizeBytes + data.Length > _store.SizeBytesMax)
        {
            throw new ResourceLimitException(ErrorCode.ResourceLimit, string.Create(
                CultureInfo.InvariantCulture,
                $"A value of more than {_store.SizeBytesMax} bytes (2 GiB at most) cannot be "
                + $"stored. Store it in parts."));
        }

        SizeBytes += data.Length;
        while (!data.IsEmpty)
        {
            int room = _pageStart + LargeValueFormat.PageSizeBytes - _used;
            int size = Math.Min(room, data.Length);
            data[..size].CopyTo(_buffer.AsSpan(_used));
            _used += size;
            data = data[size..];
            if (size == room)
            {
                EndPage();
            }
        }
    }

    /// <summary>Ends and flushes the file.</summary>
    /// <param name="characterCount">The code points of a text; 0 for a blob.</param>
    public LargeReference Complete(long characterCount = 0)
    {
        Invariant.Check(!_isComplete && !_isDisposed);
        if (_used > _pageStart)
        {
            EndPage();
        }

        WriteBuffer();
        _store.Guarded(_file.Flush);
        _isComplete = true;
        var reference = new LargeReference(
            Number, SizeBytes, characterCount, _headerCrc, _sealsCrc);
        _store.Complete(reference);
        return reference;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        _file.Dispose();
        _guard.Dispose();
        if (!_isComplete)
        {
            _store.Abandon(Number);
        }
    }

    private void EndPage()
    {
        Span<byte> seal = _buffer.AsSpan(_used, _guard.SealSizeBytes);
        _guard.Seal(_page++, _buffer.AsSpan(_pageStart.._used), seal);
        _sealsCrc = Crc32C.Compute(seal, _sealsCrc);
        _used += seal.Length;
        _pageStart = _used;
        if (_buffer.Length - _used < LargeValueFormat.PageSizeBytes + seal.Length)
        {
            WriteBuffer();
        }
    }

    private void WriteBuffer()
    {
        if (_used > 0)
        {
            _store.Guarded(() => _file.Write(_position, _buffer.AsSpan(0, _used)));
            _position += _used;
            _used = _pageStart = 0;
        }
    }
}
