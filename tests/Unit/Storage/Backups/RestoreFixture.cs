using NeuroDb.Storage;

namespace NeuroDb.Tests.Unit;

/// <summary>
/// A database that keeps its past, a clock that goes on with each commit, and what the database
/// held after each of them.
/// </summary>
internal sealed class RestoreFixture : IDisposable
{
    private readonly Random _random;
    private int _nextId = 1;
    private int _restoreCount;

    public RestoreFixture(
        int seed,
        EncryptionKey? key = null,
        LogRetention? retention = null,
        bool keepsJournal = false,
        long bulkStartSizeBytes = 1000)
    {
        Disk = new MemoryFileSystem(keepsJournal);
        _random = new Random(seed);
        Options = BulkFixture.Options with
        {
            Key = key,
            RetainLog = retention ?? new LogRetention { Time = TimeSpan.FromDays(1) },
            CheckpointLogSizeBytes = 150_000,
            BulkStartSizeBytes = bulkStartSizeBytes,
        };
        Engine = Open();
        Note();
        StorageFixture.CreateNamed(Engine);
        Note();
    }

    /// <summary>Where the last restore went.</summary>
    public string Target => $"/restored-{_restoreCount}";

    public MemoryFileSystem Disk { get; }

    public ManualClock Clock { get; } = new();

    public StorageOptions Options { get; set; }

    public StorageEngine Engine { get; private set; }

    /// <summary>What the database held after each commit, and when that was.</summary>
    public SortedDictionary<long, (DateTimeOffset Moment, string[] Rows)> States { get; } = [];

    public TableEntry Table
    {
        get
        {
            using StorageTransaction transaction = Engine.Begin();
            Assert.True(transaction.Catalog.TryGetTable("named", out TableEntry table));
            return table;
        }
    }

    public StorageEngine Open(string path = StorageFixture.Root) => StorageEngine.Open(
        StorageFixture.Seams(Disk, Clock), path, Options);

    /// <summary>Closes and opens the database.</summary>
    public void Reopen()
    {
        Engine.Dispose();
        Engine = Open();
    }

    public void Dispose() => Engine.Dispose();

    /// <summary>One random commit, checkpoint or opening.</summary>
    public void Step()
    {
        switch (_random.Next(10))
        {
            case 0:
                Engine.Checkpoint(isFull: _random.Next(2) == 0, CancellationToken.None);
                break;
            case 1:
                Reopen();
                break;
            case 2:
                Insert(9000 + _random.Next(3000));
                break;
            case 3:
                Delete(_random.Next(1, 4000));
                break;
            default:
                Insert(_random.Next(1, 50));
                break;
        }
    }

    public void Insert(int count)
    {
        TableEntry table = Table;
        using (StorageTransaction transaction = Engine.Begin())
        {
            BulkFixture.Load(transaction, table, _nextId, count);
            transaction.Commit(Durability.Full);
        }

        _nextId += count;
        Note();
    }

    public void Delete(int count)
    {
        TableEntry table = Table;
        using (StorageTransaction transaction = Engine.Begin())
        {
            TableSnapshot snapshot = transaction.Open(table);
            int first = _random.Next(1, _nextId);
            for (int id = first; id < Math.Min(_nextId, first + count); id++)
            {
                if (snapshot.TryFind(0, [Value.Of(id)], out RowAddress row))
                {
                    transaction.Delete(table, [row.RowId]);
                }
            }

            transaction.Commit(Durability.Full);
        }

        Note();
    }

    public RestoreSummary Restore(
        RestorePoint point, string path = StorageFixture.Root, string? logPath = null)
    {
        foreach (string directory in (string[])["", "/seg", "/wal"])
        {
            foreach (string file in Disk.List(Target + directory).Where(Disk.FileExists))
            {
                Disk.Delete(file);
            }
        }

        _restoreCount++;
        return DatabaseRestore.Run(
            StorageFixture.Seams(Disk, Clock),
            path,
            logPath ?? path,
            Target,
            point,
            Options,
            default);
    }

    public RestoreSummary RestoreCommit(
        long commit, string path = StorageFixture.Root, string? logPath = null) =>
        Restore(new RestorePoint(commit, 0), path, logPath);

    public RestoreSummary RestoreMoment(DateTimeOffset moment) =>
        Restore(new RestorePoint(null, CommitClock.MicrosecondsOf(moment)));

    /// <summary>Opens what was restored and compares it with the state after a commit.</summary>
    public void Check(long commit)
    {
        using var restored = StorageEngine.Open(
            StorageFixture.Seams(Disk, Clock), Target, Options with { RetainLog = null });
        Assert.Equal(commit, restored.Statistics().CommitTimestamp);
        Assert.Equal(States[commit].Rows, StorageFixture.Dump(restored));
    }

    // A deletion of nothing is no commit; then the state is noted again.
    private void Note()
    {
        long commit = Engine.Statistics().CommitTimestamp;
        States[commit] = (
            States.TryGetValue(commit, out var known) ? known.Moment : Clock.Now,
            StorageFixture.Dump(Engine));
        Clock.Now += TimeSpan.FromSeconds(10);
    }
}
