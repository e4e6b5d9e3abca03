namespace NeuroDb.Storage;

/// <summary>
/// One backup: the files of a checkpoint, which never change, are copied beside those that an
/// earlier backup left, then the manifest, and at last SUPER. Until SUPER is durable the target is
/// the earlier backup, or no database yet; then it is the new one, and what only the earlier one
/// needed is removed. The caller holds the files of the checkpoint back from removal.
/// </summary>
internal sealed class BackupRun
{
    private readonly SystemSeams _seams;
    private readonly DatabaseFiles _files;
    private readonly string _root;
    private readonly SuperBlock _super;
    private readonly Manifest _manifest;
    private readonly KeyRing? _keys;
    private long _fileCount;
    private long _sizeBytes;
    private long _copiedFileCount;
    private long _copiedSizeBytes;

    /// <summary>Starts with nothing copied.</summary>
    /// <param name="seams">The machine.</param>
    /// <param name="directory">The database to be copied.</param>
    /// <param name="super">What it said about itself at a checkpoint.</param>
    /// <param name="manifest">The manifest of that checkpoint.</param>
    public BackupRun(
        SystemSeams seams, DatabaseDirectory directory, SuperBlock super, Manifest manifest)
    {
        Invariant.Check(super.Manifest.Number == manifest.Number);
        _seams = seams;
        _files = directory.Files;
        _root = directory.Files.Root;
        _super = super;
        _manifest = manifest;
        _keys = directory.Keys;
    }

    /// <summary>Makes the backup, durable on return.</summary>
    /// <param name="path">The directory that becomes it.</param>
    /// <param name="mustBeNew">Whether an earlier backup there is refused.</param>
    /// <param name="log">The sizes of the log of a new backup.</param>
    /// <param name="cancellation">
    /// Ends it; the target stays what it was, and what is copied already serves the next backup.
    /// </param>
    public BackupSummary Run(
        string path, bool mustBeNew, RecordLogOptions log, CancellationToken cancellation)
    {
        using BackupTarget target = BackupTarget.Open(_seams, path, _super, _keys);
        if (mustBeNew && target.Super is not null)
        {
            throw target.Refused("is not empty");
        }

        LogStart start = target.Prepare(log);
        CopyAll(target, path, cancellation);
        Verify(target, cancellation);
        cancellation.ThrowIfCancellationRequested();
        target.Publish(_super with { LogStart = start });

        HashSet<string> needed = [.. target.Files.NamedBy(_manifest)];
        needed.UnionWith(target.Files.IndexesOf(needed, IndexIds()));
        target.Files.RemoveUnreferenced(needed);
        FileCopy.RemoveParts(_seams.Files, path);
        FileCopy.RemoveParts(_seams.Files, target.Files.SegmentDirectory);
        return new BackupSummary(
            _fileCount, _sizeBytes, _copiedFileCount, _copiedSizeBytes, _manifest.Timestamp);
    }

    private void CopyAll(BackupTarget target, string path, CancellationToken cancellation)
    {
        HashSet<string> kept = target.Manifest is null
            ? []
            : [.. target.Files.NamedBy(target.Manifest)];
        var directories = new HashSet<string> { path };
        foreach (string source in _files.NamedBy(_manifest))
        {
            cancellation.ThrowIfCancellationRequested();
            string copy = Path.Combine(path, Path.GetRelativePath(_root, source));
            string? directory = Path.GetDirectoryName(copy);
            Invariant.Check(directory is not null, "a file lies in a directory");
            directories.Add(directory);
            Copy(source, copy, kept.Contains(copy) ? target : null, cancellation);
        }

        CopyIndexes(path, cancellation);
        foreach (string directory in directories)
        {
            _seams.Files.FlushDirectory(directory);
        }
    }

    private HashSet<int> IndexIds() =>
        [.. _manifest.Indexes.Select(static index => index.Id)];

    // What a copy lacks of indexes it makes again from its rows; one that is just being written
    // is made again too.
    private void CopyIndexes(string path, CancellationToken cancellation)
    {
        IFileSystem files = _seams.Files;
        HashSet<string> named = [.. _files.NamedBy(_manifest)];
        foreach (string source in _files.IndexesOf(named, IndexIds()))
        {
            string copy = Path.Combine(path, Path.GetRelativePath(_root, source));
            try
            {
                if (!files.FileExists(copy) || !FileCopy.IsSame(files, source, copy))
                {
                    files.Delete(copy);
                    _ = FileCopy.Run(files, source, copy, cancellation);
                }
            }
            catch (Exception failure)
                when (failure is IOException or UnauthorizedAccessException)
            {
                cancellation.ThrowIfCancellationRequested();
            }
        }
    }

    // A file that the earlier backup needs is never replaced: where it differs, the two databases
    // have gone different ways.
    private void Copy(
        string source, string copy, BackupTarget? owner, CancellationToken cancellation)
    {
        IFileSystem files = _seams.Files;
        bool exists = files.FileExists(copy);
        _fileCount++;
        if (exists && FileCopy.IsSame(files, source, copy))
        {
            using IFile file = files.Open(copy, FileOpenKind.Read);
            _sizeBytes += file.Length;
            return;
        }

        if (exists && owner is not null)
        {
            throw owner.Refused($"has another {Path.GetFileName(copy)}: its history is another");
        }

        long length = FileCopy.Run(files, source, copy, cancellation);
        _sizeBytes += length;
        _copiedFileCount++;
        _copiedSizeBytes += length;
    }

    // What was copied is read back: a backup that cannot be opened helps nobody.
    private void Verify(BackupTarget target, CancellationToken cancellation)
    {
        IFileSystem files = _seams.Files;
        Manifest copy = Manifest.Read(
            files,
            target.Files.ManifestPath(_manifest.Number),
            _super.DatabaseId,
            _super.Manifest,
            _keys);
        Invariant.Check(copy.Timestamp == _super.CheckpointTimestamp);
        using var store = new SegmentStore(
            files, target.Files, _super.DatabaseId, _keys, new BufferManager(0));
        HashSet<long> before = target.Manifest is null
            ? []
            : [.. target.Manifest.Tables.SelectMany(static table => table.Parts)
                .Select(static part => part.SegmentId)];
        HashSet<LargeReference> large =
            [.. target.Manifest?.LargeValues.Select(static value => value.Reference) ?? []];
        foreach (SegmentLargeValue value in copy.LargeValues)
        {
            if (large.Add(value.Reference))
            {
                store.LargeValues.Verify(value.Reference, cancellation);
            }
        }

        foreach (ManifestTable table in copy.Tables)
        {
            foreach (ManifestPart part in table.Parts)
            {
                var info = new SegmentInfo(part.FileLength, part.FooterCrc, part.RowCount);
                SegmentFile file = store.Open(table.Id, table.Schema, part.SegmentId, info);
                store.ReadDeletes(part);
                if (!before.Contains(part.SegmentId))
                {
                    file.Verify(cancellation);
                }
            }
        }
    }
}
