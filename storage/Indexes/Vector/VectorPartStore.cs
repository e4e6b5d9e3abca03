namespace NeuroDb.Storage;

/// <summary>
/// The files of indexes of segments, beside the segments. What cannot be read is made again, and
/// what cannot be written is kept in memory only: an answer never depends on them.
/// </summary>
internal sealed class VectorPartStore(IFileSystem files, SegmentStore store, bool isReadOnly)
{
    /// <summary>The index of a segment from its file; null if there is none that fits.</summary>
    public VectorPart? Load(
        SegmentFile segment, int indexId, VectorIndexOptions options, VectorRows rows)
    {
        string path = store.Names.IndexPath(segment.Identity.SegmentId, indexId);
        try
        {
            if (!files.FileExists(path))
            {
                return null;
            }

            store.NoteIndex(segment.Identity.SegmentId, path);
            using IFile file = files.Open(path, FileOpenKind.Read);
            if (file.Length > int.MaxValue)
            {
                return null;
            }

            var stored = new byte[(int)file.Length];
            if (file.Read(0, stored) != stored.Length)
            {
                return null;
            }

            byte[] content = SealedFile.Open(
                store.Keys, FileKind.VectorIndex, segment.Identity.SegmentId, stored, path);
            return VectorPartFile.TryDecode(
                content, IdentityOf(segment, indexId), options, rows, out VectorPart? part)
                ? part
                : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException
            or CorruptionException)
        {
            return null;
        }
    }

    /// <summary>Writes the index of a segment into its file.</summary>
    public void Save(
        SegmentFile segment, int indexId, VectorIndexOptions options, VectorPart part)
    {
        if (isReadOnly || part.SizeBytes > int.MaxValue / 2)
        {
            return;
        }

        long segmentId = segment.Identity.SegmentId;
        string path = store.Names.IndexPath(segmentId, indexId);
        store.NoteIndex(segmentId, path);
        byte[] content = VectorPartFile.Encode(IdentityOf(segment, indexId), options, part);
        try
        {
            byte[] stored = SealedFile.Seal(
                store.Keys, FileKind.VectorIndex, segmentId, content);
            files.Delete(path);
            using IFile file = files.Open(path, FileOpenKind.Create);
            file.Write(0, stored);
            file.Flush();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            store.TryDelete(path);
        }
    }

    private static VectorPartIdentity IdentityOf(SegmentFile segment, int indexId) =>
        new(segment.Identity, segment.Info.FooterCrc, indexId);
}
