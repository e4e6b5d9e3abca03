namespace NeuroDb.Bench;

/// <summary>
/// A folder for one bench, on the disk of the current directory, removed afterwards.
/// </summary>
internal sealed class TemporaryFolder : IDisposable
{
    /// <summary>Makes the folder.</summary>
    public TemporaryFolder(string name)
    {
        Path = System.IO.Path.Combine(
            Directory.GetCurrentDirectory(), "artifacts", "bench-data",
            $"{name}-{Environment.ProcessId}");
        Directory.CreateDirectory(Path);
    }

    /// <summary>The path of the folder.</summary>
    public string Path { get; }

    /// <summary>A path inside the folder.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
