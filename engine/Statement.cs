using NeuroDb.Query;

namespace NeuroDb;

/// <summary>
/// A prepared statement of a session: parsed once, run often. Bind its parameters by ordinal and
/// run it; the values stay bound until others replace them.
/// </summary>
public sealed class Statement : IDisposable
{
    private readonly Session _session;
    private readonly PreparedStatement _prepared;
    private Value[] _parameters;
    private ResultReader? _reader;
    private RowCursor? _finished;
    private bool _isDisposed;

    internal Statement(Session session, PreparedStatement prepared)
    {
        _session = session;
        _prepared = prepared;
        _parameters = new Value[prepared.Parameters.Count];
    }

    /// <summary>The text of the statement.</summary>
    public string Sql => _prepared.Sql;

    /// <summary>How many parameters it has.</summary>
    public int ParameterCount => _parameters.Length;

    /// <summary>The name of a parameter without its prefix; null if it has none.</summary>
    public string? GetParameterName(int ordinal) => _prepared.Parameters[ordinal].Name;

    /// <summary>
    /// Binds a parameter; arrays are copied, streams and readers are read when the statement runs.
    /// </summary>
    /// <param name="ordinal">The parameter, from 0.</param>
    /// <param name="value">The value; null is NULL.</param>
    /// <returns>This statement, so that calls can follow each other.</returns>
    public Statement Bind<T>(int ordinal, T value)
    {
        Writable()[ordinal] = ParameterConverter.ToValue(value);
        return this;
    }

    /// <summary>Runs the statement with the bound values and forgets its rows.</summary>
    /// <returns>The rows changed; -1 for a query.</returns>
    public long Execute()
    {
        using StatementResult result = Run(null);
        return result.RowsAffected;
    }

    /// <summary>Binds all parameters, runs the statement and forgets its rows.</summary>
    /// <returns>The rows changed; -1 for a query.</returns>
    public long Execute(params ReadOnlySpan<object?> parameters)
    {
        BindAll(parameters);
        return Execute();
    }

    /// <summary>
    /// Runs the statement with the bound values; the caller's thread carries it out, and is free
    /// while the commit reaches stable storage.
    /// </summary>
    /// <param name="cancellationToken">Stops the statement; nothing of it is stored then.</param>
    /// <returns>The rows changed; -1 for a query.</returns>
    public Task<long> ExecuteAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return _session.RunAsync(
            _prepared,
            _parameters,
            static result =>
            {
                result.Dispose();
                return result.RowsAffected;
            },
            cancellationToken);
    }

    /// <summary>Binds all parameters and runs the statement as the other form does.</summary>
    /// <returns>The rows changed; -1 for a query.</returns>
    public Task<long> ExecuteAsync(params object?[] parameters)
    {
        BindAll(parameters);
        return ExecuteAsync(CancellationToken.None);
    }

    /// <summary>Runs the query with the bound values.</summary>
    public ResultReader Query()
    {
        _reader = new ResultReader(RunQuery(), _session.Workers, this);
        return _reader;
    }

    /// <summary>Binds all parameters and runs the query.</summary>
    public ResultReader Query(params ReadOnlySpan<object?> parameters)
    {
        BindAll(parameters);
        return Query();
    }

    /// <summary>
    /// Runs the query with the bound values and gives the first value of its first row; the default
    /// of T if there is no row or the value is NULL.
    /// </summary>
    public T? QueryScalar<T>()
    {
        RowCursor cursor = RunQuery();
        try
        {
            return Session.Scalar<T>(cursor);
        }
        finally
        {
            cursor.Dispose();
            Finish(cursor);
        }
    }

    /// <summary>Forgets the bound values; the session keeps the parsed statement cached.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        _parameters = [];
        _finished = null;
    }

    /// <summary>
    /// Takes back a cursor that is disposed and that nobody can read any more: if it is one of a
    /// small query, the next run uses it again.
    /// </summary>
    internal void Finish(RowCursor cursor)
    {
        if (!_isDisposed && cursor.Result.CanRestart)
        {
            _finished = cursor;
        }
    }

    private StatementResult Run(StatementResult? finished)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return _session.Run(_prepared, _parameters, finished, default);
    }

    private RowCursor RunQuery()
    {
        RowCursor? finished = _finished;
        _finished = null;
        finished?.Result.Prefetch(_parameters);
        StatementResult result = Run(finished?.Result);
        if (finished is null || !ReferenceEquals(finished.Result, result))
        {
            return new RowCursor(result);
        }

        finished.Restart();
        return finished;
    }

    private void BindAll(ReadOnlySpan<object?> parameters)
    {
        Value[] values = Writable();
        if (values.Length != parameters.Length)
        {
            throw EngineErrors.ParameterCount(values.Length, parameters.Length);
        }

        for (int i = 0; i < values.Length; i++)
        {
            values[i] = ParameterConverter.ToValue(parameters[i]);
        }
    }

    /// <summary>
    /// The array to bind into. An open reader still evaluates over the values it was run with, so
    /// binding under it goes into a new array.
    /// </summary>
    private Value[] Writable()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_reader is { IsClosed: false })
        {
            _parameters = _parameters.AsSpan().ToArray();
        }

        _reader = null;
        return _parameters;
    }
}
