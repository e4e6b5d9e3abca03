using System.Buffers.Text;
using System.Text;

namespace NeuroDb.Query;

/// <summary>
/// Writes CSV that COPY FROM with the same options reads back: a text is quoted where it must be,
/// also where it would read as NULL.
/// </summary>
internal sealed class CsvRowWriter : CopyRowWriter
{
    private readonly CopyOptions _options;
    private readonly byte[] _specials;
    private byte[] _text = new byte[256];

    /// <summary>Begins, with the header if one is wanted.</summary>
    public CsvRowWriter(
        CopyOutput output, CopyOptions options, IReadOnlyList<OutputColumn> columns)
        : base(output)
    {
        _options = options;
        _specials =
            [options.Delimiter, options.Quote, options.Escape, (byte)'\r', (byte)'\n'];
        if (options.Header == CopyHeader.None)
        {
            return;
        }

        for (int i = 0; i < columns.Count; i++)
        {
            Separate(i);
            PutText(Encoding.UTF8.GetBytes(columns[i].Name), isQuoted: false);
        }

        Put((byte)'\n');
    }

    /// <inheritdoc/>
    public override void Write(RowBatch rows)
    {
        for (int row = 0; row < rows.Count; row++)
        {
            for (int i = 0; i < rows.Columns.Length; i++)
            {
                Separate(i);
                PutValue(rows.Columns[i], row);
            }

            Put((byte)'\n');
        }
    }

    private void Separate(int field)
    {
        if (field > 0)
        {
            Put(_options.Delimiter);
        }
    }

    private void PutValue(ColumnBuffer column, int row)
    {
        if (column.IsNull(row))
        {
            Put(_options.NullText);
            return;
        }

        if (column.Type.IsInteger)
        {
            long number = ((ColumnBuffer<long>)column).Values[row];
            Utf8Formatter.TryFormat(number, _text, out int digits);
            PutText(_text.AsSpan(0, digits), isQuoted: false);
            return;
        }

        string text = ValueText.Format(column, row);
        int count = Encoding.UTF8.GetMaxByteCount(text.Length);
        if (_text.Length < count)
        {
            _text = new byte[count];
        }

        bool isQuoted = _options.QuotesAll
            && column.Type.Physical is PhysicalKind.Text or PhysicalKind.Blob;
        PutText(_text.AsSpan(0, Encoding.UTF8.GetBytes(text, _text)), isQuoted);
    }

    private void PutText(ReadOnlySpan<byte> text, bool isQuoted)
    {
        if (!isQuoted && !text.ContainsAny(_specials) && !text.SequenceEqual(_options.NullText))
        {
            Put(text);
            return;
        }

        if (_options.Quote == 0)
        {
            throw new NeuroStoreException(
                ErrorCode.InvalidText,
                $"'{ValueText.Shorten(Encoding.UTF8.GetString(text))}' cannot be written without "
                + "quotes. Give QUOTE, or another DELIMITER or NULL.");
        }

        Put(_options.Quote);
        foreach (byte unit in text)
        {
            if (unit == _options.Quote || (unit == _options.Escape && unit != 0))
            {
                Put(_options.Escape == 0 ? _options.Quote : _options.Escape);
            }

            Put(unit);
        }

        Put(_options.Quote);
    }
}
