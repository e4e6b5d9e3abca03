using System.Buffers;

namespace NeuroDb.Storage;

/// <summary>
/// Cuts the changes of a large transaction into records and hands each full one to the log, so
/// that no more than one part is in memory twice.
/// </summary>
internal sealed class PartWriter : IBufferWriter<byte>
{
    private readonly LogGroup _group = new(RecordFormat.PartSizeBytes + (1 << 16));
    private readonly Action<LogGroup> _write;

    /// <summary>Starts the first part.</summary>
    /// <param name="transaction">The number of the transaction's parts.</param>
    /// <param name="write">Writes a group of one part; it may be cleared afterwards.</param>
    public PartWriter(long transaction, Action<LogGroup> write)
    {
        Transaction = transaction;
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
        if (_group.SizeBytes >= RecordFormat.PartSizeBytes)
        {
            Flush();
            Begin();
        }
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0) => _group.GetMemory(sizeHint);

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0) => _group.GetSpan(sizeHint);

    /// <summary>Hands out the last part.</summary>
    public void Complete() => Flush();

    private void Begin()
    {
        _group.BeginRecord();
        _group.WriteHeader(RecordKind.Part);
        _group.WriteInt64(Transaction);
        _group.WriteInt32(PartCount);
    }

    private void Flush()
    {
        _group.EndRecord();
        _write(_group);
        _group.Clear();
        PartCount = checked(PartCount + 1);
    }
}
