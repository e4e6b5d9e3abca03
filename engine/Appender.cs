using System.Globalization;
using NeuroDb.Query;

namespace NeuroDb;

/// <summary>
/// Appends many rows to a table, a million small ones a second and more. Values are given column
/// after column and each row ends with <see cref="EndRow"/>; nothing is boxed. All rows are one
/// transaction, committed by <see cref="Complete"/>, unless <see cref="CommitRowCount"/> says
/// otherwise; disposing without it rolls back. In a transaction of the session, that takes back
/// everything since the appender was opened.
/// </summary>
public sealed class Appender : IDisposable
{
    private readonly Session _session;
    private readonly Session? _ownedSession;
    private readonly string _table;
    private readonly string[]? _columnNames;
    private readonly AppenderColumn[] _columns;
    private BulkInsert _bulk;
    private int _ordinal;
    private int _bufferedRowCount;
    private long _uncommittedRowCount;
    private bool _isOver;

    internal Appender(
        Session session, string table, ReadOnlySpan<string> columns, Session? ownedSession)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(table);
        _session = session;
        _ownedSession = ownedSession;
        _table = table;
        _columnNames = columns.IsEmpty ? null : columns.ToArray();
        _bulk = Begin();
        _columns = DescribeColumns();
    }

    /// <summary>How many values make a row.</summary>
    public int ColumnCount => _columns.Length;

    /// <summary>The rows given so far, committed or not.</summary>
    public long RowCount { get; private set; }

    /// <summary>
    /// Commits after that many rows; 0, the default, commits all rows at once at the end.
    /// </summary>
    public int CommitRowCount { get; init; }

    /// <summary>Appends a truth value to the row.</summary>
    public Appender Append(bool value)
    {
        Next().Append(value);
        _ordinal++;
        return this;
    }

    /// <summary>Appends a whole number to the row.</summary>
    public Appender Append(int value) => Append((long)value);

    /// <summary>Appends a whole number to the row.</summary>
    public Appender Append(long value)
    {
        Next().Append(value);
        _ordinal++;
        return this;
    }

    /// <summary>Appends a floating-point number to the row.</summary>
    public Appender Append(float value) => Append((double)value);

    /// <summary>Appends a floating-point number to the row.</summary>
    public Appender Append(double value)
    {
        Next().Append(value);
        _ordinal++;
        return this;
    }

    /// <summary>Appends an exact number to the row.</summary>
    public Appender Append(decimal value)
    {
        Next().Append(value);
        _ordinal++;
        return this;
    }

    /// <summary>Appends a text to the row; null is NULL.</summary>
    public Appender Append(string? value)
    {
        if (value is null)
        {
            return AppendNull();
        }

        Next().Append(value);
        _ordinal++;
        return this;
    }

    /// <summary>Appends a copy of bytes to the row; null is NULL.</summary>
    public Appender Append(byte[]? value) =>
        value is null ? AppendNull() : Append(new ReadOnlyMemory<byte>(value));

    /// <summary>Appends a copy of bytes to the row.</summary>
    public Appender Append(ReadOnlyMemory<byte> value)
    {
        Next().Append(value.Span);
        _ordinal++;
        return this;
    }

    /// <summary>Appends what a stream holds, from where it stands to its end, to the row.</summary>
    public Appender Append(Stream value) => AppendRead(value);

    /// <summary>Appends what a reader holds to its end to the row.</summary>
    public Appender Append(TextReader value) => AppendRead(value);

    /// <summary>Appends a copy of a vector to the row; null is NULL.</summary>
    public Appender Append(float[]? value) =>
        value is null ? AppendNull() : Append(new ReadOnlyMemory<float>(value));

    /// <summary>Appends a copy of a vector to the row.</summary>
    public Appender Append(ReadOnlyMemory<float> value)
    {
        Next().Append(value.Span);
        _ordinal++;
        return this;
    }

    /// <summary>Appends a UUID to the row.</summary>
    public Appender Append(Guid value)
    {
        Next().Append(value);
        _ordinal++;
        return this;
    }

    /// <summary>Appends a point in time to the row; local times become UTC.</summary>
    public Appender Append(DateTime value)
    {
        Next().Append(value);
        _ordinal++;
        return this;
    }

    /// <summary>Appends a day to the row.</summary>
    public Appender Append(DateOnly value)
    {
        Next().Append(value);
        _ordinal++;
        return this;
    }

    /// <summary>Appends a time of day to the row.</summary>
    public Appender Append(TimeOnly value)
    {
        Next().Append(value);
        _ordinal++;
        return this;
    }

    /// <summary>Appends NULL to the row.</summary>
    public Appender AppendNull()
    {
        Next().AppendNull();
        _ordinal++;
        return this;
    }

    /// <summary>Ends the row, which must have a value for every column.</summary>
    public void EndRow()
    {
        CheckUsable();
        if (_ordinal != _columns.Length)
        {
            throw WrongCount(_ordinal);
        }

        _ordinal = 0;
        RowCount++;
        if (++_bufferedRowCount == Limits.BatchRowCount || IsLarge())
        {
            Flush();
        }
    }

    /// <summary>
    /// Appends a whole row of any supported .NET values; a value that does not fit ends the
    /// appender.
    /// </summary>
    public void AppendRow(params ReadOnlySpan<object?> values)
    {
        CheckUsable();
        if (_ordinal != 0 || values.Length != _columns.Length)
        {
            throw WrongCount(_ordinal + values.Length);
        }

        _isOver = true;
        foreach (object? value in values)
        {
            _columns[_ordinal++].Append(ParameterConverter.ToValue(value));
        }

        _isOver = false;
        EndRow();
    }

    /// <summary>
    /// Appends many rows at once, one array for each column: long, int, double, float, bool,
    /// decimal, string, DateTime, DateOnly, Guid, byte[][], float[][] or object; elements may be
    /// nullable. A value that does not fit ends the appender.
    /// </summary>
    /// <param name="columns">The arrays, all of one length.</param>
    public void AppendColumns(params ReadOnlySpan<Array> columns)
    {
        CheckUsable();
        if (_ordinal != 0 || columns.Length != _columns.Length)
        {
            throw WrongCount(_ordinal + columns.Length);
        }

        int count = columns.IsEmpty ? 0 : columns[0].Length;
        foreach (Array column in columns)
        {
            if (column.Length != count)
            {
                throw new ArgumentException(
                    $"All arrays need one length; there are {count} and {column.Length}.",
                    nameof(columns));
            }
        }

        for (int start = 0; start < count;)
        {
            int rows = Math.Min(count - start, Limits.BatchRowCount - _bufferedRowCount);
            _isOver = true;
            for (int i = 0; i < columns.Length; i++)
            {
                _columns[i].AppendArray(columns[i], start, rows);
            }

            _isOver = false;
            start += rows;
            RowCount += rows;
            _bufferedRowCount += rows;
            if (_bufferedRowCount == Limits.BatchRowCount)
            {
                Flush();
            }
        }
    }

    /// <summary>Commits all rows that were not committed yet and ends the appender.</summary>
    public void Complete()
    {
        CheckUsable();
        if (_ordinal != 0)
        {
            throw WrongCount(_ordinal);
        }

        Flush();
        Protect(static bulk => bulk.Complete());
        _isOver = true;
    }

    /// <summary>Ends the appender; rows that were not committed are rolled back.</summary>
    public void Dispose()
    {
        _isOver = true;
        _bulk.Dispose();
        _ownedSession?.Dispose();
    }

    private AppenderColumn[] DescribeColumns()
    {
        // Without names, all but those that are generated.
        return [.. _bulk.Columns.Select(column => new AppenderColumn(
            column.Name, column.Type.WithoutCollation, input => _bulk.ReadInput(input)))];
    }

    private BulkInsert Begin()
    {
        BulkInsert? bulk = null;
        _session.Guard(query => bulk = query.BeginBulk(_table, _columnNames));
        return bulk!;
    }

    private Appender AppendRead(object value)
    {
        ArgumentNullException.ThrowIfNull(value);
        Next().Append(ParameterConverter.ToValue(value));
        _ordinal++;
        return this;
    }

    private AppenderColumn Next()
    {
        CheckUsable();
        return _ordinal < _columns.Length ? _columns[_ordinal] : throw WrongCount(_ordinal + 1);
    }

    private bool IsLarge()
    {
        foreach (AppenderColumn column in _columns)
        {
            if (column.IsLarge)
            {
                return true;
            }
        }

        return false;
    }

    private void Flush()
    {
        if (_bufferedRowCount > 0)
        {
            var buffers = new ColumnBuffer[_columns.Length];
            for (int i = 0; i < buffers.Length; i++)
            {
                buffers[i] = _columns[i].Take();
            }

            var batch = new RowBatch(buffers, _bufferedRowCount);
            _uncommittedRowCount += _bufferedRowCount;
            _bufferedRowCount = 0;
            Protect(bulk => bulk.Append(batch));
        }

        if (CommitRowCount > 0 && _uncommittedRowCount >= CommitRowCount)
        {
            Protect(static bulk => bulk.Complete());
            _bulk.Dispose();
            _uncommittedRowCount = 0;
            _bulk = Begin();
        }
    }

    private void Protect(Action<BulkInsert> call)
    {
        try
        {
            call(_bulk);
        }
        catch (Exception error)
        {
            _isOver = true;
            if (EngineErrors.IsForeign(error))
            {
                throw EngineErrors.Translate(error);
            }

            throw;
        }
    }

    private void CheckUsable()
    {
        if (_isOver)
        {
            throw new ObjectDisposedException(
                nameof(Appender), "The appender was completed, has failed, or was disposed.");
        }
    }

    private NeuroStoreException WrongCount(int given) => new(
        ErrorCode.WrongColumnCount,
        string.Create(
            CultureInfo.InvariantCulture,
            $"A row of {_table} needs {_columns.Length} values, but {given} were given."));
}
