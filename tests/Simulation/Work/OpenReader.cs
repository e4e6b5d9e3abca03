namespace NeuroDb.Tests.Simulation;

/// <summary>
/// A transaction that stays open while others write and checkpoints replace its files: what it saw
/// at its begin it must see at its end, also in the middle of a scan.
/// </summary>
internal sealed class OpenReader : IDisposable
{
    private readonly Session _session;
    private readonly ModelState _state;
    private readonly ModelTable? _table;
    private readonly ResultReader? _scan;
    private readonly bool _isRead;

    /// <summary>Begins; a scan of some table is begun as well.</summary>
    public OpenReader(NeuroStore database, ModelState state, SeededRandomSource random)
    {
        _state = state;
        _session = database.OpenSession();
        bool isComplete = false;
        try
        {
            _session.Execute("BEGIN");
            if (state.Tables.Count > 0)
            {
                _table = random.Of([.. state.Tables.Values]);
                _scan = _session.Query($"SELECT id, amount FROM {_table.Name}");
                _isRead = _scan.Read();
            }

            isComplete = true;
        }
        finally
        {
            if (!isComplete)
            {
                Dispose();
            }
        }
    }

    /// <summary>Looks again at everything.</summary>
    /// <returns>What is wrong, or null.</returns>
    public string? Check(SeededRandomSource random)
    {
        if (_table is not null && CheckScan(_table, _scan!) is { } wrong)
        {
            return wrong;
        }

        _scan?.Dispose();
        string? fault = DatabaseCheck.CheckSnapshot(_session, _state, random);
        return fault is null ? null : $"an open reader: {fault}";
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _scan?.Dispose();
        _session.Dispose();
    }

    private string? CheckScan(ModelTable table, ResultReader scan)
    {
        int count = 0;
        for (bool isRow = _isRead; isRow; isRow = scan.Read())
        {
            count++;
            bool isKnown = table.Rows.TryGetValue(scan.GetInt64(0), out ModelRow? row)
                && row.Amount == (scan.IsNull(1) ? null : scan.GetInt64(1));
            if (!isKnown)
            {
                return $"an open scan of {table.Name} finds row {scan.GetInt64(0)}";
            }
        }

        return count == table.Rows.Count
            ? null
            : $"an open scan of {table.Name} finds {count} of {table.Rows.Count} rows";
    }
}
