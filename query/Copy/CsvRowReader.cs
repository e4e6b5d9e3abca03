using System.Globalization;

namespace NeuroDb.Query;

/// <summary>
/// Reads the records of a CSV file. An unquoted field that is the text of NULL is NULL; a field in
/// quotes never is. Empty lines are no rows, unless the rows have one column.
/// </summary>
internal sealed class CsvRowReader : FileRowReader
{
    private readonly CsvScanner _scanner;
    private readonly CopyRejects _rejects;
    private readonly byte[] _nullText;
    private readonly FieldColumn?[] _fields;
    private readonly FieldColumn[] _columns;
    private readonly string[] _names;
    private bool _isOver;

    /// <summary>Begins; reads the header if there is one.</summary>
    public CsvRowReader(
        CopyInput input,
        CopyOptions options,
        IReadOnlyList<ColumnSchema> columns,
        CopyRejects rejects,
        NoticeList notices)
        : base(input)
    {
        SkipMark(input);
        _rejects = rejects;
        _nullText = options.NullText;
        _scanner = new CsvScanner(input, options);
        string[]? header = options.Header == CopyHeader.None ? null : ReadHeader();
        _fields = CsvHeader.Assign(header, options, columns, input.Name, notices);
        _columns = [.. _fields.OfType<FieldColumn>()];
        _names = [.. _columns.Select(column => column.Schema.Name)];
    }

    /// <inheritdoc/>
    public override CopiedRows? Next()
    {
        if (_isOver)
        {
            return null;
        }

        var lines = new long[Limits.BatchRowCount];
        long begin = Input.Consumed;
        int count = 0;
        while (count < lines.Length && Input.Consumed - begin < BatchSizeBytesMax)
        {
            if (!_scanner.TryNext())
            {
                _isOver = true;
                break;
            }

            if (_scanner.IsBlank && _fields.Length != 1)
            {
                continue;
            }

            lines[count] = _scanner.Line;
            if (ReadRow(count))
            {
                count++;
            }
        }

        ColumnBuffer[] buffers = Array.ConvertAll(_columns, column => column.Take(count));
        return new CopiedRows(new RowBatch(buffers, count), _names, lines);
    }

    private string[]? ReadHeader()
    {
        if (!_scanner.TryNext())
        {
            return null;
        }

        if (_scanner.Fault != CsvFault.None)
        {
            throw Malformed($"{Input.Name}, line 1: {FaultText()}");
        }

        var names = new string[_scanner.FieldCount];
        for (int i = 0; i < names.Length; i++)
        {
            names[i] = FieldColumn.TextOf(_scanner.Field(i)).Trim();
        }

        return names;
    }

    private bool ReadRow(int row)
    {
        if (_scanner.Fault != CsvFault.None || _scanner.FieldCount != _fields.Length)
        {
            _rejects.Add(_scanner.Line, null, Malformed(ShapeText()), _scanner.Raw);
            return false;
        }

        for (int i = 0; i < _fields.Length; i++)
        {
            if (_fields[i] is { } column && !TrySet(column, i, row))
            {
                return false;
            }
        }

        return true;
    }

    private bool TrySet(FieldColumn column, int field, int row)
    {
        ReadOnlySpan<byte> text = _scanner.Field(field);
        if (text.Length == _nullText.Length && text.SequenceEqual(_nullText)
            && !_scanner.IsQuoted(field))
        {
            column.SetNull(row);
            return true;
        }

        try
        {
            column.Set(row, text);
            return true;
        }
        catch (NeuroStoreException error)
        {
            _rejects.Add(
                _scanner.Line, (field + 1, column.Schema.Name), error, _scanner.Raw);
            return false;
        }
    }

    private string ShapeText()
    {
        if (_scanner.Fault != CsvFault.None)
        {
            return FaultText();
        }

        string counts = string.Create(
            CultureInfo.InvariantCulture,
            $"The line has {_scanner.FieldCount} fields, expected are {_fields.Length}.");
        bool endsEmpty = _scanner.FieldCount == _fields.Length + 1
            && _scanner.Field(_fields.Length).IsEmpty;
        return endsEmpty ? counts + " It ends with a delimiter." : counts;
    }

    private string FaultText() => _scanner.Fault == CsvFault.UnterminatedQuote
        ? "A quote that begins here is not closed before the end of the file."
        : "Text follows a closing quote; a quote inside quotes is written twice.";
}
