using System.Globalization;

namespace NeuroDb.Bench;

/// <summary>NeuroStore through its public API: prepared SQL, an appender for many rows.</summary>
internal sealed class NeuroRowStore : IRowStore
{
    private readonly Session _session;
    private readonly Statement _insert;
    private readonly Statement _get;
    private readonly Statement _range;
    private readonly Statement _sum;
    private readonly byte[] _value = new byte[RowPayload.SizeBytes];
    private Transaction? _reads;

    /// <summary>Opens the store in a directory.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="options">How to open it; null as ever.</param>
    /// <param name="isDurable">Whether commits wait for the device.</param>
    public NeuroRowStore(
        string path, NeuroStoreOptions? options = null, bool isDurable = true)
    {
        Database = NeuroStore.Open(path, options);
        Database.Execute("CREATE TABLE IF NOT EXISTS t (id BIGINT PRIMARY KEY, v BLOB)");
        _session = Database.OpenSession();
        if (!isDurable)
        {
            _session.Execute("SET durability = 'none'");
        }

        _insert = _session.Prepare("INSERT INTO t VALUES (?, ?)");
        _get = _session.Prepare("SELECT v FROM t WHERE id = ?");
        _range = _session.Prepare("SELECT id, v FROM t WHERE id BETWEEN ? AND ? ORDER BY id");
        _sum = _session.Prepare("SELECT sum(id) FROM t");
    }

    /// <summary>The database, for what only NeuroStore can do.</summary>
    public NeuroStore Database { get; }

    /// <inheritdoc/>
    public void Put(long key)
    {
        RowPayload.Fill(key, _value);
        _ = _insert.Bind(0, key).Bind(1, _value).Execute();
    }

    /// <inheritdoc/>
    public void PutMany(long firstKey, int count)
    {
        using Appender appender = _session.CreateAppender("t");
        for (int i = 0; i < count; i++)
        {
            Append(appender, firstKey + i);
        }

        appender.Complete();
    }

    /// <summary>The appender, all rows in one transaction.</summary>
    public void Load(ReadOnlySpan<long> keys)
    {
        using Appender appender = _session.CreateAppender("t");
        foreach (long key in keys)
        {
            Append(appender, key);
        }

        appender.Complete();
    }

    /// <summary>CHECKPOINT where the dialect has it; closing does the rest.</summary>
    public void Settle()
    {
        try
        {
            _ = _session.Execute("CHECKPOINT");
        }
        catch (NeuroStoreException error) when (
            error.Code is ErrorCode.SyntaxError or ErrorCode.NotSupported)
        {
            // Closing is all that this version offers.
        }
    }

    /// <inheritdoc/>
    public void BeginReads() => _reads = _session.BeginTransaction();

    /// <inheritdoc/>
    public void EndReads() => _reads?.Dispose();

    /// <inheritdoc/>
    public long Get(long key)
    {
        using ResultReader reader = _get.Bind(0, key).Query();
        return reader.Read() ? RowPayload.FirstWord(reader.GetBlob(0).Span) : 0;
    }

    /// <inheritdoc/>
    public long Range(long firstKey, int count)
    {
        long sum = 0;
        using ResultReader reader =
            _range.Bind(0, firstKey).Bind(1, firstKey + count - 1).Query();
        while (reader.Read())
        {
            sum += reader.GetInt64(0) + reader.GetBlob(1).Length;
        }

        return sum;
    }

    /// <inheritdoc/>
    public long SumOfKeys()
    {
        using ResultReader reader = _sum.Query();
        return reader.Read()
            ? Convert.ToInt64(reader.GetValue(0), CultureInfo.InvariantCulture)
            : 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _session.Dispose();
        Database.Dispose();
    }

    private void Append(Appender appender, long key)
    {
        RowPayload.Fill(key, _value);
        appender.Append(key);
        appender.Append(new ReadOnlyMemory<byte>(_value));
        appender.EndRow();
    }
}
