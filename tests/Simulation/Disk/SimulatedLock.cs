namespace NeuroDb.Tests.Simulation;

/// <summary>A lock on a path of a <see cref="SimulatedFileSystem"/>.</summary>
internal sealed class SimulatedLock(SimulatedFileSystem owner, string path) : IDisposable
{
    /// <summary>The path.</summary>
    public string Path => path;

    /// <inheritdoc/>
    public void Dispose() => owner.Release(this);
}
