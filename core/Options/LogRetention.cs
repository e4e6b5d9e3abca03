namespace NeuroDb;

/// <summary>
/// How much of its past a database keeps, so that it can be restored as it was after any commit of
/// that time. What is kept - the log, and the files of tables that a restore begins with - takes
/// space beside the data.
/// </summary>
public sealed record LogRetention
{
    private readonly TimeSpan? _time;
    private readonly long? _sizeBytes;

    /// <summary>Nothing of the past is kept, and what was kept is given back.</summary>
    public static LogRetention None { get; } = new();

    /// <summary>
    /// How far back a restore can go; null for no bound of time. A checkpoint gives back what is
    /// older.
    /// </summary>
    public TimeSpan? Time
    {
        get => _time;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value ?? TimeSpan.Zero, TimeSpan.Zero);
            _time = value;
        }
    }

    /// <summary>The most bytes of log that are kept; null for no bound of size.</summary>
    public long? SizeBytes
    {
        get => _sizeBytes;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value ?? 0);
            _sizeBytes = value;
        }
    }

    /// <summary>Whether nothing is kept.</summary>
    internal bool IsNone => Time is null && SizeBytes is null;
}
