using System.Globalization;

namespace NeuroDb.Storage;

/// <summary>Finds the manifest, the segments and the log of a damaged database.</summary>
/// <param name="files">The disk.</param>
/// <param name="directory">The directory.</param>
/// <param name="super">What SUPER says; null if it is lost.</param>
/// <param name="losses">Takes what is lost.</param>
/// <param name="buffers">Keeps what is read of the segments.</param>
internal sealed class SalvageSource(
    IFileSystem files,
    DatabaseDirectory directory,
    SuperBlock? super,
    LossList losses,
    BufferManager buffers)
{
    private const int DatabaseOffset = 16;
    private const string Undecided = "rows that were deleted may be here again";
    private const string UndecidedBase =
        "rows that were deleted may be here again, and rows that were never committed";
    private Guid _databaseId = super?.DatabaseId ?? Guid.Empty;

    /// <summary>The large values of the database, as soon as it is known which it is.</summary>
    public LargeValueFiles LargeValues =>
        new(files, directory.Files, _databaseId, directory.Keys);

    /// <summary>
    /// Whether every record that the log ever promised was read, so that a segment that none of
    /// them names was never committed.
    /// </summary>
    public bool IsLogWhole { get; private set; }

    /// <summary>Reads the manifest that SUPER names; null if there is none or it is lost.</summary>
    public Manifest? ReadManifest()
    {
        Manifest? manifest = null;
        if (super is null)
        {
            losses.Try(
                string.Empty,
                "all segments are read, since nobody knows which count",
                () => manifest = ReadLastManifest());
        }
        else if (!super.Manifest.IsNone)
        {
            losses.Try(
                string.Empty,
                "the tables are made of the segments; tables without a row in a segment are lost, "
                + "and so are views, triggers, sequences and models",
                () => manifest = Manifest.Read(
                    files, directory.Files.ManifestPath(super.Manifest.Number), super.DatabaseId,
                    super.Manifest, directory.Keys));
        }

        return manifest;
    }

    /// <summary>Opens the segments that a manifest names.</summary>
    public void AddParts(Manifest manifest, Dictionary<int, SalvagedTable> tables)
    {
        foreach (ManifestTable table in manifest.Tables)
        {
            var salvaged = new SalvagedTable(table.Id, table.Schema)
            {
                SealedEnd = table.NextRowId,
            };
            tables.Add(table.Id, salvaged);
            foreach (ManifestPart part in table.Parts)
            {
                string path = directory.Files.SegmentPath(part.SegmentId);
                long last = part.EndRowId - 1;
                losses.Try(table.Schema.Name, path, part.BaseRowId, last, () =>
                {
                    SegmentFile file = Open(path);
                    ulong[]?[]? dead = null;
                    if (part.DeleteNumber > 0)
                    {
                        losses.Try(table.Schema.Name, Undecided, () => dead = DeleteFile.Read(
                            files,
                            directory.Files.DeletePath(part.SegmentId, part.DeleteNumber),
                            new DeleteFileIdentity(
                                manifest.DatabaseId, part.SegmentId, part.DeleteNumber,
                                part.RowCount),
                            part.Deletes,
                            directory.Keys));
                    }

                    salvaged.Parts.Add(new SalvagedPart(file, part.BaseRowId, dead));
                });
            }
        }
    }

    /// <summary>Opens all segments that are there, and the last delete-file of each.</summary>
    public void AddAllSegments(Dictionary<int, SalvagedTable> tables)
    {
        string[] paths = files.DirectoryExists(directory.Files.SegmentDirectory)
            ? [.. files.List(directory.Files.SegmentDirectory).Where(DatabaseFiles.IsSegment)]
            : [];
        foreach (string path in paths.OrderByDescending(NumberOf))
        {
            losses.Try(string.Empty, "the rows of this segment are lost", () =>
            {
                SegmentFile file = Open(path, out TableSchema schema);
                int id = file.Identity.TableId;
                if (!tables.TryGetValue(id, out SalvagedTable? table))
                {
                    tables.Add(id, table = new SalvagedTable(id, Unique(schema, tables.Values)));
                }

                table.Parts.Add(new SalvagedPart(
                    file, file.Directory.BaseRowId, ReadDeletes(file, schema)));
            });
        }

        foreach (SalvagedTable table in tables.Values)
        {
            table.SealedEnd = table.Parts.Max(
                static part => part.BaseRowId < 0 ? 0 : part.EndRowId);
        }
    }

    /// <summary>Opens the segments that the log names, and finds others.</summary>
    public SegmentSalvage SegmentsOfLog() => new(
        files,
        directory.Files,
        path =>
        {
            SegmentFile file = Open(path, out TableSchema schema);
            return (file, schema);
        },
        losses);

    /// <summary>Reads the log on top of the segments.</summary>
    public void ReadLog(
        long timestamp,
        Dictionary<int, SalvagedTable> tables,
        SegmentSalvage segments,
        Dictionary<int, IndexSchema> indexes,
        Dictionary<string, CatalogObject> objects,
        CancellationToken cancellation)
    {
        RecordLogOptions sizes = RecordLogOptions.Default;
        LogStart start = super?.LogStart ?? LogStart.New(sizes);
        LogIdentity? identity = super is null
            ? FindIdentity(start)
            : LogIdentity.Of(_databaseId, start);
        if (identity is null)
        {
            losses.Add(string.Empty, directory.LogPath, -1, "no commit of the log can be read");
            return;
        }

        using FrameCipher? cipher = directory.Keys is null
            ? null
            : new FrameCipher(directory.Keys, identity);
        var records = new RecordSalvage(
            directory.LogPath, timestamp, tables, losses, segments, indexes, objects);
        var log = new LogSalvage(files, directory.LogPath, identity, cipher, records, losses);
        log.Read(super?.LogStart, cancellation);
        IsLogWhole = !records.HasGap && !log.HasGap;
    }

    /// <summary>Notes the segments of which neither manifest nor log knows the rows.</summary>
    public void NoteUnnumbered(IEnumerable<SalvagedTable> tables)
    {
        foreach (SalvagedTable table in tables)
        {
            foreach (SalvagedPart part in table.Parts.Where(static part => part.BaseRowId < 0))
            {
                losses.Add(table.Schema.Name, part.File.Path, -1, UndecidedBase);
            }
        }
    }

    // The last of those that are there; the log says what came after it.
    private Manifest ReadLastManifest()
    {
        string path = files.List(directory.Files.Root)
            .Where(static name => DatabaseFiles.IsManifest(Path.GetFileName(name)))
            .MaxBy(NumberOf)
            ?? throw new CorruptionException(
                directory.Files.Root, -1, "there is neither SUPER nor a manifest");
        using IFile file = files.Open(path, FileOpenKind.Read);
        var content = new byte[Math.Min(file.Length, Array.MaxLength)];
        if (file.Read(0, content) < ManifestCodec.HeaderSizeBytes + ManifestCodec.TrailerSizeBytes)
        {
            throw new CorruptionException(path, 0, "the manifest ends early");
        }

        _databaseId = new Guid(content.AsSpan(DatabaseOffset, 16), bigEndian: true);
        return ManifestCodec.Decode(
            content,
            path,
            _databaseId,
            new ManifestReference(
                NumberOf(path), content.Length, ManifestCodec.ReadCrc(content)));
    }

    // The first frame that is whole at its place says which database and epoch the log is of; the
    // size of its files is that of all but the last.
    private LogIdentity? FindIdentity(in LogStart start)
    {
        int last = files.DirectoryExists(directory.LogPath)
            ? LogSegments.LastNumber(files, directory.LogPath)
            : -1;
        for (int number = 0; number <= last; number++)
        {
            string path = LogSegments.PathOf(directory.LogPath, number);
            if (files.FileExists(path))
            {
                using IFile file = files.Open(path, FileOpenKind.Read);
                int size = number < last ? (int)file.Length : start.SegmentSizeBytes;
                LogIdentity? found = FindFrame(file, (long)number * size);
                if (found is not null)
                {
                    return found with { SegmentSizeBytes = size };
                }
            }
        }

        return null;
    }

    private LogIdentity? FindFrame(IFile file, long address)
    {
        var block = new byte[LogFormat.BlockSizeBytes];
        for (long at = 0; file.Read(at, block) == block.Length; at += block.Length)
        {
            FrameHeader header = FrameHeader.Read(block);
            uint tag = FrameHeader.ReadDatabaseTag(block);
            uint seed = SectorStamp.FrameSeed(tag, header.Epoch, header.Lsn);
            bool isOurs = _databaseId == Guid.Empty || tag == LogIdentity.TagOf(_databaseId);
            if (isOurs
                && FrameHeader.ReadMagic(block) == LogFormat.FrameMagic
                && SectorStamp.IsValid(
                    block.AsSpan(0, LogFormat.SectorSizeBytes), seed, address + at))
            {
                RecordLogOptions sizes = RecordLogOptions.Default;
                return new LogIdentity(
                    _databaseId, header.Epoch, sizes.PageSizeBytes, sizes.SegmentSizeBytes)
                {
                    DatabaseTag = tag,
                };
            }
        }

        return null;
    }

    private SegmentFile Open(string path) => Open(path, out _);

    private SegmentFile Open(string path, out TableSchema schema)
    {
        SegmentFile file = SegmentFile.OpenDamaged(
            files, path, directory.Keys, buffers, out schema);
        Guid owner = file.Identity.DatabaseId;
        _databaseId = _databaseId == Guid.Empty ? owner : _databaseId;
        if (owner == _databaseId)
        {
            return file;
        }

        file.Dispose();
        throw new CorruptionException(path, 0, "the segment is of another database");
    }

    private ulong[]?[]? ReadDeletes(SegmentFile file, TableSchema schema)
    {
        string prefix = Path.GetFileNameWithoutExtension(file.Path) + "-";
        string? path = files.List(directory.Files.SegmentDirectory)
            .Where(name => Path.GetFileName(name).StartsWith(prefix, StringComparison.Ordinal))
            .MaxBy(NumberOf);
        ulong[]?[]? dead = null;
        if (path is not null)
        {
            losses.Try(schema.Name, Undecided, () => dead = DeleteFile.ReadUnnamed(
                files,
                path,
                new DeleteFileIdentity(
                    file.Identity.DatabaseId, file.Identity.SegmentId, NumberOf(path),
                    file.RowCount),
                directory.Keys));
        }

        return dead;
    }

    // Without a manifest a dropped table may be found beside the one that took its name.
    private static TableSchema Unique(TableSchema schema, IEnumerable<SalvagedTable> others)
    {
        string name = schema.Name;
        for (int copy = 2; others.Any(other => string.Equals(
            other.Schema.Name, name, StringComparison.OrdinalIgnoreCase)); copy++)
        {
            name = string.Create(CultureInfo.InvariantCulture, $"{schema.Name}_{copy}");
        }

        return schema with { Name = name };
    }

    // The last number of a name: of a segment its own, of a delete-file the second.
    private static long NumberOf(string path) => long.TryParse(
        Path.GetFileNameWithoutExtension(path).Split('-')[^1],
        NumberStyles.None,
        CultureInfo.InvariantCulture,
        out long number)
        ? number
        : 0;
}
