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
    private readonly int _segmentSizeBytes;
    private readonly LogSegments _segments;
    private readonly LogTail _tail;
    private readonly LogWatermark _watermark;
    private readonly FrameCipher? _cipher;
    private readonly int _unorderedSizeMin;
    private readonly Lock _endGate = new();
    private LogPosition _committedEnd;
    private int _writing;
    private Exception? _stopCause;
    private bool _closed;

    private RecordLog(
        int segmentSizeBytes, LogSegments segments, LogTail tail, LogWatermark watermark,
        FrameCipher? cipher, int unorderedSizeMin, LogRecoveryReport recovery)
    {
        _segmentSizeBytes = segmentSizeBytes;
        _segments = segments;
        _tail = tail;
        _watermark = watermark;
        _cipher = cipher;
        _committedEnd = tail.Position;
        _unorderedSizeMin = unorderedSizeMin;
        Recovery = recovery;
    }

    /// <summary>What opening found.</summary>
    public LogRecoveryReport Recovery { get; }

    /// <summary>Where the next frame begins; of the thread that writes.</summary>
    public long EndAddress => _tail.Position.Address;

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
    /// caller, and so must they be if <paramref name="replayed"/> raises an error, which is called
    /// behind the last one and before the first change of a file.
    /// </summary>
    public static RecordLog Open(
        SystemSeams seams,
        string directory,
        Guid databaseId,
        LogStart start,
        RecordLogOptions options,
        IRecordReplay replay,
        KeyRing? keys = null,
        Action? replayed = null)
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
            replayed?.Invoke();
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
        BeginWriting();
        bool completed = false;
        try
        {
            if (content.Length < _unorderedSizeMin)
            {
                _tail.Append(content, group.RecordCount);
                _watermark.Advance(_tail.Position);
                _segments.GrowAhead(_tail.Position.Address);
            }
            else
            {
                // No zeros ahead of the next one: large groups come in rows and need none.
                _tail.AppendUnordered(content, group.RecordCount);
                _watermark.Advance(_tail.Position);
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
            EndWriting(completed);
        }
    }

    /// <summary>Whether a new file would be smaller than the one that the log ends in.</summary>
    public bool IsNewFileSmaller => _segments.IsNewFileSmaller(CommittedEnd.Address);

    /// <summary>
    /// Lets the log go on in a new file, so that all files before it can be removed: for a log of
    /// which nothing is needed any more. One caller at a time, who also holds writes back.
    /// </summary>
    /// <param name="publish">
    /// Makes durable that the log begins at the position given. Until it returns the old start
    /// counts just as well, since both lead to the same end; if it fails, nobody knows which of
    /// them counts, and no place is left where both would find a frame: so the log stops.
    /// </param>
    public void BeginNewFile(Action<LogPosition> publish)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        ThrowIfStopped();
        LogPosition end = _tail.Position;
        long next = (end.Address / _segmentSizeBytes) + 1;
        LogPosition begin = end with { Address = next * _segmentSizeBytes };
        try
        {
            _segments.MakeNext(end.Address);
        }
        catch (Exception failure) when (IsFileError(failure))
        {
            throw InputOutput("The log cannot get a new file", failure);
        }

        MoveTo(begin, publish);
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
                _watermark.Close(_tail.Position);
            }
        }
        catch (Exception cause) when (IsFileError(cause))
        {
            throw InputOutput("The end of the log could not be noted", cause);
        }
        finally
        {
            _closed = true;
            _tail.Dispose();
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

    private static RecordLog OpenFiles(
        SystemSeams seams,
        string directory,
        in LogStart start,
        RecordLogOptions options,
        LogScanResult scan,
        FrameCipher? cipher)
    {
        LogSegments? segments = null;
        LogTail? tail = null;
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
            tail = new LogTail(segments, scan.Identity, cipher, scan.End);
            log = new RecordLog(
                scan.Identity.SegmentSizeBytes,
                segments,
                tail,
                LogWatermark.Open(seams.Files, watermarkPath, scan.Identity),
                cipher,
                options.UnorderedSizeBytesMin,
                scan.Report);
            return log;
        }
        finally
        {
            CloseUnless(log is not null, segments, tail);
        }
    }

    private static void CloseUnless(bool isOpen, LogSegments? segments, LogTail? tail)
    {
        if (!isOpen)
        {
            tail?.Dispose();
            segments?.Dispose();
        }
    }

    // The log may begin at every committed end, so the file that holds it must be there.
    private void Commit()
    {
        LogPosition end = _tail.Position;
        if (end.Address % _segmentSizeBytes == 0)
        {
            _segments.EnsureWritten(end.Address + 1);
        }

        lock (_endGate)
        {
            _committedEnd = end;
        }
    }

    private void MoveTo(LogPosition begin, Action<LogPosition> publish)
    {
        BeginWriting();
        bool completed = false;
        try
        {
            publish(begin);
            _tail.MoveTo(begin.Address);
            Commit();
            _segments.MoveTo(begin.Address);
            completed = true;
        }
        catch (Exception failure) when (failure is NeuroStoreException || IsFileError(failure))
        {
            _stopCause = failure;
            throw InputOutput("The log cannot go on in a new file; it is stopped", failure);
        }
        finally
        {
            EndWriting(completed);
        }
    }

    private void BeginWriting() => Invariant.Check(
        Interlocked.Exchange(ref _writing, 1) == 0, "one thread writes the log at a time");

    private void EndWriting(bool completed)
    {
        if (!completed)
        {
            _stopCause ??= Invariant.Broken("a write of the log was interrupted");
        }

        Volatile.Write(ref _writing, 0);
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
