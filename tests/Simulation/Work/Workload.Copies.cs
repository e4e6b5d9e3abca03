namespace NeuroDb.Tests.Simulation;

/// <content>Keys, backups, copies and readers of other processes.</content>
internal sealed partial class Workload
{
    private const int OtherKey = -1;
    private int _key;

    private string BackupPath => _shape.Root + ".backup";

    private void RunCopies()
    {
        switch (_random.Below(6))
        {
            case 0 when _shape.Storage.Key is not null:
                Rekey();
                break;
            case 1:
                CopyCompact();
                break;
            case 2:
                ReadBeside();
                break;
            default:
                BackUp();
                break;
        }
    }

    /// <summary>Opens with one of the keys that it may have.</summary>
    private NeuroStore OpenDatabase()
    {
        List<int> keys = History.Keys.Allowed(_disk.OperationCount);
        for (int i = keys.Count - 1; i > 0; i--)
        {
            try
            {
                return OpenDatabase(keys[i]);
            }
            catch (NeuroStoreException error) when (error.Code == ErrorCode.WrongKey)
            {
                // One of the older ones, then.
            }
        }

        return OpenDatabase(keys[0]);
    }

    private NeuroStore OpenDatabase(int key)
    {
        NeuroStore database = _process.Open(key);
        _key = key;
        History.Keys.Begin(key, _disk.OperationCount);
        History.Keys.Acknowledge(_disk.OperationCount);
        return database;
    }

    /// <summary>A key that was never the database's opens nothing and changes nothing.</summary>
    private void RefuseOtherKey()
    {
        if (_shape.Storage.Key is null || MayFail || !_random.OneIn(16)
            || !_disk.HasFile(_shape.Root + "/SUPER"))
        {
            return;
        }

        int count = _disk.OperationCount;
        try
        {
            _process.OpenForReading(_shape.Root, OtherKey).Dispose();
        }
        catch (NeuroStoreException error) when (error.Code == ErrorCode.WrongKey)
        {
            SimulationException.Demand(
                _disk.OperationCount == count ? null : "a wrong key changed the disk");
            return;
        }

        throw new SimulationException("a wrong key was taken");
    }

    private void Rekey()
    {
        int key = _key + 1;
        Trace?.Invoke($"{_disk.OperationCount}: key {key}");
        History.Keys.Begin(key, _disk.OperationCount);
        bool isDone = Try(() =>
        {
            _process.Database.Rekey(_shape.KeyOf(key)!);
            History.Keys.Acknowledge(_disk.OperationCount);
        });
        if (isDone)
        {
            _key = key;
        }
    }

    private void BackUp()
    {
        Trace?.Invoke($"{_disk.OperationCount}: backup");
        var entry = new BackupState(_state, _key);
        History.Backups.Begin(entry, _disk.OperationCount);
        bool isDone = Try(() =>
        {
            if (_random.OneIn(2))
            {
                Execute($"BACKUP TO '{BackupPath}'");
            }
            else
            {
                _process.Database.BackUp(BackupPath);
            }

            History.Backups.Acknowledge(_disk.OperationCount);
            History.States.Acknowledge(_disk.OperationCount);
        });
        if (isDone)
        {
            Try(CheckBackup);
        }
    }

    /// <summary>Compares the backup with what it may hold, now and then.</summary>
    private void CheckBackup()
    {
        List<BackupState?> allowed = History.Backups.Allowed(_disk.OperationCount);
        if (allowed[^1] is null || !_random.OneIn(2))
        {
            return;
        }

        string? fault = "no key opens the backup";
        foreach (int key in allowed.Where(static one => one is not null)
            .Select(static one => one!.Key).Distinct())
        {
            ModelState[] states = [.. allowed.Where(one => one?.Key == key)
                .Select(static one => one!.State)];
            fault = CheckCopy(BackupPath, key, states, allowed[0] is null, out bool isOpened);
            if (isOpened)
            {
                break;
            }
        }

        SimulationException.Demand(fault is null ? null : $"the backup: {fault}");
    }

    /// <summary>A copy without dead rows, in a new directory.</summary>
    private void CopyCompact()
    {
        int number = 0;
        while (_disk.HasDirectory($"{_shape.Root}.copy{number}"))
        {
            number++;
        }

        string path = $"{_shape.Root}.copy{number}";
        Try(() =>
        {
            Execute($"VACUUM INTO '{path}'");
            History.States.Acknowledge(_disk.OperationCount);
            SimulationException.Demand(CheckCopy(path, _key, [_state], false, out _));
        });
    }

    /// <summary>Another process reads the last checkpoint, or a later one.</summary>
    private void ReadBeside()
    {
        if (!Try(() => Execute("CHECKPOINT")))
        {
            return;
        }

        History.States.Acknowledge(_disk.OperationCount);
        ModelState before = _state;
        AutoCommit(_changes.Next(_state));
        Try(() => SimulationException.Demand(
            CheckCopy(_shape.Root, _key, [before, _state], false, out _)));
    }

    private string? CheckCopy(
        string path, int key, IReadOnlyList<ModelState> states, bool mayLack, out bool isOpened)
    {
        isOpened = true;
        try
        {
            using NeuroStore copy = _process.OpenForReading(path, key);
            using Session session = copy.OpenSession();
            DatabaseCheck.Match(session, states, _random, isFull: false, out string? fault);
            return fault;
        }
        catch (NeuroStoreException error) when (error.Code == ErrorCode.WrongKey)
        {
            isOpened = false;
            return $"{path} has another key";
        }
        catch (NeuroStoreException error) when (mayLack && error.Code == ErrorCode.NotADatabase)
        {
            return null;
        }
    }

    private void CheckIntegrity(bool isFull)
    {
        bool isLarge = _state.Tables.Values.Any(static table => table.IsLarge);
        if (isLarge ? !_random.OneIn(400) : !isFull && !_random.OneIn(24))
        {
            return;
        }

        using ResultReader rows = _session!.Query("PRAGMA integrity_check");
        SimulationException.Demand(rows.Read() ? null : "integrity_check says nothing");
        SimulationException.Demand(
            rows.GetString(0) == "ok" ? null : $"integrity_check: {rows.GetString(0)}");
    }
}
