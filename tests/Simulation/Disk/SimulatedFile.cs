namespace NeuroDb.Tests.Simulation;

/// <summary>An open file of a <see cref="SimulatedFileSystem"/>.</summary>
internal sealed class SimulatedFile(
    SimulatedFileSystem owner,
    string path,
    int id,
    PagedBytes bytes,
    bool canWrite,
    bool writeThrough) : IFile
{
    private readonly SimulatedDisk _disk = owner.Disk;
    private bool _isClosed;

    /// <inheritdoc/>
    public string Path => path;

    /// <inheritdoc/>
    public long Length
    {
        get
        {
            lock (_disk.Gate)
            {
                CheckReadable();
                return bytes.Length;
            }
        }
    }

    /// <inheritdoc/>
    public int Read(long offset, Span<byte> buffer)
    {
        lock (_disk.Gate)
        {
            CheckReadable();
            return bytes.Read(offset, buffer);
        }
    }

    /// <inheritdoc/>
    public void Write(long offset, ReadOnlySpan<byte> data)
    {
        lock (_disk.Gate)
        {
            if (IsDead())
            {
                return;
            }

            bool fails = _disk.Faults.Fails(DiskCallKind.Write);
            if (fails)
            {
                // A write that fails may have written a part, of whole sectors.
                long end = offset + (data.Length / 2);
                end -= end % DiskState.SectorSizeBytes;
                data = data[..(int)Math.Max(0, end - offset)];
            }

            _disk.Grow(Math.Max(0, offset + data.Length - bytes.Length));
            DiskOperationKind kind = writeThrough && !fails
                ? DiskOperationKind.WriteThrough
                : DiskOperationKind.Write;
            _disk.Note(kind, path, id, offset, data);
            bytes.Write(offset, data);
            if (fails)
            {
                throw DiskFaults.Error(DiskCallKind.Write, path);
            }
        }
    }

    /// <inheritdoc/>
    public void Flush()
    {
        lock (_disk.Gate)
        {
            if (IsDead())
            {
                return;
            }

            if (_disk.Faults.Fails(DiskCallKind.Flush))
            {
                _disk.Note(DiskOperationKind.FailedFlush, path, id, _disk.OperationCount);
                throw DiskFaults.Error(DiskCallKind.Flush, path);
            }

            _disk.Note(DiskOperationKind.Flush, path, id);
        }
    }

    /// <inheritdoc/>
    public void SetLength(long length)
    {
        lock (_disk.Gate)
        {
            if (IsDead())
            {
                return;
            }

            owner.ThrowIfFailing(DiskCallKind.SetLength, path);
            _disk.Grow(length - bytes.Length);
            _disk.Note(DiskOperationKind.SetLength, path, id, length);
            bytes.SetLength(length);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_isClosed)
        {
            _isClosed = true;
            owner.NoteClosed();
        }
    }

    private void CheckReadable()
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        owner.CheckAlive();
        owner.ThrowIfFailing(DiskCallKind.Read, path);
    }

    /// <summary>What a killed process still writes goes nowhere.</summary>
    private bool IsDead()
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        return !canWrite
            ? throw new UnauthorizedAccessException($"{path} is open for reading")
            : !owner.IsAlive;
    }
}
