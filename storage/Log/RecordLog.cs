namespace NeuroDb.Storage;

/// <summary>
/// The write-ahead log: opaque records, appended in groups, durable when <see cref="Write"/>
/// returns, given back in order when the log is opened.
/// </summary>
internal sealed class RecordLog : IDisposable
{
    private RecordLog(LogRecoveryReport recovery)
    {
        Recovery = recovery;
    }

    /// <summary>What opening found.</summary>
    public LogRecoveryReport Recovery { get; }

    /// <summary>Makes a new log in the directory, which must hold none.</summary>
    public static RecordLog Create(
        SystemSeams seams, string directory, Guid databaseId, RecordLogOptions options)
    {
        throw new NotImplementedException();
    }

    /// <summary>Verifies an existing log, replays all its records and makes it ready.</summary>
    public static RecordLog Open(
        SystemSeams seams,
        string directory,
        Guid databaseId,
        RecordLogOptions options,
        IRecordReplay replay)
    {
        throw new NotImplementedException();
    }

    /// <summary>Appends the group; durable on return. One caller at a time.</summary>
    public void Write(LogGroup group)
    {
        throw new NotImplementedException();
    }

    /// <summary>Closes the log cleanly.</summary>
    public void Dispose()
    {
    }
}
