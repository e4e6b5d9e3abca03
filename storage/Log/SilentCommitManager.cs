using FASTER.core;

namespace NeuroDb.Storage;

/// <summary>
/// Keeps FASTER from storing commit metadata: the frames say themselves how far the log goes, so
/// a commit is the one write of its frames. It also lists no commits, so FASTER recovers nothing.
/// </summary>
internal sealed class SilentCommitManager : ILogCommitManager
{
    /// <inheritdoc/>
    public void Commit(
        long beginAddress,
        long untilAddress,
        byte[] commitMetadata,
        long commitNum,
        bool forceWriteMetadata)
    {
    }

    /// <inheritdoc/>
    public byte[] GetCommitMetadata(long commitNum) =>
        throw Invariant.Broken("FASTER does not recover the log");

    /// <inheritdoc/>
    public IEnumerable<long> ListCommits() => [];

    /// <inheritdoc/>
    public void RemoveCommit(long commitNum)
    {
    }

    /// <inheritdoc/>
    public void RemoveAllCommits()
    {
    }

    /// <inheritdoc/>
    public void OnRecovery(long commitNum)
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
