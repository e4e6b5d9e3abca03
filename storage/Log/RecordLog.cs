namespace NeuroDb.Storage;

/// <summary>
/// The write-ahead log: opaque records, appended in groups, durable when <see cref="Write"/>
/// returns, given back in order when the log is opened. A group comes back whole or not at all.
/// One thread writes at a time. After a failed write the log is stopped: what the disk holds is
/// then known only to the next opening. Where the log begins is said by its owner, who moves the
/// start on when the records before it are kept elsewhere.
/// </summary>
internal sealed class RecordLog : IDisposable
{
    private readonly LogIdentity _identity;
    private readonly LogSegments _segments;
    private readonly LogAppender _appender;
    private readonly LogWatermark _watermark;
    private readonly FrameCipher? _cipher;
    private readonly int _unorderedSizeMin;
    private readonly Lock _endGate = new();
    private LogPosition _committedEnd;
    private LogPosition _tail;
    private byte[] _frame = new byte[LogFormat.BlockSizeBytes];
    private byte[] _sealed = [];
    private int _writing;
    private Exception? _stopCause;
    private bool _closed;

    private RecordLog(
        LogIdentity identity, LogSegments segments, LogAppender appender, LogWatermark watermark,
        FrameCipher? cipher, LogPosition tail, int unorderedSizeMin, LogRecoveryReport recovery)
    {
        _identity = identity;
        _segments = segments;
        _appender = appender;
        _watermark = watermark;
        _cipher = cipher;
        _tail = tail;
        _committedEnd = tail;
        _unorderedSizeMin = unorderedSizeMin;
        Recovery = recovery;
    }

    /// <summary>What opening found.</summary>
    public LogRecoveryReport Recovery { get; }

    /// <summary>Where the next frame begins; of the thread that writes.</summary>
    public long EndAddress => _tail.Address;

    /// <summary>
    /// Where the last completed <see cref="Write"/> ended: a place where the log may begin from
    /// now on, whose file is there. Any thread may ask.
    /// </summary>
    public LogPosition CommittedEnd
    {
        get
        {
            lock (_endGate)
            {
                return _committedEnd;
            }
        }
    }

    /// <summary>
    /// Makes the files of a new log, durable on return. The directory must hold no log: one that a
    /// crash left half made is removed by the caller, who knows that it was never used.
    /// </summary>
    public static void Create(
        SystemSeams seams,
        string directory,
        Guid databaseId,
        LogStart start,
        RecordLogOptions options)
    {
        options.Validate();
        Invariant.Check(start.IsSound);
        try
        {
            seams.Files.CreateDirectory(directory);
            LogWatermark.Create(
                seams.Files,
                Path.Combine(directory, LogFormat.WatermarkName),
                LogIdentity.Of(databaseId, start),
                start.Position);
            LogSegments.Create(seams, directory, start, options.GrowthStepBytes);
        }
        catch (Exception cause) when (IsFileError(cause))
        {
            throw InputOutput($"The log in {directory} cannot be made", cause);
        }
    }

    /// <summary>
    /// Verifies an existing log, replays all its records from the start on, cuts off what a crash
    /// left unfinished, removes files before the start, and makes the log ready. Damage is a
    /// <see cref="CorruptionException"/>; records already replayed must then be dropped by the
    /// caller.
    /// </summary>
    public static RecordLog Open(
        SystemSeams seams,
        string directory,
        Guid databaseId,
        LogStart start,
        RecordLogOptions options,
        IRecordReplay replay,
        KeyRing? keys = null)
    {
        options.Validate();
        FrameCipher? cipher = keys is null
            ? null
            : new FrameCipher(keys, LogIdentity.Of(databaseId, start));
        RecordLog? log = null;
        try
        {
            LogScanResult scan = LogScanner.Scan(
                seams.Files, directory, databaseId, start, replay, cipher);
            log = OpenFiles(seams, directory, start, options, scan, cipher);
            return log;
        }
        catch (Exception cause) when (IsFileError(cause))
        {
            throw InputOutput($"The log in {directory} cannot be opened", cause);
        }
        finally
        {
            if (log is null)
            {
                cipher?.Dispose();
            }
        }
    }

