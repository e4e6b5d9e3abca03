namespace NeuroDb.Query;

/// <summary>The columns that images and their labels go to, and the rows read so far.</summary>
internal sealed class ImageColumns
{
    private readonly string _source;
    private readonly FieldColumn[] _columns;
    private readonly FieldColumn _image;
    private readonly FieldColumn? _label;
    private readonly long[] _lines = new long[Limits.BatchRowCount];

    /// <summary>Chooses: the column of bytes takes images, and another one labels.</summary>
    public ImageColumns(string source, IReadOnlyList<ColumnSchema> columns)
    {
        _source = source;
        _columns = [.. columns.Select(FieldColumn.Create)];
        Names = [.. columns.Select(column => column.Name)];
        FieldColumn[] images =
            [.. _columns.Where(column => column.Schema.Type.Kind == TypeKind.Blob)];
        if (images.Length != 1 || columns.Count > 2)
        {
            throw new NeuroStoreException(
                ErrorCode.WrongColumnCount,
                $"{source} fills one IMAGE column, and one column of labels; name them behind the "
                + "table, as in COPY t (label, pic) FROM ...");
        }

        _image = images[0];
        _label = _columns.FirstOrDefault(column => column != _image);
    }

    /// <summary>The names of the columns.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The rows that were added and not taken.</summary>
    public int Count { get; private set; }

    /// <summary>Whether there is a column for labels.</summary>
    public bool HasLabels => _label is not null;

    /// <summary>The column that images go to.</summary>
    public ColumnSchema Image => _image.Schema;

    /// <summary>Adds a row, or raises a typed error that says which value is wrong.</summary>
    public void Add(long line, Value label, byte[] image)
    {
        Invariant.Check(Count < _lines.Length);
        if (_label is not null)
        {
            DataType from = label.Kind == TypeKind.Text ? DataType.Text : DataType.BigInt;
            _label.Set(Count, ValueConverter.Convert(
                label, from, _label.Schema.Type, CastKind.Assignment, default));
        }

        EncodedValues.Check(image, _image.Schema.Type, default);
        _image.Set(Count, Value.Of(image));
        _lines[Count++] = line;
    }

    /// <summary>The rows since the last call.</summary>
    public CopiedRows Take()
    {
        int count = Count;
        Count = 0;
        ColumnBuffer[] buffers = Array.ConvertAll(_columns, column => column.Take(count));
        return new CopiedRows(new RowBatch(buffers, count), Names, _lines[..count]);
    }

    /// <summary>The error for a source that does not fit.</summary>
    public NeuroStoreException Malformed(string message) =>
        new(ErrorCode.MalformedFile, $"{_source}: {message}");
}
