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
    private readonly BufferManager _buffers = new(BufferSizeBytes);

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

        var source = new SalvageSource(_files, _directory, super, _losses);
        Manifest? manifest = source.ReadManifest();
        if (manifest is not null)
        {
            source.AddParts(manifest, _tables, _buffers);
        }
        else if (super is null || !super.Manifest.IsNone)
        {
            source.AddAllSegments(_tables, _buffers);
        }

        long timestamp = super?.CheckpointTimestamp ?? manifest?.Timestamp ?? 0;
        source.ReadLog(timestamp, _tables, _cancellation);
    }

    private SalvageResult Write(StorageEngine engine)
    {
        var target = new SalvageTarget(engine, _losses);
        var entries = new List<TableEntry>();
        foreach (SalvagedTable table in _tables.Values.OrderBy(static table => table.Id))
        {
            TableEntry entry = target.Create(table.Schema);
            entries.Add(entry);
            HashSet<long>? seen = Overlaps(table) ? [] : null;
            foreach (SalvagedPart part in table.Parts)
            {
                WritePart(target, entry, table, part, seen);
            }

            foreach (SalvagedRows rows in table.Rows.OrderBy(static rows => rows.FirstRowId))
            {
                _cancellation.ThrowIfCancellationRequested();
                target.Append(entry, rows.Columns, [.. Enumerable.Range(0, rows.Count)
                    .Where(row => !table.Ended.Contains(rows.FirstRowId + row))]);
            }
        }

        engine.Checkpoint(isFull: true, _cancellation);
        return new SalvageResult(
            [.. entries.Select(static entry => (entry.Schema.Name, entry.Rows.LiveCount))],
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
            long[] rowIds = chunks.RowIds(chunk);
            if (rowIds.Length == 0
                || !chunks.TryRead(chunk, out ColumnStore[] columns, out bool[] isLost))
            {
                continue;
            }

            ulong[]? dead = part.Dead?[chunk];
            var rows = new List<int>(rowIds.Length);
            for (int row = 0; row < rowIds.Length; row++)
            {
                bool isDead = dead is not null && (dead[row >> 6] & (1UL << row)) != 0;
                bool isEnded = part.BaseRowId >= 0 && table.Ended.Contains(rowIds[row]);
                if (!isDead && !isEnded && !isLost[row] && seen?.Add(rowIds[row]) != false)
                {
                    rows.Add(row);
                }
            }

            target.Append(entry, columns, rows);
        }
    }

    // A crash may leave a segment and the one that replaced it.
    private static bool Overlaps(SalvagedTable table)
    {
        long end = 0;
        foreach (SalvagedPart part in table.Parts.Where(static part => part.BaseRowId >= 0))
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
    }
}
