using NeuroDb.Storage;

namespace NeuroDb;

/// <content>Restoring to a moment of the past.</content>
public sealed partial class NeuroStore
{
    /// <summary>
    /// Makes a new database as another one was at a moment: with all commits up to it and none
    /// after it. Begins with a backup, or with a database that keeps its past
    /// (<see cref="NeuroStoreOptions.RetainLog"/>), which may be open meanwhile. Nothing of what is
    /// read is changed.
    /// </summary>
    /// <param name="path">A backup, or a database.</param>
    /// <param name="target">The new directory.</param>
    /// <param name="moment">The moment.</param>
    /// <param name="options">The key, and the database whose log follows a backup.</param>
    /// <param name="cancellationToken">Gives up; the new directory is then no database.</param>
    /// <exception cref="NeuroStoreException">
    /// <see cref="ErrorCode.RestoreImpossible"/>: what is kept begins later or ends earlier; the
    /// message says the range. The target is not empty, the key is not the right one, or what would
    /// be read is damaged.
    /// </exception>
    public static RestoreSummary Restore(
        string path,
        string target,
        DateTimeOffset moment,
        RestoreOptions? options = null,
        CancellationToken cancellationToken = default) => Restore(
            path,
            target,
            new RestorePoint(null, CommitClock.MicrosecondsOf(moment)),
            options ?? new RestoreOptions(),
            cancellationToken);

    /// <summary>
    /// As the other one, with the number of the last commit in the place of the moment.
    /// </summary>
    /// <param name="path">A backup, or a database.</param>
    /// <param name="target">The new directory.</param>
    /// <param name="commit">The number of the last commit.</param>
    /// <param name="options">The key, and the database whose log follows a backup.</param>
    /// <param name="cancellationToken">Gives up; the new directory is then no database.</param>
    public static RestoreSummary Restore(
        string path,
        string target,
        long commit,
        RestoreOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(commit);
        return Restore(
            path,
            target,
            new RestorePoint(commit, 0),
            options ?? new RestoreOptions(),
            cancellationToken);
    }

    private static RestoreSummary Restore(
        string path,
        string target,
        RestorePoint point,
        RestoreOptions options,
        CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentException.ThrowIfNullOrWhiteSpace(target);
        try
        {
            return DatabaseRestore.Run(
                options.Seams ?? SystemSeams.Real(),
                path,
                options.LogPath ?? path,
                target,
                point,
                options.Storage with { Key = options.EncryptionKey },
                cancellationToken);
        }
        catch (Exception error) when (EngineErrors.IsForeign(error))
        {
            throw EngineErrors.Translate(error);
        }
    }
}
