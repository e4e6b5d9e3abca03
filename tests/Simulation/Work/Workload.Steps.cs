namespace NeuroDb.Tests.Simulation;

/// <content>What the program does with the rows.</content>
internal sealed partial class Workload
{
    private long _commitCount;

    private void Step()
    {
        switch (_random.Below(30))
        {
            case 0:
                Restart(_random.OneIn(2));
                break;
            case 1 or 2:
                Maintain();
                break;
            case 3 or 4:
                CommitLater();
                break;
            case 5:
                AutoCommit(_changes.NextLarge(_state, _shape.LargeSizeBytes));
                break;
            case < 14:
                RunTransaction();
                break;
            case 14:
                RunCopies();
                break;
            case 15 when _shape.HasBulk:
                LoadBulk();
                break;
            case 16:
                LoseRace();
                break;
            case 17 when _state.Tables.Count > 0:
                AutoCommit(_changes.NextIndex(_state));
                break;
            default:
                AutoCommit(_changes.Next(_state));
                break;
        }

        if (IsOpen && _random.OneIn(6))
        {
            Read();
        }

        if (_random.OneIn(2))
        {
            _process.Settle(_random.Below(20));
        }
    }

    private void Maintain()
    {
        if (Statements.Maintenance.Count > 0)
        {
            string sql = _random.Of(Statements.Maintenance);
            Try(() =>
            {
                Execute(sql);
                History.States.Acknowledge(_disk.OperationCount);
            });
        }
    }

    private void AutoCommit(Change change)
    {
        History.States.Begin(change.After, _disk.OperationCount);
        bool isDone = Try(() =>
        {
            Execute(change.Sql, change.Parameters);
            Acknowledge(change.After);
        });
        Conclude(isDone, change.After);
    }

    /// <summary>Commits of which nothing is promised until time has passed.</summary>
    private void CommitLater()
    {
        if (!Try(() => Execute("SET durability = 'async'")))
        {
            return;
        }

        int count = 1 + _random.Below(4);
        for (int i = 0; i < count; i++)
        {
            Change change = _changes.Next(_state);
            History.States.Begin(change.After, _disk.OperationCount);
            bool isDone = Try(() => Execute(change.Sql, change.Parameters));
            Conclude(isDone, change.After);
        }

        if (_random.OneIn(2))
        {
            const int AsyncLossMs = 200;
            _process.Settle(AsyncLossMs + 1);
            if (!MayFail)
            {
                History.States.Acknowledge(_disk.OperationCount);
            }
        }

        Try(() => Execute("SET durability = 'full'"));
    }

    private void RunTransaction()
    {
        ModelState working = _state;
        bool isDone = Try(() =>
        {
            Execute(_random.OneIn(3) ? "BEGIN ISOLATION LEVEL SERIALIZABLE" : "BEGIN");
            working = RunStatements(working, 1 + _random.Below(4));
            if (_random.OneIn(3))
            {
                Execute("SAVEPOINT s");
                ModelState inner = RunStatements(working, 1 + _random.Below(3));
                bool isUndone = _random.OneIn(2);
                Execute(isUndone ? "ROLLBACK TO s" : "RELEASE s");
                working = RunStatements(isUndone ? working : inner, 1);
            }

            if (_changes.NextDuplicate(working) is { } duplicate && _random.OneIn(3))
            {
                ExpectDuplicate(duplicate);
            }
        });
        if (!isDone || _random.OneIn(5))
        {
            Try(() => Execute("ROLLBACK"), mayLackTransaction: true);
            return;
        }

        Commit(working);
    }

    private void Commit(ModelState working)
    {
        History.States.Begin(working, _disk.OperationCount);
        bool isDone = Try(() =>
        {
            Execute("COMMIT");
            Acknowledge(working);
        });
        Conclude(isDone, working);
    }

    /// <summary>
    /// A transaction with so many rows that they go into segments before it commits.
    /// </summary>
    private void LoadBulk()
    {
        ModelTable? table = _state.Tables.Values.FirstOrDefault();
        if (table is null || _state.Tables.Values.Any(static one => one.IsLarge))
        {
            return;
        }

        ModelState working = _state;
        bool isDone = Try(() =>
        {
            Execute("BEGIN");
            if (_random.OneIn(2))
            {
                working = RunStatements(working, 1);
            }

            if (working.Tables.TryGetValue(table.Name, out ModelTable? before)
                && before.Dimension == table.Dimension)
            {
                Execute("SAVEPOINT b");
                Change load = _changes.NextBulk(working, before);
                Trace?.Invoke($"{_disk.OperationCount}: {load.Sql}");
                ChangeGenerator.Append(_session!, before.Name, load);
                bool isUndone = _random.OneIn(4);
                Execute(isUndone ? "ROLLBACK TO b" : "RELEASE b");
                working = RunStatements(isUndone ? working : load.After, _random.Below(3));
            }
        });
        if (!isDone || _random.OneIn(6))
        {
            Try(() => Execute("ROLLBACK"), mayLackTransaction: true);
            return;
        }

        Commit(working);
    }

    /// <summary>Two transactions change the same: the second to commit is refused.</summary>
    private void LoseRace()
    {
        ModelTable? table = _state.Tables.Values.FirstOrDefault(static one => one.Rows.Count > 1);
        if (table is null)
        {
            return;
        }

        bool isRead = _random.OneIn(2);
        ModelRow row = table.Rows.Values.First();
        long other = isRead ? table.Rows.Keys.Last() : row.Id;
        using Session rival = _process.Database.OpenSession();
        bool isBegun = Try(() =>
        {
            Trace?.Invoke($"{_disk.OperationCount}: a rival begins");
            rival.Execute(isRead ? "BEGIN ISOLATION LEVEL SERIALIZABLE" : "BEGIN");
            rival.QueryScalar<long?>(
                $"SELECT amount FROM {table.Name} WHERE id = ?", row.Id);
            rival.Execute(
                $"UPDATE {table.Name} SET amount = -7 WHERE id = ?", other);
        });
        long commits = _commitCount;
        AutoCommit(new Change(
            $"UPDATE {table.Name} SET amount = ? WHERE id = ?",
            [row.Amount + 1, row.Id],
            _state.With(table.With(
                new ModelRow(row.Id, row.Name, row.Amount + 1, row.Vec, row.Data)))));
        if (isBegun && _commitCount > commits && IsOpen)
        {
            Try(() => ExpectConflict(rival));
        }
    }

    private static void ExpectConflict(Session rival)
    {
        try
        {
            rival.Execute("COMMIT");
        }
        catch (ConflictException)
        {
            return;
        }

        throw new SimulationException("a transaction was taken whose ground had changed");
    }

    private ModelState RunStatements(ModelState state, int count)
    {
        for (int i = 0; i < count; i++)
        {
            Change change = _changes.Next(state);
            Execute(change.Sql, change.Parameters);
            state = change.After;
        }

        return state;
    }

    private void ExpectDuplicate(string sql)
    {
        try
        {
            Execute(sql);
        }
        catch (ConstraintException)
        {
            return;
        }

        throw new SimulationException($"a duplicate was taken: {sql}");
    }
}
