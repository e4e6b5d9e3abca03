namespace NeuroDb.Storage;

/// <summary>
/// Receives the records of a log in the order they were written, when the log is opened. Called on
/// the opening thread only; what it throws ends the opening.
/// </summary>
internal interface IRecordReplay
{
    /// <summary>Takes one record. The bytes are valid only during the call.</summary>
    void Replay(ReadOnlyMemory<byte> record);
}
