namespace NeuroDb.Storage;

/// <summary>
/// The end of an open log: lays records out in frames and appends them. Owned by the
/// <see cref="RecordLog"/>, used by the one thread that writes.
/// </summary>
internal sealed class LogTail : IDisposable
{
    private readonly LogSegments _segments;
    private readonly LogIdentity _identity;
    private readonly FrameCipher? _cipher;
    private LogAppender? _appender;
    private LogPosition _position;

    // Outside of the collector's heap: an array of a page would have a collection begin.
    private NativeArray<byte>? _frame;
    private byte[] _sealed = [];

    /// <summary>Goes on where a log ends.</summary>
    /// <param name="segments">The files of the log.</param>
    /// <param name="identity">What all its frames carry.</param>
    /// <param name="cipher">Encrypts them, or null; of the caller.</param>
    /// <param name="position">Where the log ends.</param>
    public LogTail(
        LogSegments segments, LogIdentity identity, FrameCipher? cipher, LogPosition position)
    {
        _segments = segments;
        _identity = identity;
        _cipher = cipher;
        _position = position;
    }

    /// <summary>Where the next frame begins, and which frame it follows.</summary>
    public LogPosition Position => _position;

    /// <summary>Appends a group, each of its frames in one durable write.</summary>
    public void Append(ReadOnlySpan<byte> content, int recordCount) =>
        WriteFrames(content, FrameFlags.GroupStart, recordCount);

    /// <summary>
    /// Appends a group with as few flushes as possible. The first frame says how far the rest
    /// reaches and is durable before any of the rest is written; then the system may write the rest
    /// in any order, until one flush ends the group.
    /// </summary>
    public void AppendUnordered(ReadOnlySpan<byte> content, int recordCount)
    {
        int first = LogFormat.PayloadCapacity(blockCount: 1) - Overhead;
        Invariant.Check(content.Length > first);
        int blocks = LogFormat.BlockCount(
            _position.Address + LogFormat.BlockSizeBytes,
            _identity.PageSizeBytes,
            content.Length - first,
            Overhead);
        _segments.BeginUnordered();
        AppendFrame(content[..first], FrameFlags.GroupStart, 0, blocks);
        _segments.FlushUnordered();
        WriteFrames(content[first..], FrameFlags.None, recordCount);
        _segments.EndUnordered();
    }

    /// <summary>Lets the next frame stand at a later address, in a file of its own.</summary>
    public void MoveTo(long address)
    {
        Invariant.Check(address > _position.Address && address % _identity.SegmentSizeBytes == 0);
        _appender?.Dispose();
        _appender = null;
        _position = _position with { Address = address };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _appender?.Dispose();
        _frame?.Free();
    }

    private int Overhead => _cipher is null ? 0 : FrameCipher.OverheadBytes;

    private ReadOnlySpan<byte> Seal(in FrameHeader header, ReadOnlySpan<byte> content)
    {
        Invariant.Check(_cipher is not null);
        if (_sealed.Length < header.PayloadLength)
        {
            _sealed = new byte[Math.Min(2 * header.PayloadLength, _identity.PageSizeBytes)];
        }

        Span<byte> payload = _sealed.AsSpan(0, header.PayloadLength);
        _cipher.Seal(header, _position.Address, content, payload);
        return payload;
    }

    private void WriteFrames(ReadOnlySpan<byte> content, FrameFlags flags, int recordCount)
    {
        while (!content.IsEmpty)
        {
            int count = LogFormat.FrameContent(
                _position.Address, _identity.PageSizeBytes, content.Length, Overhead);
            bool isLast = count == content.Length;
            flags |= isLast ? FrameFlags.GroupEnd : FrameFlags.None;
            AppendFrame(content[..count], flags, isLast ? recordCount : 0, 0);
            content = content[count..];
            flags = FrameFlags.None;
        }
    }

    private void AppendFrame(
        ReadOnlySpan<byte> content, FrameFlags flags, int recordCount, int unorderedBlocks)
    {
        int length = content.Length + Overhead;
        int size = LogFormat.BlockCount(length) * LogFormat.BlockSizeBytes;
        if (_frame is null || _frame.Length < size)
        {
            _frame?.Free();
            _frame = new NativeArray<byte>(
                Math.Min(2 * size, _identity.PageSizeBytes), NativeRegion.InSmallPages);
        }

        Span<byte> frame = _frame.Span[..size];
        var header = new FrameHeader(
            flags,
            length,
            _position.Lsn + 1,
            _position.Chain,
            _identity.Epoch,
            recordCount,
            unorderedBlocks);
        ReadOnlySpan<byte> payload = _cipher is null ? content : Seal(header, content);
        uint chain = FrameCodec.Encode(frame, _position.Address, header, _identity, payload);
        _segments.EnsureWritten(_position.Address + size);

        // Made late: a database that is only read, and most openings do no more, needs none.
        _appender ??= new LogAppender(_segments, _identity, _position.Address);
        _appender.Append(frame, _position.Address);
        _position = new LogPosition(_position.Address + size, header.Lsn, chain);
    }
}
