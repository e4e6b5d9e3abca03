using System.Buffers;

namespace NeuroDb.Storage;

/// <summary>
/// Reads every page of an open segment and goes on behind damage, so that all of it is found; then
/// decodes what is whole and holds the key runs against the columns.
/// </summary>
internal sealed class SegmentVerifier
{
    private readonly SegmentFile _file;
    private readonly TableSchema _schema;
    private TableSchema? _written;
    private readonly FindingList _findings;
    private readonly CancellationToken _cancellation;

    private SegmentVerifier(
        SegmentFile file,
        TableSchema schema,
        FindingList findings,
        CancellationToken cancellation)
    {
        _file = file;
        _schema = schema;
        _findings = findings;
        _cancellation = cancellation;
    }

    /// <summary>Verifies a segment.</summary>
    /// <param name="file">The segment.</param>
    /// <param name="schema">The table.</param>
    /// <param name="isQuick">Whether the checksums are enough.</param>
    /// <param name="findings">Takes what is found.</param>
    /// <param name="cancellation">Looked at between pages.</param>
    public static void Verify(
        SegmentFile file,
        TableSchema schema,
        bool isQuick,
        FindingList findings,
        CancellationToken cancellation)
    {
        long before = findings.Count;
        var verifier = new SegmentVerifier(file, schema, findings, cancellation);
        findings.Try(schema.Name, file.VerifyTails);
        verifier.VerifyPages();
        if (findings.Count == before && !isQuick)
        {
            verifier.VerifyContent();
        }
    }

    private void VerifyPages()
    {
        SegmentPages pages = _file.Pages;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(
            SegmentFormat.PageSizeBytes + SegmentFormat.VectorAlignmentBytes);
        try
        {
            for (int extent = 0; extent < _file.Directory.Extents.Length; extent++)
            {
                for (int page = 0; page < pages.PageCountOf(extent); page++)
                {
                    _cancellation.ThrowIfCancellationRequested();
                    int length = (int)pages.LengthOf(extent, page, 1);
                    _findings.Try(
                        _schema.Name,
                        () => pages.Read(extent, page, 1, buffer.AsSpan(0, length)));
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void VerifyContent()
    {
        var runs = new KeyRunBuilder[_schema.Keys.Count];
        for (int key = 0; key < runs.Length; key++)
        {
            runs[key] = new KeyRunBuilder();
        }

        bool isWhole = true;
        long lastNumber = -1;
        for (int chunk = 0; chunk < _file.ChunkCount; chunk++)
        {
            _cancellation.ThrowIfCancellationRequested();
            int current = chunk;
            isWhole &= _findings.Try(
                _schema.Name, () => VerifyChunk(current, runs, ref lastNumber));
        }

        for (int key = 0; isWhole && key < runs.Length; key++)
        {
            int current = key;
            _findings.Try(_schema.Name, () => VerifyKey(current, runs[current]));
        }

        Array.ForEach(runs, static run => run.Dispose());
    }

    private void VerifyChunk(int chunk, KeyRunBuilder[] runs, ref long lastNumber)
    {
        int count = _file.RowCountOf(chunk);
        long[] numbers = _file.ReadRowNumbers(chunk);
        Check(numbers[0] > lastNumber, "row numbers that do not ascend from chunk to chunk");
        lastNumber = numbers[^1];
        var columns = new ColumnStore[_schema.Columns.Count];
        for (int column = 0; column < columns.Length; column++)
        {
            columns[column] = _file.Read(chunk, column);
            VerifyZone(chunk, column, columns[column], count);
        }

        int first = chunk * Limits.ChunkRowCount;
        for (int key = 0; key < runs.Length; key++)
        {
            for (int row = 0; row < count; row++)
            {
                if (KeyCode.TryOf(_schema, _schema.Keys[key], columns, row, out ulong code))
                {
                    runs[key].Add(code, first + row);
                }
            }
        }
    }

    private void VerifyZone(int chunk, int column, ColumnStore values, int count)
    {
        ZoneMap zone = _file.Zone(chunk, column);
        int nulls = 0;
        bool isInside = true;
        var numbers = values as ColumnStore<long>;
        bool hasBounds = zone.HasBounds && numbers is not null;
        for (int row = 0; row < count; row++)
        {
            if (values.IsNull(row))
            {
                nulls++;
            }
            else if (hasBounds)
            {
                long value = numbers!.Values[row];
                isInside &= value >= zone.Minimum.AsInt64() && value <= zone.Maximum.AsInt64();
            }
        }

        ColumnSchema definition = _schema.Columns[column];
        Check(nulls == zone.NullCount, $"column {definition.Name} has other NULLs than counted");
        Check(isInside, $"column {definition.Name} has values outside its bounds");
        Check(
            nulls == 0 || (_written ??= _file.WrittenSchema()).Columns[column].IsNullable,
            $"column {definition.Name} has NULLs and must not");
    }

    private void VerifyKey(int key, KeyRunBuilder expected)
    {
        expected.Sort();
        KeyRun run = _file.Key(key);
        string name = _schema.Keys[key].Name;
        Check(run.Count == expected.Count, $"key {name} has {run.Count} entries for "
            + $"{expected.Count} rows");
        int at = 0;
        while (at < expected.Count)
        {
            _cancellation.ThrowIfCancellationRequested();
            KeyPiece piece = run.Piece(at / KeyRun.PieceEntryCount);
            for (int i = 0; i < piece.Codes.Length; i++, at++)
            {
                bool isSame = piece.Codes[i] == expected.Codes[at]
                    && piece.Ordinals[i] == expected.Ordinals[at];
                Check(isSame, $"key {name} leads to other rows than the columns have");
            }
        }
    }

    private void Check(bool condition, string detail)
    {
        if (!condition)
        {
            throw new CorruptionException(_file.Path, 0, detail);
        }
    }
}
