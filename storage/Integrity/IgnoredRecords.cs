namespace NeuroDb.Storage;

/// <summary>Takes the records of a log that is only verified.</summary>
internal sealed class IgnoredRecords : IRecordReplay
{
    /// <inheritdoc/>
    public bool Replay(ReadOnlyMemory<byte> record) => false;
}
