namespace NeuroDb.Storage;

/// <summary>
/// Finds in the log where a restore ends, and which transactions in parts belong to it.
/// </summary>
internal sealed class RestoreScan : IRecordReplay
{
    private readonly long _start;
    private readonly RestorePoint _point;
    private readonly string _path;
    private readonly CancellationToken _cancellation;

    /// <summary>Starts behind the files that a restore begins with.</summary>
    /// <param name="start">Their last commit.</param>
    /// <param name="moment">When that was.</param>
    /// <param name="point">The state that is asked for.</param>
    /// <param name="path">The log, for errors.</param>
    /// <param name="cancellation">Looked at between records.</param>
    public RestoreScan(
        long start,
        long moment,
        RestorePoint point,
        string path,
        CancellationToken cancellation)
    {
        _start = start;
        _point = point;
        _path = path;
        _cancellation = cancellation;
        EndCommit = start;
        EndMoment = moment;
        LastCommit = start;
        LastMoment = moment;
    }

    /// <summary>The last commit of the log.</summary>
    public long EndCommit { get; private set; }

    /// <summary>When that was.</summary>
    public long EndMoment { get; private set; }

    /// <summary>The last commit that belongs to the state.</summary>
    public long LastCommit { get; private set; }

    /// <summary>When that was.</summary>
    public long LastMoment { get; private set; }

    /// <summary>The transactions in parts that were committed in between.</summary>
    public HashSet<long> Transactions { get; } = [];

    /// <inheritdoc/>
    public bool Replay(ReadOnlyMemory<byte> record)
    {
        _cancellation.ThrowIfCancellationRequested();
        RestoreRecord head = RestoreRecord.Read(record, _path);
        if (head.Commit <= _start)
        {
            return false;
        }

        if (head.Commit != EndCommit + 1)
        {
            throw new CorruptionException(
                _path, 0, $"commit {head.Commit} follows commit {EndCommit}");
        }

        EndCommit = head.Commit;
        EndMoment = Math.Max(EndMoment, head.Moment);
        if (_point.Includes(EndCommit, EndMoment))
        {
            LastCommit = EndCommit;
            LastMoment = EndMoment;
            if (head.Transaction > 0)
            {
                Transactions.Add(head.Transaction);
            }
        }

        return false;
    }
}
