namespace NeuroDb.Query;

/// <summary>
/// The columns that whole files, their labels and their names go to, and the rows read so far.
/// </summary>
internal sealed class FileColumns
{
    private static readonly string[] PathNames = ["file", "path", "filename", "file_name"];
    private static readonly string[] TextNames = ["text", "content", "body"];

    private readonly string _source;
    private readonly FieldColumn[] _columns;
    private readonly FieldColumn _content;
    private readonly FieldColumn? _label;
    private readonly FieldColumn? _path;
    private readonly long[] _lines = new long[Limits.BatchRowCount];

    /// <summary>
    /// Chooses: images and sounds go to the column of bytes, those of IDX files also to a column of
    /// vectors, texts to the one called text, content or body, or to the only one; names to a
    /// column called file, path, filename or file_name; and labels to the other.
    /// </summary>
    public FileColumns(string source, IReadOnlyList<ColumnSchema> columns, CopyFormat format)
    {
        _source = source;
        _columns = [.. columns.Select(FieldColumn.Create)];
        Names = [.. columns.Select(column => column.Name)];
        bool isText = format == CopyFormat.TextFolder;
        _path = format == CopyFormat.Idx ? null
            : _columns.FirstOrDefault(column => IsCalled(column, PathNames)
                && column.Schema.Type.Kind == TypeKind.Text);
        FieldColumn[] rest = [.. _columns.Where(column => column != _path)];
        FieldColumn[] contents = !isText
            ? [.. rest.Where(column => column.Schema.Type.Kind == TypeKind.Blob
                || (format == CopyFormat.Idx && column.Schema.Type.IsNumberVector))]
            : [.. rest.Where(column => column.Schema.Type.Kind == TypeKind.Text
                && (rest.Length == 1 || IsCalled(column, TextNames)))];
        if (contents.Length != 1 || rest.Length > 2)
        {
            string kind = isText ? "a column called text"
                : format == CopyFormat.Idx ? "one IMAGE or VECTOR column"
                : "one IMAGE or AUDIO column";
            throw new NeuroStoreException(
                ErrorCode.WrongColumnCount,
                $"{source} fills {kind}, one column of labels, and one called file with names; "
                + $"name them behind the table, as in COPY t (label, {(isText ? "text" : "pic")}) "
                + "FROM ...");
        }

        _content = contents[0];
        _label = rest.FirstOrDefault(column => column != _content);
    }

    /// <summary>The names of the columns.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The rows that were added and not taken.</summary>
    public int Count { get; private set; }

    /// <summary>The type of the column that contents go to.</summary>
    public DataType ContentType => _content.Schema.Type;

    /// <summary>Whether there is a column for labels.</summary>
    public bool HasLabels => _label is not null;

    /// <summary>Adds a row, or raises a typed error that says which value is wrong.</summary>
    /// <param name="line">The number of the file.</param>
    /// <param name="label">Its label; NULL without one.</param>
    /// <param name="path">Its name below the folder.</param>
    /// <param name="content">Its bytes or text.</param>
    public void Add(long line, Value label, string path, Value content)
    {
        Invariant.Check(Count < _lines.Length);
        if (_label is not null)
        {
            DataType from = label.Kind == TypeKind.Text ? DataType.Text : DataType.BigInt;
            _label.Set(Count, ValueConverter.Convert(
                label, from, _label.Schema.Type, CastKind.Assignment, default));
        }

        if (content.Kind == TypeKind.Blob)
        {
            EncodedValues.Check(content.AsBlob(), _content.Schema.Type, default);
        }

        _path?.Set(Count, Value.Of(path));
        _content.Set(Count, content);
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

    private static bool IsCalled(FieldColumn column, string[] names) =>
        names.Contains(column.Schema.Name, StringComparer.OrdinalIgnoreCase);
}
