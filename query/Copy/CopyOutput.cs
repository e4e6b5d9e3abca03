using System.Buffers;

namespace NeuroDb.Query;

/// <summary>
/// A file written from its beginning to its end through one buffer. It takes its name when it is
/// completed; without that nothing of it stays.
/// </summary>
internal sealed class CopyOutput(IFile file, IFileSystem files, string partial, string path)
    : IBufferWriter<byte>, IDisposable
{
    private const int SizeBytes = 256 * 1024;
    private byte[] _buffer = new byte[SizeBytes];
    private int _count;
    private long _offset;
    private bool _isComplete;

    /// <summary>The path it will have.</summary>
    public string Path { get; } = path;

    /// <summary>The bytes given so far.</summary>
    public long Written => _offset + _count;

    /// <inheritdoc/>
    public void Advance(int count)
    {
        Invariant.Check(count >= 0 && _count + count <= _buffer.Length);
        _count += count;
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _buffer.AsMemory(_count);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _buffer.AsSpan(_count);
    }

    /// <summary>Writes over bytes that were given before, such as a header.</summary>
    public void Rewrite(long offset, ReadOnlySpan<byte> bytes)
    {
        Flush();
        Invariant.Check(offset + bytes.Length <= _offset);
        file.Write(offset, bytes);
    }

    /// <summary>Makes the file durable and gives it its name.</summary>
    public void Complete()
    {
        Invariant.Check(!_isComplete);
        Flush();
        file.Flush();
        file.Dispose();
        files.Move(partial, Path);
        _isComplete = true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_isComplete)
        {
            file.Dispose();
            files.Delete(partial);
        }
    }

    private void Reserve(int count)
    {
        if (_buffer.Length - _count >= count)
        {
            return;
        }

        Flush();
        if (_buffer.Length < count)
        {
            _buffer = new byte[count];
        }
    }

    private void Flush()
    {
        file.Write(_offset, _buffer.AsSpan(0, _count));
        _offset += _count;
        _count = 0;
    }
}
