namespace NeuroDb.Storage;

/// <summary>
/// Reads a damaged database as far as it can be read and writes every row outside the damage into
/// a new one. The damaged directory is not changed. Nothing is taken that its checksum does not
/// prove, so nothing is invented; what is lost or cannot be decided is listed.
/// </summary>
internal sealed class DatabaseSalvage
{
    private const long BufferSizeBytes = 64 << 20;
    private readonly IFileSystem _files;
    private readonly DatabaseDirectory _directory;
    private readonly CancellationToken _cancellation;
    private readonly LossList _losses = new();
    private readonly Dictionary<int, SalvagedTable> _tables = [];
    private readonly Dictionary<int, IndexSchema> _indexes = [];
    private readonly Dictionary<string, CatalogObject> _objects =
        new(StringComparer.OrdinalIgnoreCase);
    private readonly BufferManager _buffers = new(BufferSizeBytes);
    private LargeValueFiles? _largeValues;
    private IReadOnlyList<(SegmentFile File, TableSchema Schema)> _unconfirmed = [];

    private DatabaseSalvage(
        IFileSystem files, DatabaseDirectory directory, CancellationToken cancellation)
    {
        _files = files;
        _directory = directory;
        _cancellation = cancellation;
    }

    /// <summary>Salvages a database.</summary>
    /// <param name="seams">The machine.</param>
    /// <param name="path">The damaged directory, which nobody has open.</param>
    /// <param name="target">The new directory; it must not be there, or be empty.</param>
    /// <param name="options">How to open the new one; its key is also that of the old one.</param>
    /// <param name="cancellation">Gives up; the new directory is then incomplete.</param>
    /// <exception cref="NeuroStoreException">
    /// There is no database, the key is not the right one, or what holds the key is lost.
    /// </exception>
    public static SalvageResult Run(
        SystemSeams seams,
        string path,
        string target,
        StorageOptions options,
        CancellationToken cancellation)
    {
        string targetPath = Path.GetFullPath(target);
        if (seams.Files.FileExists(targetPath)
            || (seams.Files.DirectoryExists(targetPath)
                && seams.Files.List(targetPath).Count > 0))
        {
            throw new NeuroStoreException(
                ErrorCode.NotADatabase,
                $"{target} is not empty. Give a new directory for what is salvaged.");
        }

        using var directory = DatabaseDirectory.LockDamaged(seams, Path.GetFullPath(path));
        var salvage = new DatabaseSalvage(seams.Files, directory, cancellation);
        try
        {
            salvage.Find(options.Key);
            using StorageEngine engine = StorageEngine.Open(seams, targetPath, options);
            return salvage.Write(engine);
        }
        finally
        {
            salvage.Close();
        }
    }

    private void Find(EncryptionKey? key)
    {
        var findings = new FindingList();
        SuperBlock? super = _directory.InspectSuper(key, findings);
        foreach (IntegrityFinding finding in findings.ToList())
        {
            _losses.Add(string.Empty, finding.FilePath, finding.Offset, super is null
                ? finding.What
                : $"{finding.What}; the other slot is used, nothing is lost");
        }

        if (super is null && key is not null)
        {
            throw new CorruptionException(
                Path.Combine(_directory.Files.Root, "SUPER"),
                0,
                "both slots are damaged, and with them the locked key of the database is lost");
        }

        var source = new SalvageSource(_files, _directory, super, _losses, _buffers);
        SegmentSalvage segments = source.SegmentsOfLog();
        Manifest? manifest = source.ReadManifest();
        bool isAll = manifest is null && (super is null || !super.Manifest.IsNone);
        if (manifest is not null)
        {
            source.AddParts(manifest, _tables);
        }
        else if (isAll)
        {
            source.AddAllSegments(_tables);
        }

        long timestamp = super?.CheckpointTimestamp ?? manifest?.Timestamp ?? 0;
        foreach (IndexSchema index in manifest?.Indexes ?? [])
        {
            _indexes.Add(index.Id, index);
        }

        foreach (CatalogObject value in manifest?.Objects ?? [])
        {
            _objects.Add(value.Key, value);
        }

        source.ReadLog(timestamp, _tables, segments, _indexes, _objects, _cancellation);
        source.NoteUnnumbered(_tables.Values);
        _largeValues = source.LargeValues;
        if (!isAll && !source.IsLogWhole)
        {
            _unconfirmed = segments.FindUnconfirmed(_tables);
        }
    }

