namespace NeuroDb.Storage;

/// <summary>
/// Reads one large value page by page and checks each; the page read last is kept, so that small
/// pieces cost one reading. Whoever reads all pages in their order also learns whether they are
/// those of the reference. One thread.
/// </summary>
internal sealed class LargeValueReader : ILargeValueReader
{
    private readonly IFile _file;
    private readonly PageGuard _guard;
    private readonly LargeReference _reference;
    private readonly byte[] _page;
    private long _pageNumber = -1;
    private int _pageSize;
    private long _nextInOrder;
    private uint _sealsCrc;
    private bool _isDisposed;

    private LargeValueReader(IFile file, PageGuard guard, in LargeReference reference)
    {
        _file = file;
        _guard = guard;
        _reference = reference;
        long size = Math.Min(LargeValueFormat.PageSizeBytes, reference.SizeBytes);
        _page = new byte[(int)size + guard.SealSizeBytes];
    }

    /// <inheritdoc/>
    public long Length => _reference.SizeBytes;

    /// <summary>Opens a file and checks that it is the one of the reference.</summary>
    public static LargeValueReader Open(
        IFileSystem files, string path, Guid databaseId, KeyRing? keys, in LargeReference reference)
    {
        IFile file = files.Open(path, FileOpenKind.Read);
        PageGuard? guard = null;
        bool isOpen = false;
        try
        {
            var header = new byte[LargeValueFormat.HeaderSizeBytes];
            if (file.Read(0, header) != header.Length)
            {
                throw new CorruptionException(path, 0, "the large value ends in its header");
            }

            uint stamp = LargeValueFormat.StampOf(header);
            guard = LargeValueFormat.GuardOf(keys, databaseId, reference.Number, stamp);
            byte[] expected = LargeValueFormat.Header(
                databaseId,
                reference.Number,
                guard.SealSizeBytes,
                stamp,
                LargeValueFormat.SaltOf(header));
            if (!header.AsSpan().SequenceEqual(expected)
                || LargeValueFormat.CrcOf(header) != reference.HeaderCrc
                || !guard.TryResume(LargeValueFormat.SaltOf(header)))
            {
                throw new CorruptionException(
                    path, 0, "this is not the large value that its row names");
            }

            long length = LargeValueFormat.FileLengthOf(reference.SizeBytes, guard.SealSizeBytes);
            if (file.Length != length)
            {
                throw new CorruptionException(
                    path,
                    Math.Min(file.Length, length),
                    $"the large value has {file.Length} bytes, not {length}");
            }

            isOpen = true;
            return new LargeValueReader(file, guard, reference);
        }
        finally
        {
            if (!isOpen)
            {
                guard?.Dispose();
                file.Dispose();
            }
        }
    }

    /// <inheritdoc/>
    public int Read(long offset, Span<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        Invariant.Check(offset >= 0);
        int read = 0;
        while (read < buffer.Length && offset < Length)
        {
            Load(offset / LargeValueFormat.PageSizeBytes);
            int start = (int)(offset % LargeValueFormat.PageSizeBytes);
            int size = Math.Min(_pageSize - start, buffer.Length - read);
            _page.AsSpan(start, size).CopyTo(buffer[read..]);
            read += size;
            offset += size;
        }

        return read;
    }

    /// <summary>Reads all pages.</summary>
    public void Verify(CancellationToken cancellation)
    {
        _nextInOrder = 0;
        _sealsCrc = 0;
        _pageNumber = -1;
        for (long page = 0; page < LargeValueFormat.PageCountOf(Length); page++)
        {
            cancellation.ThrowIfCancellationRequested();
            Load(page);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            _guard.Dispose();
            _file.Dispose();
        }
    }

    private void Load(long page)
    {
        if (page == _pageNumber)
        {
            return;
        }

        _pageNumber = -1;
        int sealSize = _guard.SealSizeBytes;
        int size = (int)Math.Min(
            LargeValueFormat.PageSizeBytes, Length - (page * LargeValueFormat.PageSizeBytes));
        long offset = LargeValueFormat.OffsetOf(page, sealSize);
        Span<byte> stored = _page.AsSpan(0, size + sealSize);
        Span<byte> seal = stored[size..];
        if (ReadFile(offset, stored) != stored.Length)
        {
            throw new CorruptionException(_file.Path, offset, "the large value ends early");
        }

        if (page == _nextInOrder)
        {
            _sealsCrc = Crc32C.Compute(seal, _sealsCrc);
            _nextInOrder++;
        }

        if (!_guard.TryOpen(page, stored[..size], seal)
            || (_nextInOrder == LargeValueFormat.PageCountOf(Length)
                && page == _nextInOrder - 1
                && _sealsCrc != _reference.SealsCrc))
        {
            throw new CorruptionException(
                _file.Path, offset, "a page of the large value fails its check");
        }

        _pageNumber = page;
        _pageSize = size;
    }

    private int ReadFile(long offset, Span<byte> buffer)
    {
        try
        {
            return _file.Read(offset, buffer);
        }
        catch (IOException cause)
        {
            throw new NeuroStoreException(
                ErrorCode.InputOutput,
                $"The large value {_file.Path} cannot be read: {cause.Message}",
                innerException: cause);
        }
    }
}
