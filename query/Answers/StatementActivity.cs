namespace NeuroDb.Query;

/// <summary>
/// Whether users run statements, as work in the background wants to know. Who runs one says so by
/// writing a flag that is mostly written already, so that sessions do not meet here; only while
/// the work is awake are the running ones counted, for those that run long.
/// </summary>
internal sealed class StatementActivity(TimeProvider clock)
{
    private static readonly TimeSpan Lasting = TimeSpan.FromSeconds(2);

    private bool _isNoted;
    private bool _isWatched;
    private int _runningCount;
    private long? _last;

    /// <summary>Whether the running statements are counted.</summary>
    public bool IsWatched
    {
        get => Volatile.Read(ref _isWatched);
        set => Volatile.Write(ref _isWatched, value);
    }

    /// <summary>
    /// A statement begins to compute; whether <see cref="Leave"/> has to be called after it.
    /// </summary>
    public bool Enter()
    {
        if (!Volatile.Read(ref _isNoted))
        {
            Volatile.Write(ref _isNoted, true);
        }

        if (!IsWatched)
        {
            return false;
        }

        Interlocked.Increment(ref _runningCount);
        return true;
    }

    /// <summary>A statement that was counted computes no more for now.</summary>
    public void Leave()
    {
        int left = Interlocked.Decrement(ref _runningCount);
        Invariant.Check(left >= 0);
    }

    /// <summary>
    /// Whether statements run, or did within the last two seconds: who asks now and then is not to
    /// meet work at full speed each time. Asked by one thread at a time.
    /// </summary>
    public bool Look()
    {
        if (Volatile.Read(ref _isNoted) || Volatile.Read(ref _runningCount) > 0)
        {
            Volatile.Write(ref _isNoted, false);
            _last = clock.GetTimestamp();
            return true;
        }

        return _last is { } last && clock.GetElapsedTime(last) < Lasting;
    }
}
