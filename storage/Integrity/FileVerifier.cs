namespace NeuroDb.Storage;

/// <summary>
/// Verifies the files that a slot of SUPER leads to: the manifest, the segments and the
/// delete-files, every byte, each opened anew and through no cache.
/// </summary>
/// <param name="files">The disk.</param>
/// <param name="names">The names of the files.</param>
/// <param name="super">What counts.</param>
/// <param name="keys">The keys of the database, or null in a plain one.</param>
/// <param name="findings">Takes what is found.</param>
internal sealed class FileVerifier(
    IFileSystem files,
    DatabaseFiles names,
    SuperBlock super,
    KeyRing? keys,
    FindingList findings)
{
    private const long BufferSizeBytes = 16 << 20;
    private readonly LargeValueFiles _largeValues = new(files, names, super.DatabaseId, keys);
    private readonly HashSet<LargeReference> _largeVerified = [];

    /// <summary>Verifies all of them.</summary>
    /// <param name="isQuick">Whether the checksums are enough.</param>
    /// <param name="cancellation">Looked at between pages.</param>
    /// <returns>The manifest; null if there is none or it cannot be read.</returns>
    public Manifest? Verify(bool isQuick, CancellationToken cancellation)
    {
        Manifest? manifest = null;
        if (!super.Manifest.IsNone)
        {
            findings.Try(string.Empty, () => manifest = Manifest.Read(
                files, names.ManifestPath(super.Manifest.Number), super.DatabaseId,
                super.Manifest, keys));
        }

        if (manifest is not null && manifest.Timestamp != super.CheckpointTimestamp)
        {
            findings.Add(
                names.ManifestPath(manifest.Number), 0, string.Empty,
                "the manifest has another timestamp than SUPER");
        }

        var buffers = new BufferManager(BufferSizeBytes);
        foreach (ManifestTable table in manifest?.Tables ?? [])
        {
            foreach (ManifestPart part in table.Parts)
            {
                long before = findings.Count;
                findings.Try(
                    table.Schema.Name,
                    () => VerifyPart(table, part, buffers, isQuick, cancellation));
                if (!isQuick && findings.Count == before)
                {
                    findings.Try(
                        table.Schema.Name,
                        () => VerifyReferences(manifest!, table, part, buffers));
                }
            }
        }

        VerifyLarge(manifest, cancellation);
        VerifyRuns(cancellation);
        HashSet<long> verified = [.. manifest?.Tables
            .SelectMany(static table => table.Parts)
            .Select(static part => part.SegmentId) ?? []];
        findings.Try(string.Empty, () => VerifyHistory(verified, buffers, isQuick, cancellation));
        return manifest;
    }

    /// <summary>
    /// Verifies the files of indexes of vectors. An open database makes a damaged one again by
    /// itself and may be writing one, so this is for one that nobody has open.
    /// </summary>
    public void VerifyIndexes(CancellationToken cancellation)
    {
        foreach ((string path, long segmentId, _) in
            names.Indexes().Where(static file => !DatabaseFiles.IsRun(file.Path)))
        {
            cancellation.ThrowIfCancellationRequested();
            findings.Try(string.Empty, () =>
            {
                using IFile file = files.Open(path, FileOpenKind.Read);
                var stored = new byte[Math.Min(file.Length, Array.MaxLength)];
                bool isWhole = file.Read(0, stored) == stored.Length
                    && VectorPartFile.IsWhole(SealedFile.Open(
                        keys, FileKind.VectorIndex, segmentId, stored, path));
                if (!isWhole)
                {
                    throw new CorruptionException(
                        path, 0,
                        "the index fails its checksum; it is made again when it is needed");
                }
            });
        }
    }

    /// <summary>Verifies the segments that only the log names.</summary>
    /// <param name="store">Knows them.</param>
    /// <param name="isQuick">Whether the checksums are enough.</param>
    /// <param name="cancellation">Looked at between pages.</param>
    public void VerifyInLog(SegmentStore store, bool isQuick, CancellationToken cancellation)
    {
        foreach (LargeReference reference in store.LargeValues.InLog())
        {
            findings.Try(string.Empty, () => _largeValues.Verify(reference, cancellation));
        }

        var buffers = new BufferManager(BufferSizeBytes);
        foreach (SegmentFile known in store.FilesInLog())
        {
            findings.Try(known.Schema.Name, () =>
            {
                using SegmentFile file = SegmentFile.Open(
                    files,
                    known.Path,
                    known.Identity,
                    known.Schema,
                    PageGuard.Of(keys, known.Identity),
                    known.Info,
                    buffers);
                SegmentVerifier.Verify(file, file.Schema, isQuick, findings, cancellation);
            });
        }
    }

    // What is kept for restores to the past, as far as it is not of the present too.
    private void VerifyHistory(
        HashSet<long> verified,
        BufferManager buffers,
        bool isQuick,
        CancellationToken cancellation)
    {
        HistoryContent history = HistoryFile.Read(files, names.Root, super, keys);
        foreach (RetainedCheckpoint entry in history.Checkpoints.Where(
            entry => entry.Manifest.Number < super.Manifest.Number))
        {
            findings.Try(string.Empty, () =>
            {
                Manifest manifest = Manifest.Read(
                    files,
                    names.ManifestPath(entry.Manifest.Number),
                    super.DatabaseId,
                    entry.Manifest,
                    keys);
                VerifyLarge(manifest, cancellation);
                foreach (ManifestTable table in manifest.Tables)
                {
                    foreach (ManifestPart part in table.Parts)
                    {
                        findings.Try(table.Schema.Name, () =>
                        {
                            _ = ReadDeletes(part);
                            if (verified.Add(part.SegmentId))
                            {
                                VerifyPart(table, part, buffers, isQuick, cancellation);
                            }
                        });
                    }
                }
            });
        }
    }

    private void VerifyPart(
        ManifestTable table,
        ManifestPart part,
        BufferManager buffers,
        bool isQuick,
        CancellationToken cancellation)
    {
        findings.Try(table.Schema.Name, () => ReadDeletes(part));
        using SegmentFile file = Open(table, part, buffers);
        long baseRowId = file.Directory.BaseRowId;
        if (baseRowId >= 0 && baseRowId != part.BaseRowId)
        {
            findings.Add(
                file.Path, 0, table.Schema.Name, "the segment has another base than the manifest");
        }

        SegmentVerifier.Verify(file, file.Schema, isQuick, findings, cancellation);
    }

    // A large value that the manifest does not list would be missing in a copy.
    private void VerifyReferences(
        Manifest manifest, ManifestTable table, ManifestPart part, BufferManager buffers)
    {
        using SegmentFile file = Open(table, part, buffers);
        ulong[]?[]? dead = ReadDeletes(part);
        var rows = new SealedRows(file, table.Schema, part.BaseRowId, part.EndRowId, dead);
        var found = new HashSet<LargeReference>();
        LargeValueScan.Collect(rows, dead, found);
        if (!found.SetEquals(manifest.LargeValues
            .Where(value => value.SegmentId == part.SegmentId)
            .Select(static value => value.Reference)))
        {
            findings.Add(
                file.Path,
                0,
                table.Schema.Name,
                "the rows refer to other large values than the manifest lists for the segment");
        }
    }

    // A run that is just being written has no header yet and is passed over.
    private void VerifyRuns(CancellationToken cancellation)
    {
        foreach ((string path, long segmentId, int indexId) in
            names.Indexes().Where(static file => DatabaseFiles.IsRun(file.Path)))
        {
            try
            {
                IndexRunFile.Verify(
                    files.Open(path, FileOpenKind.Read),
                    IndexRunStore.GuardOf(keys, super.DatabaseId, segmentId, indexId),
                    cancellation);
            }
            catch (CorruptionException damage)
            {
                findings.Add(
                    damage.FilePath, damage.Offset, string.Empty,
                    $"{damage.Detail}; the index is made again when it is needed");
            }
            catch (IOException) when (!files.FileExists(path))
            {
                cancellation.ThrowIfCancellationRequested();
            }
        }
    }

    private SegmentFile Open(ManifestTable table, ManifestPart part, BufferManager buffers)
    {
        var identity = new SegmentIdentity(super.DatabaseId, table.Id, part.SegmentId);
        return SegmentFile.Open(
            files,
            names.SegmentPath(part.SegmentId),
            identity,
            table.Schema,
            PageGuard.Of(keys, identity),
            new SegmentInfo(part.FileLength, part.FooterCrc, part.RowCount),
            buffers);
    }

    private void VerifyLarge(Manifest? manifest, CancellationToken cancellation)
    {
        foreach (SegmentLargeValue value in manifest?.LargeValues ?? [])
        {
            if (_largeVerified.Add(value.Reference))
            {
                findings.Try(
                    string.Empty, () => _largeValues.Verify(value.Reference, cancellation));
            }
        }
    }

    private ulong[]?[]? ReadDeletes(ManifestPart part) => part.DeleteNumber == 0
        ? null
        : DeleteFile.Read(
            files,
            names.DeletePath(part.SegmentId, part.DeleteNumber),
            new DeleteFileIdentity(
                super.DatabaseId, part.SegmentId, part.DeleteNumber, part.RowCount),
            part.Deletes,
            keys);
}
