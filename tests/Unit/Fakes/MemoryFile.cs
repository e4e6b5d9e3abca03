namespace NeuroDb.Tests.Unit;

/// <summary>An open file of a <see cref="MemoryFileSystem"/>.</summary>
internal sealed class MemoryFile(
    MemoryFileSystem owner,
    string path,
    MemoryFileContent content,
    bool canWrite,
    bool writeThrough) : IFile
{
    private bool _disposed;

    /// <inheritdoc/>
    public string Path => path;

    /// <inheritdoc/>
    public long Length
    {
        get
        {
            lock (owner.Gate)
            {
                return content.Length;
            }
        }
    }

    /// <inheritdoc/>
    public int Read(long offset, Span<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        lock (owner.Gate)
        {
            int count = (int)Math.Clamp(content.Length - offset, 0, buffer.Length);
            content.Bytes.Slice((int)Math.Min(offset, content.Length), count).CopyTo(buffer);
            return count;
        }
    }

    /// <inheritdoc/>
    public void Write(long offset, ReadOnlySpan<byte> data)
    {
        CheckWritable();
        lock (owner.Gate)
        {
            FileOperationKind kind = writeThrough
                ? FileOperationKind.WriteThrough
                : FileOperationKind.Write;
            owner.Note(new FileOperation(
                kind, path, content.Id, offset, owner.KeepsJournal ? data.ToArray() : []));
            content.Write(offset, data);
        }
    }

    /// <inheritdoc/>
    public void Flush()
    {
        CheckWritable();
        lock (owner.Gate)
        {
            owner.Note(new FileOperation(FileOperationKind.Flush, path, content.Id, 0, []));
        }
    }

    /// <inheritdoc/>
    public void SetLength(long length)
    {
        CheckWritable();
        lock (owner.Gate)
        {
            owner.Note(
                new FileOperation(FileOperationKind.SetLength, path, content.Id, length, []));
            content.SetLength(length);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            owner.NoteClosed();
        }
    }

    private void CheckWritable()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!canWrite)
        {
            throw new IOException($"{path} is open for reading");
        }
    }
}
