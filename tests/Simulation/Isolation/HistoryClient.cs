namespace NeuroDb.Tests.Simulation;

/// <summary>
/// A client that runs transactions of appends and reads, statement by statement, and notes what it
/// sees. Registers are rows of one table; one of the ways to read is a scan of all of them.
/// </summary>
internal sealed class HistoryClient : IDisposable
{
    /// <summary>The registers.</summary>
    public const int KeyCount = 5;

    private const int StepMax = 5;
    private readonly HistoryLog _log;
    private readonly TransactionIsolation _isolation;
    private readonly SeededRandomSource _random;
    private readonly Session _session;
    private HistoryTransaction? _transaction;
    private int _steps;

    /// <summary>Connects.</summary>
    public HistoryClient(
        NeuroStore database, HistoryLog log, TransactionIsolation isolation, ulong seed)
    {
        _log = log;
        _isolation = isolation;
        _random = new SeededRandomSource(seed);
        _session = database.OpenSession();
    }

    /// <summary>Makes the registers.</summary>
    public static void Create(NeuroStore database)
    {
        database.Execute("CREATE TABLE registers (k BIGINT PRIMARY KEY, v TEXT NOT NULL)");
        for (int key = 0; key < KeyCount; key++)
        {
            database.Execute("INSERT INTO registers VALUES (?, '')", key);
        }
    }

    /// <summary>Runs the next statement.</summary>
    public void Step()
    {
        if (_transaction is null)
        {
            _transaction = _log.Begin();
            _steps = 1 + _random.Below(StepMax);
            _session.Execute(_isolation == TransactionIsolation.Serializable
                ? "BEGIN ISOLATION LEVEL SERIALIZABLE"
                : "BEGIN");
            return;
        }

        try
        {
            Continue(_transaction);
        }
        catch (ConflictException)
        {
            if (_session.IsInTransaction)
            {
                _session.Execute("ROLLBACK");
            }

            End(HistoryOutcome.Aborted);
        }
    }

    /// <summary>Reads all registers in one transaction, as the last one of a history.</summary>
    public void ReadAll()
    {
        HistoryTransaction transaction = _log.Begin();
        _session.Execute("BEGIN");
        Scan(transaction);
        _session.Execute("COMMIT");
        _log.End(transaction, HistoryOutcome.Committed);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_transaction is not null)
        {
            End(HistoryOutcome.Aborted);
        }

        _session.Dispose();
    }

    private void Continue(HistoryTransaction transaction)
    {
        if (_steps-- == 0)
        {
            bool isUndone = _random.OneIn(8);
            _session.Execute(isUndone ? "ROLLBACK" : "COMMIT");
            End(isUndone ? HistoryOutcome.Aborted : HistoryOutcome.Committed);
            return;
        }

        long key = _random.Below(KeyCount);
        switch (_random.Below(10))
        {
            case < 4:
                long value = _log.NextValue();
                transaction.Operations.Add(HistoryOperation.Append(key, value));
                _session.Execute(
                    "UPDATE registers SET v = v || ? WHERE k = ?", $" {value}", key);
                break;
            case 4:
                Scan(transaction);
                break;
            default:
                string text = _session.QueryScalar<string>(
                    "SELECT v FROM registers WHERE k = ?", key)!;
                transaction.Operations.Add(HistoryOperation.See(key, Parse(text)));
                break;
        }
    }

    private void Scan(HistoryTransaction transaction)
    {
        using ResultReader rows = _session.Query("SELECT k, v FROM registers");
        while (rows.Read())
        {
            transaction.Operations.Add(
                HistoryOperation.See(rows.GetInt64(0), Parse(rows.GetString(1))));
        }
    }

    private void End(HistoryOutcome outcome)
    {
        _log.End(_transaction!, outcome);
        _transaction = null;
    }

    private static long[] Parse(string text) =>
        [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(long.Parse)];
}
