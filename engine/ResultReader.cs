using NeuroDb.Query;

namespace NeuroDb;

/// <summary>
/// The rows of a query, read forward once. Dispose it before its session runs the next statement.
/// Getters are strict: a value is read as its own type or a wider one, never guessed.
/// </summary>
public sealed class ResultReader : IDisposable, IAsyncDisposable
{
    private readonly RowCursor _cursor;
    private readonly Session? _ownedSession;
    private readonly IWorkers _workers;
    private bool _isClosed;

    internal ResultReader(StatementResult result, IWorkers workers, Session? ownedSession)
    {
        _cursor = new RowCursor(result);
        _workers = workers;
        _ownedSession = ownedSession;
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
    public Type GetFieldType(int ordinal) => SqlTypes.ClrType(ColumnAt(ordinal).Type.Kind);

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
    public bool IsNull(int ordinal) => _cursor.IsNull(ordinal);

    /// <summary>The value of a BOOLEAN.</summary>
    public bool GetBoolean(int ordinal) => _cursor.GetBoolean(ordinal);

    /// <summary>The value of an INTEGER, or of a BIGINT that fits.</summary>
    /// <exception cref="OverflowException">It does not fit.</exception>
    public int GetInt32(int ordinal) => checked((int)_cursor.GetInt64(ordinal));

    /// <summary>The value of an INTEGER or BIGINT.</summary>
    public long GetInt64(int ordinal) => _cursor.GetInt64(ordinal);

    /// <summary>The value of a REAL or DECIMAL, as 32 bits.</summary>
    public float GetFloat(int ordinal) => _cursor.GetFloat(ordinal);

    /// <summary>The value of a REAL, DOUBLE PRECISION, score or DECIMAL.</summary>
    public double GetDouble(int ordinal) => _cursor.GetDouble(ordinal);

    /// <summary>The value of a DECIMAL.</summary>
    public decimal GetDecimal(int ordinal) => _cursor.GetDecimal(ordinal);

    /// <summary>The value of a TEXT or JSON.</summary>
    public string GetString(int ordinal) => _cursor.GetString(ordinal);

    /// <summary>The value of a TIMESTAMP, or of a DATE at midnight.</summary>
    public DateTime GetDateTime(int ordinal) => _cursor.GetDateTime(ordinal);

    /// <summary>The value of a DATE.</summary>
    public DateOnly GetDate(int ordinal) => _cursor.GetDate(ordinal);

    /// <summary>The value of a UUID.</summary>
    public Guid GetGuid(int ordinal) => _cursor.GetGuid(ordinal);

    /// <summary>The bytes of a BLOB, without a copy.</summary>
    public ReadOnlyMemory<byte> GetBlob(int ordinal) => _cursor.GetBlob(ordinal);

    /// <summary>The elements of a VECTOR, without a copy.</summary>
    public ReadOnlyMemory<float> GetVector(int ordinal) => _cursor.GetVector(ordinal);

    /// <summary>The value as its .NET type; null for NULL.</summary>
    public object? GetValue(int ordinal) => _cursor.GetValue(ordinal);

    /// <summary>
    /// The value as T; a nullable T is null for NULL. Beyond the types of the other getters:
    /// smaller and unsigned integers and enums (checked), char, byte and float arrays, Stream,
    /// TextReader, JsonDocument and DateTimeOffset.
    /// </summary>
    /// <exception cref="InvalidCastException">The value is NULL, or T does not fit it.</exception>
    public T GetFieldValue<T>(int ordinal) => FieldReader.Get<T>(_cursor, ordinal);

    /// <summary>Frees what the query holds.</summary>
    public void Dispose()
    {
        if (!_isClosed)
        {
            _isClosed = true;
            _cursor.Dispose();
            _ownedSession?.Dispose();
        }
    }

    /// <summary>Frees what the query holds.</summary>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private OutputColumn ColumnAt(int ordinal) => (uint)ordinal < (uint)_cursor.Columns.Count
        ? _cursor.Columns[ordinal]
        : throw new IndexOutOfRangeException(
            $"The result has {_cursor.Columns.Count} columns; there is none at {ordinal}.");
}
