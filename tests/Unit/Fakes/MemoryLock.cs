namespace NeuroDb.Tests.Unit;

/// <summary>A lock on a path of a <see cref="MemoryFileSystem"/>.</summary>
internal sealed class MemoryLock(MemoryFileSystem owner, string path) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => owner.Unlock(path);
}
