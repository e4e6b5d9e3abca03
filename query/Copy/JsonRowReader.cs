using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace NeuroDb.Query;

/// <summary>
/// Reads a file with one JSON object a line: properties go to the columns of their names, objects
/// and arrays to JSON, TEXT and VECTOR columns. A column without a property gets its default.
/// </summary>
internal sealed class JsonRowReader : FileRowReader
{
    private readonly FieldColumn[] _columns;
    private readonly byte[][] _names;
    private readonly Dictionary<string, int> _ordinals = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, (string[] Names, int[] Ordinals)> _selections = [];
    private readonly bool[] _hasDefault;
    private readonly bool _ignoresUnknown;
    private readonly CopyRejects _rejects;
    private readonly bool[] _isGiven;
    private string _missing = "";
    private string _batchMissing = "";
    private long _line;
    private byte[] _unescaped = [];

    /// <summary>Begins at the start of a file.</summary>
    public JsonRowReader(
        CopyInput input,
        CopyOptions options,
        IReadOnlyList<ColumnSchema> columns,
        CopyRejects rejects)
        : base(input)
    {
        SkipMark(input);
        _rejects = rejects;
        _ignoresUnknown = options.IgnoresUnknown;
        _columns = [.. columns.Select(FieldColumn.Create)];
        _names = [.. columns.Select(column => Encoding.UTF8.GetBytes(column.Name))];
        _hasDefault = [.. columns.Select(column => column.DefaultSql is not null)];
        _isGiven = new bool[columns.Count];
        for (int i = 0; i < columns.Count; i++)
        {
            _ordinals.Add(columns[i].Name, i);
        }
    }

    /// <inheritdoc/>
    public override CopiedRows? Next()
    {
        var lines = new long[Limits.BatchRowCount];
        long begin = Input.Consumed;
        int count = 0;
        bool isOver = false;
        while (count < lines.Length && Input.Consumed - begin < BatchSizeBytesMax)
        {
            int length = LineLength();
            if (length < 0)
            {
                isOver = true;
                break;
            }

            ReadOnlySpan<byte> line = Input.Available[..length];
            _line++;
            bool isRow = !line.Trim(" \t\r\n"u8).IsEmpty && ReadRow(line, count);
            if (isRow && count > 0 && _missing != _batchMissing)
            {
                // Another set of defaults is another batch; the line is read again for it.
                _line--;
                break;
            }

            Input.Start += length;
            if (isRow)
            {
                _batchMissing = _missing;
                lines[count++] = _line;
            }
        }

        return isOver && count == 0 ? null : Batch(lines, count);
    }

    private CopiedRows Batch(long[] lines, int count)
    {
        if (!_selections.TryGetValue(_batchMissing, out var selection))
        {
            HashSet<int> left = [.. _batchMissing
                .Split(',', StringSplitOptions.RemoveEmptyEntries)
                .Select(text => int.Parse(text, CultureInfo.InvariantCulture))];
            int[] ordinals =
                [.. Enumerable.Range(0, _columns.Length).Where(i => !left.Contains(i))];
            selection = ([.. ordinals.Select(i => _columns[i].Schema.Name)], ordinals);
            _selections.Add(_batchMissing, selection);
        }

        ColumnBuffer[] all = Array.ConvertAll(_columns, column => column.Take(count));
        ColumnBuffer[] given = Array.ConvertAll(selection.Ordinals, i => all[i]);
        return new CopiedRows(new RowBatch(given, count), selection.Names, lines);
    }

    /// <summary>The bytes of the next line with its end; -1 at the end of the file.</summary>
    private int LineLength()
    {
        while (true)
        {
            int end = Input.Available.IndexOf((byte)'\n');
            if (end >= 0)
            {
                return end + 1;
            }

            if (Input.IsAtEnd || !Input.Refill())
            {
                int left = Input.Available.Length;
                return left == 0 ? -1 : left;
            }
        }
    }

    private bool ReadRow(ReadOnlySpan<byte> line, int row)
    {
        int column = -1;
        try
        {
            ReadObject(line, row, ref column);
            return true;
        }
        catch (JsonException error)
        {
            _rejects.Add(_line, null, Malformed($"The line is not JSON: {error.Message}"), line);
        }
        catch (InvalidOperationException)
        {
            // The reader says so of half a surrogate pair.
            _rejects.Add(_line, null, Malformed("An escape of the line is no character."), line);
        }
        catch (NeuroStoreException error)
        {
            _rejects.Add(
                _line,
                column < 0 ? null : (column + 1, _columns[column].Schema.Name),
                error,
                line);
        }

        return false;
    }

    private void ReadObject(ReadOnlySpan<byte> line, int row, ref int column)
    {
        if (!Utf8.IsValid(line))
        {
            throw Malformed("The line is not UTF-8.");
        }

        var json = new Utf8JsonReader(line);
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject)
        {
            throw Malformed("The line is no JSON object; COPY reads one object a line.");
        }

        _isGiven.AsSpan().Clear();
        int expected = 0;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            column = -1;
            int found = Find(ref json, expected);
            json.Read();
            if (found < 0)
            {
                json.Skip();
                continue;
            }

            column = found;
            expected = found + 1;
            if (_isGiven[found])
            {
                throw Malformed("The property is there twice.");
            }

            _isGiven[found] = true;
            SetValue(_columns[found], row, ref json, line);
        }

        column = -1;
        json.Read();
        FillMissing(row);
    }

    private int Find(ref Utf8JsonReader json, int expected)
    {
        if (expected < _names.Length && json.ValueTextEquals(_names[expected]))
        {
            return expected;
        }

        string name = json.GetString()!;
        if (_ordinals.TryGetValue(name, out int ordinal))
        {
            return ordinal;
        }

        return _ignoresUnknown
            ? -1
            : throw new NeuroStoreException(
                ErrorCode.UnknownColumn,
                $"No column is named as the property {ValueText.Shorten(name)}."
                + NearMatch.Hint(name, _ordinals.Keys)
                + " UNKNOWN_COLUMNS ignore leaves such properties out.");
    }

    private void SetValue(
        FieldColumn column, int row, ref Utf8JsonReader json, ReadOnlySpan<byte> line)
    {
        int start = (int)json.TokenStartIndex;
        switch (json.TokenType)
        {
            case JsonTokenType.Null:
                column.SetNull(row);
                break;
            case JsonTokenType.String when column.Schema.Type.Kind != TypeKind.Json:
                column.Set(row, json.ValueIsEscaped ? Unescape(ref json) : json.ValueSpan);
                break;
            default:
                json.Skip();
                column.Set(row, line[start..(int)json.BytesConsumed]);
                break;
        }
    }

    private ReadOnlySpan<byte> Unescape(ref Utf8JsonReader json)
    {
        if (_unescaped.Length < json.ValueSpan.Length)
        {
            _unescaped = new byte[json.ValueSpan.Length];
        }

        return _unescaped.AsSpan(0, json.CopyString(_unescaped));
    }

    private void FillMissing(int row)
    {
        string missing = "";
        for (int i = 0; i < _columns.Length; i++)
        {
            if (_isGiven[i])
            {
                continue;
            }

            _columns[i].SetNull(row);
            if (_hasDefault[i])
            {
                missing += string.Create(CultureInfo.InvariantCulture, $"{i},");
            }
        }

        _missing = missing;
    }
}
