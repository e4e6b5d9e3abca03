namespace NeuroDb.Storage;

/// <summary>
/// Checks that the tables of a directory agree with each other, with the schema and with the
/// footer, before anything is read by them: then every extent lies where it must and no count
/// leads out of a table.
/// </summary>
internal sealed class SegmentDirectoryCheck
{
    private readonly SegmentDirectory _directory;
    private readonly TableSchema _schema;
    private readonly SegmentLayout _layout;
    private readonly string _path;

    private SegmentDirectoryCheck(
        SegmentDirectory directory, TableSchema schema, SegmentLayout layout, string path)
    {
        _directory = directory;
        _schema = schema;
        _layout = layout;
        _path = path;
    }

    /// <summary>Checks a directory.</summary>
    public static void Check(
        SegmentDirectory directory, TableSchema schema, SegmentLayout layout, string path)
    {
        var check = new SegmentDirectoryCheck(directory, schema, layout, path);
        check.CheckSchema();
        int extent = check.CheckChunks();
        extent = check.CheckKeys(extent);
        check.Check(extent == directory.Extents.Length, "another count of extents");
        check.CheckExtents();
    }

    private void CheckSchema()
    {
        Check(
            _directory.SchemaFingerprint == SchemaFingerprint.Of(_schema)
            && _directory.ColumnCount == _schema.Columns.Count
            && _directory.Keys.Length == _schema.Keys.Count,
            $"the columns of another table than {_schema.Name}");
    }

    private int CheckChunks()
    {
        ChunkRecord[] chunks = _directory.Chunks;
        long rows = 0;
        long lastRowNumber = -1;
        int extent = 0;
        for (int i = 0; i < chunks.Length; i++)
        {
            ChunkRecord chunk = chunks[i];
            bool isFull = chunk.RowCount == Limits.ChunkRowCount;
            bool isLast = i == chunks.Length - 1;
            Check(
                isFull || (isLast && chunk.RowCount is > 0 and < Limits.ChunkRowCount),
                "a chunk of a wrong size");
            bool isConsecutive = chunk.Flags == SegmentFormat.ConsecutiveFlag;
            long gaps = chunk.LastRowNumber - chunk.FirstRowNumber - (chunk.RowCount - 1);
            Check(chunk.Flags <= SegmentFormat.ConsecutiveFlag && chunk.Unused == 0, "flags");
            Check(
                chunk.FirstRowNumber > lastRowNumber && gaps >= 0 && isConsecutive == (gaps == 0),
                "row numbers that do not ascend");
            Check(chunk.FirstExtent == extent, "a chunk with extents of another");
            extent += _directory.ColumnCount + (isConsecutive ? 0 : 1);
            rows += chunk.RowCount;
            lastRowNumber = chunk.LastRowNumber;
        }

        Check(rows == _layout.RowCount, "another count of rows than the footer");
        return extent;
    }

    private int CheckKeys(int extent)
    {
        int fence = 0;
        for (int i = 0; i < _directory.Keys.Length; i++)
        {
            KeyRecord key = _directory.Keys[i];
            uint flags = KeyCode.IsOrdered(_schema, _schema.Keys[i])
                ? SegmentFormat.OrderedFlag
                : 0;
            long pieces = ((long)key.EntryCount + KeyRun.PieceEntryCount - 1)
                / KeyRun.PieceEntryCount;
            Check(
                key.EntryCount >= 0 && key.EntryCount <= _layout.RowCount
                && key.PieceCount == pieces && key.FirstExtent == extent
                && key.FirstFence == fence && key.Flags == flags && key.Unused == 0,
                "an impossible key run");
            Check(pieces <= _directory.Fences.Length - fence, "too few fences");
            ulong last = 0;
            foreach (ulong code in _directory.Fences.AsSpan(fence, key.PieceCount))
            {
                Check(code >= last, "fences that do not ascend");
                last = code;
            }

            Check(key.CodeMax >= last, "a highest code below a fence");
            fence += key.PieceCount;
            extent += key.PieceCount;
        }

        Check(fence == _directory.Fences.Length, "another count of fences");
        return extent;
    }

    private void CheckExtents()
    {
        long end = SegmentFormat.BlockSizeBytes;
        long pages = 0;
        int zone = 0;
        foreach (ExtentRecord extent in _directory.Extents)
        {
            bool isRaw = extent.Encoding == SegmentEncoding.RawVector;
            Check(extent.Offset == SegmentFormat.Align(end, isRaw), "an extent out of place");
            Check(
                extent.Length > 0 && extent.Length <= _layout.DirectoryOffset - extent.Offset,
                "an extent of a wrong length");
            Check(
                extent.Encoding is >= SegmentEncoding.Plain and <= SegmentEncoding.PackedVector
                && extent.Zone <= ZoneKind.Enclosing && extent.Unused == 0,
                "an unknown encoding");
            Check(
                extent.NullCount >= 0 && extent.NullCount <= Limits.ChunkRowCount,
                "an impossible count of NULLs");
            Check(
                extent.ZoneOffset == zone && extent.ZoneLength >= 0
                && extent.ZoneLength <= _directory.Zones.Length - zone
                && (extent.Zone == ZoneKind.None) == (extent.ZoneLength == 0),
                "bounds out of place");
            end = extent.Offset + extent.Length;
            zone += extent.ZoneLength;
            pages += SegmentFormat.PageCountOf(extent.Length);
        }

        Check(zone == _directory.Zones.Length, "bounds of no column");
        Check(pages == _layout.PageCount, "another count of pages");
        Check(
            SegmentFormat.Align(end, isRawVector: false) == _layout.DirectoryOffset,
            "extents that do not end at the directory");
        foreach (ChunkRecord chunk in _directory.Chunks)
        {
            for (int column = 0; column < _directory.ColumnCount; column++)
            {
                Check(
                    _directory.Extents[chunk.FirstExtent + column].NullCount <= chunk.RowCount,
                    "more NULLs than rows");
            }
        }
    }

    private void Check(bool condition, string detail)
    {
        if (!condition)
        {
            throw new CorruptionException(
                _path, _layout.DirectoryOffset, $"the directory of the segment holds {detail}");
        }
    }
}