    private SalvageResult Write(StorageEngine engine)
    {
        var target = new SalvageTarget(
            engine,
            _losses,
            new LargeValueSalvage(_largeValues!, _losses),
            _tables.Values.Select(static table => table.Schema.Name));
        foreach (SalvagedTable table in _tables.Values.OrderBy(static table => table.Id))
        {
            TableEntry entry = target.Create(table.Schema);
            HashSet<long>? seen = Overlaps(table) ? [] : null;
            IEnumerable<(long First, Action Write)> pieces = table.Parts
                .Select(part => (
                    part.BaseRowId, (Action)(() => WritePart(target, entry, table, part, seen))))
                .Concat(table.Rows.Select(rows => (
                    rows.FirstRowId, (Action)(() => target.Append(
                        entry,
                        table.Schema,
                        new SalvagedChunk(rows.Columns, new bool[]?[rows.Columns.Length]),
                        [.. Enumerable.Range(0, rows.Count)
                            .Where(row => !table.Ended.Contains(rows.FirstRowId + row))])))));
            foreach ((long _, Action write) in pieces.OrderBy(static piece => piece.First))
            {
                _cancellation.ThrowIfCancellationRequested();
                write();
            }

            target.CreateIndexes(entry, _indexes.Values
                .Where(index => index.TableId == table.Id)
                .OrderBy(static index => index.Id));
        }

        foreach ((SegmentFile file, TableSchema schema) in _unconfirmed)
        {
            var table = new SalvagedTable(file.Identity.TableId, schema);
            TableEntry entry = target.CreateUnconfirmed(schema, file.Path);
            WritePart(target, entry, table, new SalvagedPart(file, -1, null), seen: null);
        }

        target.PutObjects(_objects.Values);
        engine.Checkpoint(isFull: true, _cancellation);
        return new SalvageResult(
            [.. target.Tables.Select(static entry => (entry.Schema.Name, entry.Rows.LiveCount))],
            _losses.Losses);
    }

    private void WritePart(
        SalvageTarget target,
        TableEntry entry,
        SalvagedTable table,
        SalvagedPart part,
        HashSet<long>? seen)
    {
        var chunks = new ChunkSalvage(part, table.Schema, _losses);
        for (int chunk = 0; chunk < part.File.ChunkCount; chunk++)
        {
            _cancellation.ThrowIfCancellationRequested();
            List<int> rows = LiveRows(table, part, chunks, chunk, seen, out long[] rowIds);
            if (rows.Count > 0)
            {
                target.Append(entry, table.Schema, chunks.Read(chunk, rows, rowIds), rows);
            }
        }
    }

    // The rows of a chunk that are neither dead nor ended by the log, nor written already.
    private List<int> LiveRows(
        SalvagedTable table,
        SalvagedPart part,
        ChunkSalvage chunks,
        int chunk,
        HashSet<long>? seen,
        out long[] rowIds)
    {
        rowIds = chunks.RowIds(chunk, out bool isKnown);
        ulong[]? dead = part.Dead?[chunk];
        long first = rowIds[0];
        long last = Math.Max(0, part.BaseRowId) + part.File.LastRowNumber(chunk);
        if (!isKnown && (seen is not null || table.Ended.Any(id => id >= first && id <= last)))
        {
            _losses.AddRows(
                table.Schema.Name,
                new CorruptionException(part.File.Path, -1, string.Empty),
                first,
                last,
                "the numbers of these rows cannot be read; rows that were deleted or replaced "
                + "may be here again");
        }

        bool isNumbered = isKnown && part.BaseRowId >= 0;
        var rows = new List<int>(rowIds.Length);
        for (int row = 0; row < rowIds.Length; row++)
        {
            bool isDead = dead is not null && (dead[row >> 6] & (1UL << row)) != 0;
            bool isGone = isNumbered
                && (table.Ended.Contains(rowIds[row]) || seen?.Add(rowIds[row]) == false);
            if (!isDead && !isGone)
            {
                rows.Add(row);
            }
        }

        return rows;
    }

    // A crash may leave a segment and the one that replaced it.
    private static bool Overlaps(SalvagedTable table)
    {
        long end = 0;
        foreach (SalvagedPart part in table.Parts
            .Where(static part => part.BaseRowId >= 0)
            .OrderBy(static part => part.BaseRowId))
        {
            if (part.BaseRowId < end)
            {
                return true;
            }

            end = part.EndRowId;
        }

        return false;
    }

    private void Close()
    {
        foreach (SalvagedPart part in _tables.Values.SelectMany(static table => table.Parts))
        {
            part.File.Dispose();
        }

        foreach ((SegmentFile file, TableSchema _) in _unconfirmed)
        {
            file.Dispose();
        }
    }
}
