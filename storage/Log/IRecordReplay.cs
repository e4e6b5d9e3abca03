namespace NeuroDb.Storage;

/// <summary>
/// Receives the records of a log in the order they were written, when the log is opened. Called on
/// the opening thread only; what it throws ends the opening.
/// </summary>
internal interface IRecordReplay
{
    /// <summary>
    /// Takes one record. Its bytes are valid during the call, or as long as they are kept.
    /// </summary>
    /// <returns>Whether the bytes are kept, so that nothing may be written over them.</returns>
    bool Replay(ReadOnlyMemory<byte> record);
}
