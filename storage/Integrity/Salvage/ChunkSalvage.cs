namespace NeuroDb.Storage;

/// <summary>
/// Reads what is left of the chunks of a segment, column by column: damage of one column takes
/// nothing of the others. A column that cannot be read is made again where something else tells
/// all its values: bounds that are equal, or the sorted run of a key. Else the rows are lost whose
/// values have bytes in damaged pages.
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

    /// <summary>Reads a chunk and notes what some of its rows lost.</summary>
    /// <param name="chunk">Which one.</param>
    /// <param name="rows">The rows that are wanted; what others lost is no loss.</param>
    /// <param name="rowIds">The numbers of all rows of the chunk.</param>
    public SalvagedChunk Read(int chunk, IReadOnlyList<int> rows, long[] rowIds)
    {
        var columns = new ColumnStore[_schema.Columns.Count];
        var lost = new bool[]?[columns.Length];
        for (int i = 0; i < columns.Length; i++)
        {
            if (i >= _file.Directory.ColumnCount)
            {
                columns[i] = ColumnStore.Initial(_schema.Columns[i], _file.RowCountOf(chunk));
                continue;
            }

            try
            {
                columns[i] = _file.Read(chunk, i);
            }
            catch (NeuroStoreException damage)
                when (damage.Code is ErrorCode.Corruption or ErrorCode.InputOutput)
            {
                columns[i] = ReadDamaged(chunk, i, out lost[i]);
                if (lost[i] is not null)
                {
                    Note(chunk, i, damage, rows, rowIds, lost[i]!);
                }
            }
        }

        return new SalvagedChunk(columns, lost);
    }

    /// <summary>The number of each row of a chunk.</summary>
    /// <param name="chunk">Which one.</param>
    /// <param name="isKnown">
    /// Whether they are the right ones; if they cannot be read, the numbers only ascend within
    /// those that the chunk can have.
    /// </param>
    public long[] RowIds(int chunk, out bool isKnown)
    {
        long first = Math.Max(0, _part.BaseRowId);
        isKnown = true;
        try
        {
            return [.. _file.ReadRowNumbers(chunk).Select(number => first + number)];
        }
        catch (NeuroStoreException damage)
            when (damage.Code is ErrorCode.Corruption or ErrorCode.InputOutput)
        {
            isKnown = false;
            long begin = first + _file.FirstRowNumber(chunk);
            return [.. Enumerable.Range(0, _file.RowCountOf(chunk)).Select(row => begin + row)];
        }
    }

    private ColumnStore ReadDamaged(int chunk, int column, out bool[]? lost)
    {
        if (TryMake(chunk, column, out ColumnStore? made, out lost))
        {
            return made!;
        }

        int extent = _file.Directory.Chunks[chunk].FirstExtent + column;
        int count = _file.RowCountOf(chunk);
        DataType type = _schema.Columns[column].Type;
        if (!ColumnSalvage.TryRead(_file.Pages, extent, type, count, out made, out lost))
        {
            made = AllNull(type, count);
            lost.AsSpan().Fill(true);
        }

        lost = Array.IndexOf(lost, true) < 0 ? null : lost;
        return made!;
    }

    // One note for each range of lost rows with no other row between them.
    private void Note(
        int chunk,
        int column,
        NeuroStoreException damage,
        IReadOnlyList<int> rows,
        long[] rowIds,
        bool[] lost)
    {
        var place = damage as CorruptionException ?? new CorruptionException(
            _file.Path,
            _file.Directory.Extents[_file.Directory.Chunks[chunk].FirstExtent + column].Offset,
            damage.Message);
        int at = 0;
        while (at < rows.Count)
        {
            int end = at;
            while (end < rows.Count && lost[rows[end]])
            {
                end++;
            }

            if (end > at)
            {
                string name = _schema.Columns[column].Name;
                _losses.AddRows(
                    _schema.Name,
                    place,
                    rowIds[rows[at]],
                    rowIds[rows[end - 1]],
                    $"column {name} of {end - at} rows cannot be read");
            }

            at = end + 1;
        }
    }

    private bool TryMake(int chunk, int column, out ColumnStore? made, out bool[]? lost)
    {
        lost = null;
        int count = _file.RowCountOf(chunk);
        DataType type = _schema.Columns[column].Type;
        made = null;
        ZoneMap zone = _file.Zone(chunk, column);
        if (zone.NullCount == count)
        {
            made = AllNull(type, count);
            return true;
        }

        bool isConstant = zone.NullCount == 0 && zone.HasBounds && zone.IsExact;
        if (isConstant && type.Physical == PhysicalKind.Text)
        {
            string text = zone.Minimum.AsText();
            if (text == zone.Maximum.AsText())
            {
                var texts = new string[count];
                texts.AsSpan().Fill(text);
                made = new ColumnStore<string>(type, texts, null);
            }

            return made is not null;
        }

        if (type.Physical != PhysicalKind.Int64)
        {
            return false;
        }

        if (isConstant && zone.Minimum.AsInt64() == zone.Maximum.AsInt64())
        {
            var values = new long[count];
            values.AsSpan().Fill(zone.Minimum.AsInt64());
            made = new ColumnStore<long>(type, values, null);
            return true;
        }

        return TryMakeKey(chunk, column, zone.NullCount, out made, out lost);
    }

    private static ColumnStore AllNull(DataType type, int count)
    {
        ColumnBuilder builder = ColumnBuilder.Create(type, count);
        for (int i = 0; i < count; i++)
        {
            builder.AppendNull();
        }

        ColumnStore made = ColumnStore.Create(type);
        made.Reserve(count);
        made.Write(0, builder.Build(), 0, count);
        return made;
    }

    // A row without an entry is NULL, or its piece of the run is damaged too: only if there are no
    // more of them than NULLs are they known to be NULL.
    private bool TryMakeKey(
        int chunk, int column, int nullCount, out ColumnStore? made, out bool[]? lost)
    {
        made = null;
        lost = null;
        int count = _file.RowCountOf(chunk);
        int start = chunk * Limits.ChunkRowCount;
        for (int key = 0; key < _schema.Keys.Count; key++)
        {
            int[] ordinals = _schema.Keys[key].Ordinals;
            if (ordinals.Length != 1 || ordinals[0] != column || !_file.Key(key).IsOrdered)
            {
                continue;
            }

            (long[] values, bool[] hasValue) = KeyValues(key);
            bool[] isMissing = [.. hasValue.Skip(start).Take(count).Select(static has => !has)];
            int missing = isMissing.Count(static isGone => isGone);
            if (missing == count)
            {
                continue;
            }

            bool isDecided = missing == nullCount;
            lost = isDecided ? null : isMissing;
            made = new ColumnStore<long>(
                _schema.Columns[column].Type,
                values.AsSpan(start, count).ToArray(),
                isDecided && nullCount > 0
                    ? [.. isMissing.Select(static isNull => (byte)(isNull ? 1 : 0))]
                    : null);
            return true;
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
            catch (NeuroStoreException damage)
                when (damage.Code is ErrorCode.Corruption or ErrorCode.InputOutput)
            {
                // Its rows stay without a value, so no chunk that needs them is made of it.
                continue;
            }
        }

        _keyValues.Add(key, known);
        return known;
    }
}
