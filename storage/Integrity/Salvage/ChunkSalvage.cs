namespace NeuroDb.Storage;

/// <summary>
/// Reads what is left of the chunks of a segment. A column that cannot be read is made again where
/// something else tells all its values: bounds that are equal, or the sorted run of a key. Of raw
/// vectors only the rows of the damaged pages are lost; else all rows of the chunk are.
/// </summary>
internal sealed class ChunkSalvage
{
    private readonly SalvagedPart _part;
    private readonly SegmentFile _file;
    private readonly TableSchema _schema;
    private readonly LossList _losses;
    private readonly Dictionary<int, (long[] Values, bool[] HasValue)> _keyValues = [];

    /// <summary>Makes the reader of a segment.</summary>
    public ChunkSalvage(SalvagedPart part, TableSchema schema, LossList losses)
    {
        _part = part;
        _file = part.File;
        _schema = schema;
        _losses = losses;
    }

    /// <summary>Reads a chunk.</summary>
    /// <param name="chunk">Which one.</param>
    /// <param name="columns">The columns.</param>
    /// <param name="isLost">The rows that are lost although their chunk is read.</param>
    /// <returns>False if the whole chunk is lost.</returns>
    public bool TryRead(int chunk, out ColumnStore[] columns, out bool[] isLost)
    {
        columns = new ColumnStore[_schema.Columns.Count];
        isLost = new bool[_file.RowCountOf(chunk)];
        bool isThere = true;
        for (int i = 0; i < columns.Length; i++)
        {
            try
            {
                columns[i] = _file.Read(chunk, i);
            }
            catch (CorruptionException damage)
            {
                bool isMade = TryMake(chunk, i, out ColumnStore? made)
                    || TryReadVectors(chunk, i, isLost, out made);
                if (!isMade)
                {
                    Note(chunk, i, damage);
                    isThere = false;
                }

                columns[i] = made!;
            }
        }

        return isThere;
    }

    /// <summary>The number of each row of a chunk; empty if they cannot be read.</summary>
    public long[] RowIds(int chunk)
    {
        try
        {
            long first = Math.Max(0, _part.BaseRowId);
            return [.. _file.ReadRowNumbers(chunk).Select(number => first + number)];
        }
        catch (CorruptionException damage)
        {
            Note(chunk, -1, damage);
            return [];
        }
    }

    private void Note(int chunk, int column, CorruptionException damage)
    {
        long first = Math.Max(0, _part.BaseRowId);
        string name = column < 0 ? "the row numbers" : $"column {_schema.Columns[column].Name}";
        _losses.AddRows(
            _schema.Name,
            damage,
            first + _file.FirstRowNumber(chunk),
            first + _file.LastRowNumber(chunk),
            $"{name} of {_file.RowCountOf(chunk)} rows cannot be read");
    }

    private bool TryMake(int chunk, int column, out ColumnStore? made)
    {
        int count = _file.RowCountOf(chunk);
        DataType type = _schema.Columns[column].Type;
        made = null;
        ZoneMap zone = _file.Zone(chunk, column);
        if (zone.NullCount == count)
        {
            ColumnBuilder builder = ColumnBuilder.Create(type, count);
            for (int i = 0; i < count; i++)
            {
                builder.AppendNull();
            }

            made = ColumnStore.Create(type);
            made.Reserve(count);
            made.Write(0, builder.Build(), 0, count);
            return true;
        }

        if (type.Physical != PhysicalKind.Int64)
        {
            return false;
        }

        bool isConstant = zone.NullCount == 0 && zone.HasBounds && zone.IsExact
            && zone.Minimum.AsInt64() == zone.Maximum.AsInt64();
        if (isConstant)
        {
            var values = new long[count];
            values.AsSpan().Fill(zone.Minimum.AsInt64());
            made = new ColumnStore<long>(type, values, null);
            return true;
        }

        return TryMakeKey(chunk, column, zone.NullCount, out made);
    }

    private bool TryMakeKey(int chunk, int column, int nullCount, out ColumnStore? made)
    {
        made = null;
        int count = _file.RowCountOf(chunk);
        for (int key = 0; key < _schema.Keys.Count; key++)
        {
            int[] ordinals = _schema.Keys[key].Ordinals;
            if (ordinals.Length != 1 || ordinals[0] != column || !_file.Key(key).IsOrdered)
            {
                continue;
            }

            (long[] values, bool[] hasValue) = KeyValues(key);
            int start = chunk * Limits.ChunkRowCount;
            byte[] nulls = [.. hasValue.Skip(start).Take(count).Select(has => (byte)(has ? 0 : 1))];
            if (nulls.Sum(static mark => mark) == nullCount)
            {
                made = new ColumnStore<long>(
                    _schema.Columns[column].Type,
                    values.AsSpan(start, count).ToArray(),
                    nullCount == 0 ? null : nulls);
                return true;
            }
        }

        return false;
    }

    private (long[] Values, bool[] HasValue) KeyValues(int key)
    {
        if (_keyValues.TryGetValue(key, out (long[] Values, bool[] HasValue) known))
        {
            return known;
        }

        known = (new long[_file.RowCount], new bool[_file.RowCount]);
        KeyRun run = _file.Key(key);
        for (int piece = 0; (long)piece * KeyRun.PieceEntryCount < run.Count; piece++)
        {
            try
            {
                KeyPiece entries = run.Piece(piece);
                for (int i = 0; i < entries.Codes.Length; i++)
                {
                    known.Values[entries.Ordinals[i]] = KeyCode.ValueOf(entries.Codes[i]);
                    known.HasValue[entries.Ordinals[i]] = true;
                }
            }
            catch (CorruptionException)
            {
                // Its rows stay without a value, so no chunk that needs them is made of it.
                continue;
            }
        }

        _keyValues.Add(key, known);
        return known;
    }

    // Raw vectors lie in the file as in memory, so each page holds rows of its own.
    private bool TryReadVectors(int chunk, int column, bool[] isLost, out ColumnStore? made)
    {
        made = null;
        SegmentPages pages = _file.Pages;
        int extent = _file.Directory.Chunks[chunk].FirstExtent + column;
        ExtentRecord record = pages.ExtentAt(extent);
        int count = isLost.Length;
        if (record.Encoding != SegmentEncoding.RawVector
            || NullBits.SizeBytes(count, record.NullCount) > 0
            || record.NullCount > 0)
        {
            return false;
        }

        var vectors = new VectorColumnStore(_schema.Columns[column].Type);
        int rowSize = vectors.Stride * sizeof(float);
        long padded = pages.PaddedLengthOf(extent);
        Span<byte> target = vectors.Refill(count, (int)(padded - ((long)count * rowSize)));
        for (int page = 0; page < pages.PageCountOf(extent); page++)
        {
            int start = page * SegmentFormat.PageSizeBytes;
            int length = (int)pages.LengthOf(extent, page, 1);
            try
            {
                pages.Read(extent, page, 1, target.Slice(start, length));
            }
            catch (CorruptionException damage)
            {
                int first = start / rowSize;
                int last = Math.Min(count, (start + length + rowSize - 1) / rowSize) - 1;
                isLost.AsSpan(first..(last + 1)).Fill(true);
                long[] rowIds = RowIds(chunk);
                _losses.AddRows(
                    _schema.Name,
                    damage,
                    rowIds.Length > 0 ? rowIds[first] : -1,
                    rowIds.Length > 0 ? rowIds[last] : -1,
                    $"vectors of {last - first + 1} rows cannot be read");
            }
        }

        vectors.RefillNulls(null);
        made = vectors;
        return true;
    }
}
