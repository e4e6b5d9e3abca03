using System.Collections;
using System.Collections.ObjectModel;
using System.Data;
using System.Data.Common;
using NeuroDb.Query;

namespace NeuroDb.Data;

/// <summary>
/// The rows of a command, result after result. Closing it runs the statements of the command that
/// are still left.
/// </summary>
public sealed class NeuroDataReader : DbDataReader, IDbColumnSchemaGenerator
{
    private readonly NeuroConnection _connection;
    private readonly CommandExecution _execution;
    private RowCursor? _cursor;
    private bool _isClosed;
    private bool _isSingleRowRead;

    private NeuroDataReader(NeuroConnection connection, CommandExecution execution)
    {
        _connection = connection;
        _execution = execution;
    }

    /// <summary>0: rows do not nest.</summary>
    public override int Depth
    {
        get
        {
            CheckOpen();
            return 0;
        }
    }

    /// <inheritdoc/>
    public override int FieldCount
    {
        get
        {
            CheckOpen();
            return _cursor?.Columns.Count ?? 0;
        }
    }

    /// <inheritdoc/>
    public override bool HasRows
    {
        get
        {
            CheckOpen();
            return _cursor is not null && _execution.Guard(_cursor.HasRows);
        }
    }

    /// <inheritdoc/>
    public override bool IsClosed => _isClosed;

    /// <summary>The rows changed by the statements run so far; -1 if none changes rows.</summary>
    public override int RecordsAffected => NeuroCommand.ToCount(_execution.RecordsAffected);

    private bool IsSingle => (_execution.Behavior
        & (CommandBehavior.SingleResult | CommandBehavior.SingleRow)) != 0;

    /// <inheritdoc/>
    public override object this[int ordinal] => GetValue(ordinal);

    /// <inheritdoc/>
    public override object this[string name] => GetValue(GetOrdinal(name));

    /// <inheritdoc/>
    public override bool Read()
    {
        CheckOpen();
        if (_cursor is null || _isSingleRowRead
            || _execution.Behavior.HasFlag(CommandBehavior.SchemaOnly))
        {
            return false;
        }

        bool hasRow = _execution.Guard(_cursor.Read);
        _isSingleRowRead = hasRow && _execution.Behavior.HasFlag(CommandBehavior.SingleRow);
        return hasRow;
    }

    /// <inheritdoc/>
    public override Task<bool> ReadAsync(CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<bool>(cancellationToken);
        }

