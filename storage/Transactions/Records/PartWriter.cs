using System.Buffers;
using System.Runtime.ExceptionServices;

namespace NeuroDb.Storage;

/// <summary>
/// Cuts the changes of a large transaction into records and hands some of them at a time to the
/// log. A worker writes one group while the owner encodes the next, so two groups are in memory.
/// </summary>
internal sealed class PartWriter : IBufferWriter<byte>
{
    // A part ends after the write that fills it.
    private const int SlackSizeBytesMax = 4 << 20;
    private readonly int _partSizeBytes;
    private readonly IWorkers _workers;
    private readonly Action<LogGroup> _write;
    private readonly object _gate = new();
    private LogGroup _group;
    private LogGroup _other;
    private long _recordStart;
    private NeuroStoreException? _failure;
    private bool _isWriting;

    /// <summary>Starts the first part.</summary>
    /// <param name="transaction">The number of the transaction's parts.</param>
    /// <param name="sizeBytes">The size of the changes, roughly.</param>
    /// <param name="partSizeBytes">The size with which a part ends.</param>
    /// <param name="workers">Write the groups.</param>
    /// <param name="write">Writes a group of parts; it may be cleared afterwards.</param>
    public PartWriter(
        long transaction,
        long sizeBytes,
        int partSizeBytes,
        IWorkers workers,
        Action<LogGroup> write)
    {
        Invariant.Check(partSizeBytes is > 0 and <= RecordFormat.PartSizeBytes);
        int slack = Math.Min(partSizeBytes, SlackSizeBytesMax);
        int capacity =
            (int)Math.Min(sizeBytes, partSizeBytes * RecordFormat.PartGroupCount) + slack;
        _partSizeBytes = partSizeBytes;
        _group = new LogGroup(capacity);
        _other = new LogGroup(capacity);
        Transaction = transaction;
        _workers = workers;
        _write = write;
        Begin();
    }

    /// <summary>The number of the transaction's parts.</summary>
    public long Transaction { get; }

    /// <summary>The parts handed out.</summary>
    public int PartCount { get; private set; }

    /// <inheritdoc/>
    public void Advance(int count)
    {
        _group.Advance(count);
        if (_group.SizeBytes - _recordStart >= _partSizeBytes)
        {
            End();
            Begin();
        }
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0) => _group.GetMemory(sizeHint);

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0) => _group.GetSpan(sizeHint);

    /// <summary>Hands out the last part; all parts are durable on return.</summary>
    public void Complete()
    {
        End();
        if (_group.RecordCount > 0)
        {
            Write();
        }

        Await();
    }

    private void Begin()
    {
        _recordStart = _group.SizeBytes;
        _group.BeginRecord();
        _group.WriteHeader(RecordKind.Part);
        _group.WriteInt64(Transaction);
        _group.WriteInt32(PartCount);
    }

    private void End()
    {
        _group.EndRecord();
        PartCount = checked(PartCount + 1);
        if (_group.RecordCount == RecordFormat.PartGroupCount)
        {
            Write();
        }
    }

    private void Write()
    {
        Await();
        (_group, _other) = (_other, _group);
        Invariant.Check(_group.RecordCount == 0);
        _isWriting = true;
        _workers.RunWaiting(WriteOther);
    }

    private void WriteOther()
    {
        try
        {
            _write(_other);
        }
        catch (NeuroStoreException failure)
        {
            _failure = failure;
        }
        finally
        {
            lock (_gate)
            {
                _other.Clear();
                _isWriting = false;
                Monitor.Pulse(_gate);
            }
        }
    }

    private void Await()
    {
        lock (_gate)
        {
            while (_isWriting)
            {
                Monitor.Wait(_gate);
            }
        }

        if (_failure is not null)
        {
            ExceptionDispatchInfo.Throw(_failure);
        }
    }
}
