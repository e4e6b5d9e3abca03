namespace NeuroDb.Storage;

/// <summary>
/// The files of the runs of indexes, beside the segments. They hold nothing that the segments do
/// not say: what is missing is made again from the rows, what is damaged too, with an alert, and
/// what cannot be written stays in memory. Safe for many threads.
/// </summary>
/// <param name="files">The disk.</param>
/// <param name="store">The segments.</param>
/// <param name="rowCountMin">Runs of fewer rows are made as fast as they are read.</param>
/// <param name="isReadOnly">Whether nothing may be written.</param>
/// <param name="alerts">Takes what is damaged.</param>
internal sealed class IndexRunStore(
    IFileSystem files,
    SegmentStore store,
    int rowCountMin,
    bool isReadOnly,
    AlertList alerts)
{
    /// <summary>Whether there is a file of a run, whole or not.</summary>
    public bool Exists(SegmentFile segment, LearnedIndex index)
    {
        bool exists = false;
        return Try(segment, index, () => exists = files.FileExists(PathOf(segment, index)))
            && exists;
    }

    /// <summary>Whether a run is to have a file.</summary>
    public bool IsWanted(SegmentFile segment, LearnedIndex index) => !isReadOnly
        && !index.IsDropped
        && segment.RowCount >= rowCountMin
        && segment.RowCount * ((index.Keys.Count * sizeof(ulong)) + sizeof(int))
            < int.MaxValue / 2;

    /// <summary>Opens the file of a run; null if there is none that fits.</summary>
    public IndexRunFile? Open(SegmentFile segment, LearnedIndex index)
    {
        string path = PathOf(segment, index);
        if (!Exists(segment, index))
        {
            return null;
        }

        store.NoteIndex(segment.Identity.SegmentId, path);
        IndexRunFile? opened = null;
        bool isReadable = Try(segment, index, () => opened = IndexRunFile.TryOpen(
            files.Open(path, FileOpenKind.Read),
            GuardOf(segment, index),
            IndexRunIdentity.Of(segment, index)));
        return isReadable ? opened : null;
    }

    /// <summary>
    /// Reads from a file of a run; false, and the file is no more, if it is damaged or cannot be
    /// read.
    /// </summary>
    public bool Try(SegmentFile segment, LearnedIndex index, Action read)
    {
        try
        {
            read();
            return true;
        }
        catch (CorruptionException damage)
        {
            alerts.Add(new IntegrityFinding(
                damage.FilePath,
                damage.Offset,
                segment.Schema.Name,
                $"{damage.Detail}; the index is made again from the rows"));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            alerts.Add(new IntegrityFinding(
                PathOf(segment, index),
                -1,
                segment.Schema.Name,
                $"the file cannot be read: {failure.Message}; the index is made again"));
        }

        if (!isReadOnly)
        {
            store.TryDelete(PathOf(segment, index));
        }

        return false;
    }

    /// <summary>Writes a run into its file, if it is to have one.</summary>
    public void Save(SegmentFile segment, LearnedIndex index, IndexRun run)
    {
        if (!IsWanted(segment, index))
        {
            return;
        }

        string path = PathOf(segment, index);
        store.NoteIndex(segment.Identity.SegmentId, path);
        try
        {
            files.Delete(path);
            using PageGuard guard = GuardOf(segment, index);
            using IFile file = files.Open(path, FileOpenKind.Create);
            IndexRunWriter.Write(file, guard, IndexRunIdentity.Of(segment, index), run);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            store.TryDelete(path);
        }
    }

    /// <summary>Removes the files of indexes that are no more.</summary>
    public void RemoveBut(IReadOnlySet<int> indexIds)
    {
        if (isReadOnly)
        {
            return;
        }

        foreach (string path in store.TakeIndexesBut(indexIds))
        {
            store.TryDelete(path);
        }
    }

    /// <summary>Seals the pages of the run of an index over a segment.</summary>
    public static PageGuard GuardOf(
        KeyRing? keys, Guid databaseId, long segmentId, int indexId) => keys is null
        ? new ChecksumPageGuard(new SegmentIdentity(databaseId, -indexId, segmentId))
        : new GcmPageGuard(keys, FileKind.IndexRun, segmentId);

    private PageGuard GuardOf(SegmentFile segment, LearnedIndex index) => GuardOf(
        store.Keys, segment.Identity.DatabaseId, segment.Identity.SegmentId, index.Id);

    private string PathOf(SegmentFile segment, LearnedIndex index) =>
        store.Names.RunPath(segment.Identity.SegmentId, index.Id);
}
