namespace NeuroDb;

/// <summary>
/// An open BLOB or TEXT, read at any place in pieces of any size; of a text the bytes in UTF-8. Of
/// a large value only what is asked for is read. Use it before the reader that it came from, or its
/// transaction, ends; by one thread at a time.
/// </summary>
public sealed class ValueReader : IDisposable
{
    private readonly ILargeValueReader? _large;
    private readonly ReadOnlyMemory<byte> _bytes;
    private bool _isDisposed;

    /// <summary>Reads a large value, which it takes over.</summary>
    internal ValueReader(ILargeValueReader large) => _large = large;

    /// <summary>Reads a value in memory.</summary>
    internal ValueReader(ReadOnlyMemory<byte> bytes) => _bytes = bytes;

    /// <summary>The bytes of the value.</summary>
    public long Length => _large?.Length ?? _bytes.Length;

    /// <summary>Reads from a place up to the end of the buffer or of the value.</summary>
    /// <param name="offset">The place, from 0; at or behind the end nothing is read.</param>
    /// <param name="buffer">Takes the bytes.</param>
    /// <returns>The bytes read; less than asked only at the end of the value.</returns>
    public int Read(long offset, Span<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        if (_large is not null)
        {
            return _large.Read(offset, buffer);
        }

        int start = (int)Math.Min(offset, _bytes.Length);
        int size = Math.Min(buffer.Length, _bytes.Length - start);
        _bytes.Span.Slice(start, size).CopyTo(buffer);
        return size;
    }

    /// <summary>Closes the value.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        _large?.Dispose();
    }
}
