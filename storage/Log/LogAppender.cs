using FASTER.core;

namespace NeuroDb.Storage;

/// <summary>
/// The FASTER log that frames are appended to. Each frame is one entry, laid out by us down to
/// FASTER's own length field, and is flushed before the next one begins: one frame, one write. All
/// work is done on the calling thread.
/// </summary>
internal sealed class LogAppender : IDisposable
{
    private const int PageCount = 2;

    // Where FASTER's address space begins, in the first block of the first file.
    private const int FasterAddress = 64;
    private readonly LogDevice _device;
    private readonly SilentCommitManager _commits = new();
    private readonly FasterLog _log;

    /// <summary>Makes the appender; frames follow at the address.</summary>
    public LogAppender(LogSegments segments, LogIdentity identity, long tailAddress)
    {
        _device = new LogDevice(segments);
        using var settings = new FasterLogSettings
        {
            LogDevice = _device,
            LogCommitManager = _commits,
            LogChecksum = LogChecksumType.None,
            FastCommitMode = false,
            TryRecoverLatest = false,
            PageSize = identity.PageSizeBytes,
            MemorySize = (long)identity.PageSizeBytes * PageCount,
            SegmentSize = identity.SegmentSizeBytes,
        };
        _log = new FasterLog(settings);
        _log.Initialize(FasterAddress, tailAddress, lastCommitNum: 1);
        Invariant.Check(_log.TailAddress == tailAddress);
    }

    /// <summary>Appends one frame at an address and makes it durable.</summary>
    public void Append(ReadOnlySpan<byte> frame, long address)
    {
        bool enqueued = _log.UnsafeTryEnqueueRaw(frame, noCommit: true, out long placed);
        Invariant.Check(enqueued, "the page before is flushed, so there is room");
        Invariant.Check(placed == address, "FASTER places the frame where it was built for");

        // Not waited for: the flush happens inside this call, on this thread. FASTER's own notion
        // of "committed" follows later on a pool thread, and nothing here asks for it.
        _log.Commit(spinWait: false);
        if (_device.Failure is not null)
        {
            throw new IOException(_device.Failure.Message, _device.Failure);
        }

        Invariant.Check(_log.FlushedUntilAddress >= address + frame.Length, "the flush was inline");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _log.Dispose();
        _device.Dispose();
        _commits.Dispose();
    }
}
