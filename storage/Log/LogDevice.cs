using FASTER.core;

namespace NeuroDb.Storage;

/// <summary>
/// The disk as FASTER sees it: every write goes to the log's own files on the calling thread and
/// is durable before the callback, which runs on the same thread. FASTER never reads and never
/// removes anything through it.
/// </summary>
internal sealed class LogDevice : StorageDeviceBase
{
    private readonly LogSegments _segments;

    /// <summary>Makes the device over open segments, which stay the caller's.</summary>
    public LogDevice(LogSegments segments)
        : base("log", LogFormat.BlockSizeBytes, Devices.CAPACITY_UNSPECIFIED)
    {
        _segments = segments;
    }

    /// <summary>The first failure of a write, if there was one.</summary>
    public Exception? Failure { get; private set; }

    /// <inheritdoc/>
    public override unsafe void WriteAsync(
        IntPtr sourceAddress,
        int segmentId,
        ulong destinationAddress,
        uint numBytesToWrite,
        DeviceIOCompletionCallback callback,
        object context)
    {
        long address = (segmentId * segmentSize) + (long)destinationAddress;
        var data = new ReadOnlySpan<byte>((void*)sourceAddress, (int)numBytesToWrite);
        try
        {
            if (Failure is null)
            {
                _segments.Write(address, data);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Failure = failure;
        }

        // After one failure nothing is written again: what the disk holds is then unknown.
        uint error = Failure is null ? 0 : uint.MaxValue;
        callback(error, numBytesToWrite, context);
    }

    /// <inheritdoc/>
    public override void ReadAsync(
        int segmentId,
        ulong sourceAddress,
        IntPtr destinationAddress,
        uint readLength,
        DeviceIOCompletionCallback callback,
        object context) => throw Invariant.Broken("the log is not read through FASTER");

    /// <inheritdoc/>
    public override void RemoveSegmentAsync(
        int segment, AsyncCallback callback, IAsyncResult result) =>
        throw Invariant.Broken("FASTER does not remove segments of the log");

    /// <inheritdoc/>
    public override void Dispose()
    {
    }
}
