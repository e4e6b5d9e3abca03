namespace NeuroDb.Storage;

/// <summary>
/// What an opening asks of large values: the files that rows refer to must be there. The others,
/// which a crash left of transactions that did not commit, are removed by the caller.
/// </summary>
internal static class LargeValueRecovery
{
    /// <summary>Takes note of what rows refer to, when the log was replayed.</summary>
    /// <returns>The files that are needed.</returns>
    public static IReadOnlySet<string> Check(
        EngineState state, SegmentStore store, IFileSystem files)
    {
        LargeValueScan.Observe(state, store);
        foreach (LargeReference reference in store.LargeValues.InLog())
        {
            store.Restoring?.Fetch(reference.Number);
        }

        string directory = store.Names.BlobDirectory;
        HashSet<string> present = files.DirectoryExists(directory)
            ? [.. files.List(directory)]
            : [];
        var needed = new HashSet<string>();
        foreach (LargeReference reference in store.LargeValues.Needed())
        {
            string path = store.Names.BlobPath(reference.Number);
            needed.Add(path);
            if (!present.Contains(path))
            {
                throw new CorruptionException(path, 0, "a large value is missing");
            }
        }

        return needed;
    }
}