    /// <summary>Appends the group; durable on return. One caller at a time.</summary>
    public void Write(LogGroup group)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        ThrowIfStopped();
        Invariant.Check(group.RecordCount > 0, "a group holds a record");
        ReadOnlySpan<byte> content = group.Content;
        Invariant.Check(
            Interlocked.Exchange(ref _writing, 1) == 0, "one thread writes the log at a time");
        bool completed = false;
        try
        {
            if (content.Length < _unorderedSizeMin)
            {
                WriteFrames(content, FrameFlags.GroupStart, group.RecordCount);
                _watermark.Advance(_tail);
                _segments.GrowAhead(_tail.Address);
            }
            else
            {
                // No zeros ahead of the next one: large groups come in rows and need none.
                WriteUnordered(content, group.RecordCount);
                _watermark.Advance(_tail);
            }

            Commit();
            completed = true;
        }
        catch (Exception failure) when (IsFileError(failure))
        {
            _stopCause = failure;
            throw InputOutput("Writing the log failed; the database is stopped", failure);
        }
        finally
        {
            if (!completed)
            {
                _stopCause ??= Invariant.Broken("a write of the log was interrupted");
            }

            Volatile.Write(ref _writing, 0);
        }
    }

    /// <summary>
    /// Gives the space before a position back, in whole files; writes go on meanwhile. The owner
    /// has made durable that the log begins there, or later.
    /// </summary>
    public void RemoveBefore(LogPosition position)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        Invariant.Check(position.Address <= CommittedEnd.Address);
        try
        {
            _segments.RemoveBefore(position.Address);
        }
        catch (Exception cause) when (IsFileError(cause))
        {
            throw InputOutput("A file of the log that is not needed cannot be removed", cause);
        }
    }

    /// <summary>Closes the log cleanly; its end is then known exactly.</summary>
    public void Close()
    {
        if (_closed)
        {
            return;
        }

        Invariant.Check(Volatile.Read(ref _writing) == 0, "no write is running");
        try
        {
            if (_stopCause is null)
            {
                _watermark.Close(_tail);
            }
        }
        catch (Exception cause) when (IsFileError(cause))
        {
            throw InputOutput("The end of the log could not be noted", cause);
        }
        finally
        {
            _closed = true;
            _appender.Dispose();
            _segments.Dispose();
            _watermark.Dispose();
            _cipher?.Dispose();
        }
    }

    /// <summary>
    /// Closes the log. That its end could not be noted is no loss, since all that was acknowledged
    /// is durable, so it raises no error here.
    /// </summary>
    public void Dispose()
    {
        try
        {
            Close();
        }
        catch (NeuroStoreException failure) when (failure.Code == ErrorCode.InputOutput)
        {
            _stopCause ??= failure;
        }
    }

    private int Overhead => _cipher is null ? 0 : FrameCipher.OverheadBytes;

    private static RecordLog OpenFiles(
        SystemSeams seams,
        string directory,
        in LogStart start,
        RecordLogOptions options,
        LogScanResult scan,
        FrameCipher? cipher)
    {
        LogSegments? segments = null;
        LogAppender? appender = null;
        RecordLog? log = null;
        try
        {
            segments = LogSegments.Open(
                seams, directory, start, options.GrowthStepBytes, scan.Extent);

            // Last frame first, each in one durable write: whatever a crash leaves of this is
            // again a log with an unfinished end.
            for (int i = scan.Cuts.Count - 1; i >= 0; i--)
            {
                segments.Write(scan.Cuts[i].Address, new byte[scan.Cuts[i].SizeBytes]);
            }

            string watermarkPath = Path.Combine(directory, LogFormat.WatermarkName);
            appender = new LogAppender(segments, scan.Identity, scan.End.Address);
            log = new RecordLog(
                scan.Identity,
                segments,
                appender,
                LogWatermark.Open(seams.Files, watermarkPath, scan.Identity),
                cipher,
                scan.End,
                options.UnorderedSizeBytesMin,
                scan.Report);
            return log;
        }
        finally
        {
            CloseUnless(log is not null, segments, appender);
        }
    }

    private static void CloseUnless(bool isOpen, LogSegments? segments, LogAppender? appender)
    {
        if (!isOpen)
        {
            appender?.Dispose();
            segments?.Dispose();
        }
    }

    // The first frame says how far the rest reaches and is durable before any of the rest is
    // written; then the system may write the rest in any order, until one flush ends the group.
    private void WriteUnordered(ReadOnlySpan<byte> content, int recordCount)
    {
        int first = LogFormat.PayloadCapacity(blockCount: 1) - Overhead;
        Invariant.Check(content.Length > first);
        int blocks = LogFormat.BlockCount(
            _tail.Address + LogFormat.BlockSizeBytes,
            _identity.PageSizeBytes,
            content.Length - first,
            Overhead);
        _segments.BeginUnordered();
        AppendFrame(content[..first], FrameFlags.GroupStart, 0, blocks);
        _segments.FlushUnordered();
        WriteFrames(content[first..], FrameFlags.None, recordCount);
        _segments.EndUnordered();
    }

    private ReadOnlySpan<byte> Seal(in FrameHeader header, ReadOnlySpan<byte> content)
    {
        Invariant.Check(_cipher is not null);
        if (_sealed.Length < header.PayloadLength)
        {
            _sealed = new byte[Math.Min(2 * header.PayloadLength, _identity.PageSizeBytes)];
        }

        Span<byte> payload = _sealed.AsSpan(0, header.PayloadLength);
        _cipher.Seal(header, _tail.Address, content, payload);
        return payload;
    }

    private void WriteFrames(ReadOnlySpan<byte> content, FrameFlags flags, int recordCount)
    {
        while (!content.IsEmpty)
        {
            int count = LogFormat.FrameContent(
                _tail.Address, _identity.PageSizeBytes, content.Length, Overhead);
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
        if (_frame.Length < size)
        {
            _frame = new byte[Math.Min(2 * size, _identity.PageSizeBytes)];
        }

        Span<byte> frame = _frame.AsSpan(0, size);
        var header = new FrameHeader(
            flags,
            length,
            _tail.Lsn + 1,
            _tail.Chain,
            _identity.Epoch,
            recordCount,
            unorderedBlocks);
        ReadOnlySpan<byte> payload = _cipher is null ? content : Seal(header, content);
        uint chain = FrameCodec.Encode(frame, _tail.Address, header, _identity, payload);
        _segments.EnsureWritten(_tail.Address + size);
        _appender.Append(frame, _tail.Address);
        _tail = new LogPosition(_tail.Address + size, header.Lsn, chain);
    }

    // The log may begin at every committed end, so the file that holds it must be there.
    private void Commit()
    {
        if (_tail.Address % _identity.SegmentSizeBytes == 0)
        {
            _segments.EnsureWritten(_tail.Address + 1);
        }

        lock (_endGate)
        {
            _committedEnd = _tail;
        }
    }

    private void ThrowIfStopped()
    {
        if (_stopCause is not null)
        {
            throw new NeuroStoreException(
                ErrorCode.DatabaseStopped,
                "The database is stopped because an earlier write of the log failed: "
                + $"{_stopCause.Message} Close it and open it again.",
                innerException: _stopCause);
        }
    }

    private static bool IsFileError(Exception error) =>
        error is IOException or UnauthorizedAccessException;

    private static NeuroStoreException InputOutput(string what, Exception cause) => new(
        ErrorCode.InputOutput, $"{what}: {cause.Message}", innerException: cause);
}
