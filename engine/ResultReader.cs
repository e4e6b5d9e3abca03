using NeuroDb.Query;

namespace NeuroDb;

/// <summary>
/// The rows of a query, read forward once. Dispose it before its session runs the next statement.
/// Getters are strict: a value is read as its own type or a wider one, never guessed.
/// </summary>
public sealed class ResultReader : IDisposable, IAsyncDisposable
{
    private readonly RowCursor _cursor;
    private readonly object? _owner;
    private readonly IWorkers _workers;
    private bool _isClosed;

    /// <summary>Makes a reader.</summary>
    /// <param name="cursor">The rows.</param>
    /// <param name="workers">The threads of the database.</param>
    /// <param name="owner">
    /// The session to dispose with the reader, the statement that takes the cursor back, or null.
    /// </param>
    internal ResultReader(RowCursor cursor, IWorkers workers, object? owner)
    {
        _cursor = cursor;
        _workers = workers;
        _owner = owner;
    }

    /// <summary>How many columns each row has.</summary>
    public int FieldCount => _cursor.Columns.Count;

    /// <summary>The rows that the statement changed; -1 for a query.</summary>
    public long RowsAffected => _cursor.RowsAffected;

    /// <summary>Whether the reader was disposed.</summary>
    public bool IsClosed => _isClosed;

    /// <summary>The name of a column.</summary>
    public string GetName(int ordinal) => ColumnAt(ordinal).Name;

    /// <summary>The SQL type of a column.</summary>
    public DataType GetDataType(int ordinal) => ColumnAt(ordinal).Type;

    /// <summary>The .NET type that <see cref="GetValue"/> gives for a column.</summary>
    public Type GetFieldType(int ordinal) => SqlTypes.ClrType(ColumnAt(ordinal).Type);

    /// <summary>The ordinal of the column of that name; an exact match goes first.</summary>
    /// <exception cref="IndexOutOfRangeException">There is none.</exception>
    public int GetOrdinal(string name) => _cursor.FindColumn(name);

    /// <summary>Goes to the next row; false when there is none.</summary>
    public bool Read()
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        return _cursor.Read();
    }

    /// <summary>
    /// Goes to the next row without blocking the caller; false when there is none.
    /// </summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public ValueTask<bool> ReadAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<bool>(cancellationToken);
        }

        return _cursor.IsNextRowReady
            ? ValueTask.FromResult(_cursor.Read())
            : new ValueTask<bool>(Background.Run(_workers, _cursor.Read, cancellationToken));
    }

    /// <summary>Whether the value is NULL.</summary>
    public bool IsNull(int ordinal) => Row.IsNull(ordinal);

    /// <summary>The value of a BOOLEAN.</summary>
    public bool GetBoolean(int ordinal) => Row.GetBoolean(ordinal);

    /// <summary>The value of an INTEGER, or of a BIGINT that fits.</summary>
    /// <exception cref="OverflowException">It does not fit.</exception>
    public int GetInt32(int ordinal) => checked((int)Row.GetInt64(ordinal));

    /// <summary>The value of an INTEGER or BIGINT.</summary>
    public long GetInt64(int ordinal) => Row.GetInt64(ordinal);

    /// <summary>The value of a REAL or DECIMAL, as 32 bits.</summary>
    public float GetFloat(int ordinal) => Row.GetFloat(ordinal);

    /// <summary>The value of a REAL, DOUBLE PRECISION, score or DECIMAL.</summary>
    public double GetDouble(int ordinal) => Row.GetDouble(ordinal);

    /// <summary>The value of a DECIMAL.</summary>
    public decimal GetDecimal(int ordinal) => Row.GetDecimal(ordinal);

    /// <summary>The value of a TEXT or JSON.</summary>
    public string GetString(int ordinal) => Row.GetString(ordinal);

    /// <summary>The value of a TIMESTAMP, or of a DATE at midnight.</summary>
    public DateTime GetDateTime(int ordinal) => Row.GetDateTime(ordinal);

    /// <summary>The value of a DATE.</summary>
    public DateOnly GetDate(int ordinal) => Row.GetDate(ordinal);

    /// <summary>The value of a TIME of day.</summary>
    public TimeOnly GetTime(int ordinal) => Row.GetTime(ordinal);

    /// <summary>The value of a UUID.</summary>
    public Guid GetGuid(int ordinal) => Row.GetGuid(ordinal);

    /// <summary>The bytes of a BLOB, without a copy.</summary>
    public ReadOnlyMemory<byte> GetBlob(int ordinal) => Row.GetBlob(ordinal);

    /// <summary>
    /// A stream over the bytes of a BLOB; a large one is read as the stream is. Read it before the
    /// reader goes on.
    /// </summary>
    public Stream GetStream(int ordinal) => FieldReader.OpenStream(Row, ordinal);

    /// <summary>
    /// A reader over the characters of a TEXT or JSON; a large one is read as the reader is.
    /// </summary>
    public TextReader GetTextReader(int ordinal) => FieldReader.OpenText(Row, ordinal);

    /// <summary>
    /// The bytes of a BLOB, or of a TEXT or JSON in UTF-8, to be read at any place.
    /// </summary>
    public ValueReader OpenBlob(int ordinal) => FieldReader.OpenBlob(Row, ordinal);

    /// <summary>The elements of a VECTOR, without a copy.</summary>
    public ReadOnlyMemory<float> GetVector(int ordinal) => Row.GetVector(ordinal);

    /// <summary>The value as its .NET type; null for NULL.</summary>
    public object? GetValue(int ordinal) => Row.GetValue(ordinal);

    /// <summary>
    /// The value as T; a nullable T is null for NULL. Beyond the types of the other getters:
    /// smaller and unsigned integers and enums (checked), char, byte and float arrays, Stream,
    /// TextReader, JsonDocument and DateTimeOffset.
    /// </summary>
    /// <exception cref="InvalidCastException">The value is NULL, or T does not fit it.</exception>
    public T GetFieldValue<T>(int ordinal) => FieldReader.Get<T>(Row, ordinal);

    /// <summary>Frees what the query holds.</summary>
    public void Dispose()
    {
        if (!_isClosed)
        {
            _isClosed = true;
            _cursor.Dispose();
            switch (_owner)
            {
                case Statement statement:
                    statement.Finish(_cursor);
                    break;
                case Session session:
                    session.Dispose();
                    break;
                default:
                    break;
            }
        }
    }

    /// <summary>Frees what the query holds.</summary>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    // The cursor of a closed reader may belong to the next run of its statement already.
    private RowCursor Row => _isClosed
        ? throw new InvalidOperationException(
            "The reader is closed; read the values before disposing it.")
        : _cursor;

    private OutputColumn ColumnAt(int ordinal) => (uint)ordinal < (uint)_cursor.Columns.Count
        ? _cursor.Columns[ordinal]
        : throw new IndexOutOfRangeException(
            $"The result has {_cursor.Columns.Count} columns; there is none at {ordinal}.");
}
