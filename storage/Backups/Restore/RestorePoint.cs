namespace NeuroDb.Storage;

/// <summary>The state that is to be restored: after a commit, or at a moment.</summary>
/// <param name="Commit">The number of the commit; null where a moment is given.</param>
/// <param name="Moment">The moment, in microseconds since 1970-01-01 UTC.</param>
internal readonly record struct RestorePoint(long? Commit, long Moment)
{
    /// <summary>Whether a commit is part of the state.</summary>
    public bool Includes(long commit, long moment) =>
        Commit is long last ? commit <= last : moment <= Moment;

    /// <summary>Whether the state lies behind the last commit that is known.</summary>
    public bool IsBehind(long commit, long moment) =>
        Commit is long last ? last > commit : Moment > moment;

    /// <inheritdoc/>
    public override string ToString() => Commit is long commit
        ? FormattableString.Invariant($"commit {commit}")
        : Show(Moment);

    /// <summary>A moment as text.</summary>
    public static string Show(long microseconds) =>
        CommitClock.MomentOf(microseconds).ToString(
            "yyyy-MM-dd HH:mm:ss.ffffff 'UTC'",
            System.Globalization.CultureInfo.InvariantCulture);
}
