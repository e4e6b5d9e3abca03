using NeuroDb.Storage;

namespace NeuroDb.Tests.Unit;

/// <summary>A replay that keeps what it is given.</summary>
internal sealed class RecordCollector : IRecordReplay
{
    /// <summary>The records in the order of the replay.</summary>
    public List<byte[]> Records { get; } = [];

    /// <inheritdoc/>
    public bool Replay(ReadOnlyMemory<byte> record)
    {
        Records.Add(record.ToArray());
        return false;
    }
}