        CheckOpen();
        return _cursor is null || _cursor.IsNextRowReady
            ? Task.FromResult(Read())
            : Background.Run(_execution.Workers, Read, cancellationToken);
    }

    /// <inheritdoc/>
    public override bool NextResult()
    {
        CheckOpen();
        _cursor?.Dispose();
        _cursor = null;
        if (!IsSingle)
        {
            _cursor = _execution.NextResult();
        }

        return _cursor is not null;
    }

    /// <inheritdoc/>
    public override Task<bool> NextResultAsync(CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<bool>(cancellationToken);
        }

        CheckOpen();
        return Background.Run(_execution.Workers, NextResult, cancellationToken);
    }

    /// <inheritdoc/>
    public override void Close()
    {
        if (_isClosed)
        {
            return;
        }

        _isClosed = true;
        _connection.CurrentReader = null;
        _cursor?.Dispose();
        _cursor = null;
        try
        {
            _execution.Drain();
        }
        finally
        {
            _execution.Dispose();
            if (_execution.Behavior.HasFlag(CommandBehavior.CloseConnection))
            {
                _connection.Close();
            }
        }
    }

    /// <inheritdoc/>
    public override async Task CloseAsync()
    {
        if (!_isClosed)
        {
            _cursor?.Dispose();
            _cursor = null;
            try
            {
                await _execution.DrainAsync().ConfigureAwait(false);
            }
            finally
            {
                Close();
            }
        }
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await CloseAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override bool IsDBNull(int ordinal) => Results().IsNull(ordinal);

    /// <inheritdoc/>
    public override bool GetBoolean(int ordinal) => Results().GetBoolean(ordinal);

    /// <summary>The value of a UTINYINT; ask GetInt16 for other numbers.</summary>
    public override byte GetByte(int ordinal) => FieldReader.GetByte(Results(), ordinal);

    /// <inheritdoc/>
    public override short GetInt16(int ordinal) => checked((short)Results().GetInt64(ordinal));

    /// <inheritdoc/>
    public override int GetInt32(int ordinal) => checked((int)Results().GetInt64(ordinal));

    /// <inheritdoc/>
    public override long GetInt64(int ordinal) => Results().GetInt64(ordinal);

    /// <inheritdoc/>
    public override float GetFloat(int ordinal) => Results().GetFloat(ordinal);

    /// <inheritdoc/>
    public override double GetDouble(int ordinal) => Results().GetDouble(ordinal);

    /// <inheritdoc/>
    public override decimal GetDecimal(int ordinal) => Results().GetDecimal(ordinal);

    /// <inheritdoc/>
    public override string GetString(int ordinal) => Results().GetString(ordinal);

    /// <inheritdoc/>
    public override char GetChar(int ordinal) => FieldReader.GetChar(Results(), ordinal);

    /// <inheritdoc/>
    public override Guid GetGuid(int ordinal) => Results().GetGuid(ordinal);

    /// <inheritdoc/>
    public override DateTime GetDateTime(int ordinal) => Results().GetDateTime(ordinal);

    /// <summary>The elements of a VECTOR, without a copy.</summary>
    public ReadOnlyMemory<float> GetVector(int ordinal) => Results().GetVector(ordinal);

    /// <inheritdoc/>
    public override T GetFieldValue<T>(int ordinal) => FieldReader.Get<T>(Results(), ordinal);

    /// <inheritdoc/>
    public override object GetValue(int ordinal) => Results().GetValue(ordinal) ?? DBNull.Value;

    /// <inheritdoc/>
    public override int GetValues(object[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        RowCursor cursor = Results();
        int count = Math.Min(values.Length, cursor.Columns.Count);
        for (int i = 0; i < count; i++)
        {
            values[i] = cursor.GetValue(i) ?? DBNull.Value;
        }

        return count;
    }

    /// <inheritdoc/>
    public override long GetBytes(
        int ordinal, long dataOffset, byte[]? buffer, int bufferOffset, int length) =>
        FieldPieces.Bytes(Results(), ordinal, dataOffset, buffer, bufferOffset, length);

    /// <inheritdoc/>
    public override long GetChars(
        int ordinal, long dataOffset, char[]? buffer, int bufferOffset, int length) =>
        FieldPieces.Characters(Results(), ordinal, dataOffset, buffer, bufferOffset, length);

    /// <inheritdoc/>
    public override Stream GetStream(int ordinal) => FieldReader.OpenStream(Results(), ordinal);

    /// <inheritdoc/>
    public override TextReader GetTextReader(int ordinal) =>
        FieldReader.OpenText(Results(), ordinal);

    /// <inheritdoc/>
    public override string GetName(int ordinal) => ColumnAt(ordinal).Name;

    /// <inheritdoc/>
    public override int GetOrdinal(string name) => Results().FindColumn(name);

    /// <inheritdoc/>
    public override string GetDataTypeName(int ordinal) => ColumnAt(ordinal).Type.ToString();

    /// <inheritdoc/>
    public override Type GetFieldType(int ordinal) =>
        SqlTypes.ClrType(ColumnAt(ordinal).Type);

    /// <inheritdoc/>
    public override IEnumerator GetEnumerator() => new DbEnumerator(this);

    /// <summary>What is known of the columns; empty for a statement without rows.</summary>
    public ReadOnlyCollection<DbColumn> GetColumnSchema()
    {
        CheckOpen();
        var columns = new List<DbColumn>();
        for (int i = 0; i < FieldCount; i++)
        {
            columns.Add(new NeuroColumn(_cursor!.Columns[i], i));
        }

        return columns.AsReadOnly();
    }

    /// <inheritdoc/>
    public override DataTable? GetSchemaTable()
    {
        CheckOpen();
        return _cursor is null ? null : SchemaCollections.DescribeColumns(GetColumnSchema());
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Close();
        }

        base.Dispose(disposing);
    }

    /// <summary>Runs on to the first result and gives the reader over it.</summary>
    internal static NeuroDataReader Open(NeuroConnection connection, CommandExecution execution)
    {
        var reader = new NeuroDataReader(connection, execution);
        connection.CurrentReader = reader;
        try
        {
            reader._cursor = execution.NextResult();
            return reader;
        }
        catch
        {
            reader.Close();
            throw;
        }
    }

    /// <summary>As <see cref="Open"/>, free of a thread while the log is written.</summary>
    internal static async Task<NeuroDataReader> OpenAsync(
        NeuroConnection connection, CommandExecution execution)
    {
        var reader = new NeuroDataReader(connection, execution);
        connection.CurrentReader = reader;
        try
        {
            reader._cursor = await execution.NextResultAsync().ConfigureAwait(false);
            return reader;
        }
        catch
        {
            reader.Close();
            throw;
        }
    }

    /// <summary>Whether it reads the results of that execution.</summary>
    internal bool IsOf(CommandExecution execution) => ReferenceEquals(_execution, execution);

    private void CheckOpen()
    {
        if (_isClosed)
        {
            throw new InvalidOperationException("The reader is closed.");
        }
    }

    private RowCursor Results()
    {
        CheckOpen();
        return _cursor ?? throw new InvalidOperationException(
            "The statement gives no rows, or all results were read.");
    }

    private OutputColumn ColumnAt(int ordinal)
    {
        RowCursor cursor = Results();
        return (uint)ordinal < (uint)cursor.Columns.Count
            ? cursor.Columns[ordinal]
            : throw new IndexOutOfRangeException(
                $"The result has {cursor.Columns.Count} columns; there is none at {ordinal}.");
    }
}
