namespace NeuroDb.Storage;

/// <summary>
/// Opens the segments that commits of the log brought, and those of which nobody knows whether
/// they were committed because the log lost records.
/// </summary>
/// <param name="files">The disk.</param>
/// <param name="names">The names of the files.</param>
/// <param name="open">Opens a segment, whatever is left of it.</param>
/// <param name="losses">Takes what is lost.</param>
internal sealed class SegmentSalvage(
    IFileSystem files,
    DatabaseFiles names,
    Func<string, (SegmentFile File, TableSchema Schema)> open,
    LossList losses)
{
    private readonly HashSet<long> _known = [];

    /// <summary>Takes a segment of a commit into its table.</summary>
    /// <param name="table">The table; null if it was dropped, or its definition is lost.</param>
    /// <param name="segment">What the log says.</param>
    public void Add(SalvagedTable? table, AddedSegment segment)
    {
        _known.Add(segment.SegmentId);
        if (table is null)
        {
            return;
        }

        int known = table.Parts.FindIndex(
            part => part.File.Identity.SegmentId == segment.SegmentId);
        if (known >= 0)
        {
            SalvagedPart part = table.Parts[known];
            if (part.BaseRowId < 0)
            {
                table.Parts[known] = part with
                {
                    BaseRowId = segment.FirstRowId,
                    Dead = BulkParts.DeadOf(segment.DeadRows, part.File.ChunkCount, part.Dead),
                };
            }

            return;
        }

        if (segment.FirstRowId < table.SealedEnd)
        {
            // The manifest names what became of it.
            return;
        }

        long last = segment.FirstRowId + segment.Info.RowCount - 1;
        string path = names.SegmentPath(segment.SegmentId);
        losses.Try(table.Schema.Name, path, segment.FirstRowId, last, () =>
        {
            SegmentFile file = open(path).File;
            table.Parts.Add(new SalvagedPart(
                file,
                segment.FirstRowId,
                BulkParts.DeadOf(segment.DeadRows, file.ChunkCount)));
        });
    }

    /// <summary>
    /// Finds segments of transactions that nothing left of the log names: they were committed by a
    /// record that is lost, or never. Their rows go into tables of their own.
    /// </summary>
    /// <param name="tables">The tables with the segments that are known.</param>
    public IReadOnlyList<(SegmentFile File, TableSchema Schema)> FindUnconfirmed(
        IReadOnlyDictionary<int, SalvagedTable> tables)
    {
        var found = new List<(SegmentFile File, TableSchema Schema)>();
        if (!files.DirectoryExists(names.SegmentDirectory))
        {
            return found;
        }

        _known.UnionWith(tables.Values
            .SelectMany(static table => table.Parts)
            .Select(static part => part.File.Identity.SegmentId));
        foreach (string path in files.List(names.SegmentDirectory)
            .Where(DatabaseFiles.IsSegment)
            .Where(path => !_known.Any(id => names.SegmentPath(id) == path)))
        {
            losses.Try(string.Empty, "whether its rows were ever committed is not known", () =>
            {
                (SegmentFile file, TableSchema schema) = open(path);
                if (file.Directory.BaseRowId >= 0)
                {
                    // Written by a checkpoint, of rows that other segments have.
                    file.Dispose();
                    return;
                }

                found.Add((file, tables.TryGetValue(file.Identity.TableId, out SalvagedTable? own)
                    ? own.Schema
                    : schema));
            });
        }

        return found;
    }
}
