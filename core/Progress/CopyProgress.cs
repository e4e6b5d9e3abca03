namespace NeuroDb;

/// <summary>How far a COPY is.</summary>
/// <param name="BytesDone">The bytes of the file read or written so far.</param>
/// <param name="BytesTotal">The bytes of the file that is read; 0 if one is written.</param>
/// <param name="RowsDone">The rows loaded or written so far; not committed yet.</param>
/// <param name="RowsRejected">The rows that were left out so far.</param>
public readonly record struct CopyProgress(
    long BytesDone, long BytesTotal, long RowsDone, long RowsRejected);
