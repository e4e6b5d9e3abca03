namespace NeuroDb.Bench;

/// <summary>The rows of the storage table with their goals, in the order of printing.</summary>
internal sealed class StorageTable
{
    private readonly List<StorageRow> _rows = [];

    /// <summary>Makes the rows for these settings.</summary>
    public StorageTable(StorageSettings settings)
    {
        Commit = Time("1-row commit p50 us", "1.15 of device, ahead of all", static row =>
            row.OfDevice <= 1.15 && !(row.Ahead < 1));
        CommitTail = Time("1-row commit p99 us", "", null);
        CommitMany = Time("1,000-row commit p50 us", "400 or 2x ahead", static row =>
            row.Own <= 400 || row.Ahead >= 2);
        FewWriters = Rate("tx/s, 64 in flight", "140,000", static row => row.Own >= 140_000);
        ManyWriters = Rate("tx/s, 1,024 in flight", "800,000 and 3x ahead", static row =>
            row.Own >= 800_000 && !(row.Ahead < 3));
        Load = Time("random-order load us/row", "0.8 or 2.5x ahead", static row =>
            row.Own <= 0.8 || row.Ahead >= 2.5);
        Get = Time("point get us", "1.5, ahead of SQLite", static row =>
            row.Own <= 1.5 && !(row[StoreKind.Sqlite] < row.Own));
        Range = Time("range of 100 rows us", "4", static row => row.Own <= 4);
        Scan = Time($"sum(int64) of {settings.Rows:N0} ms", "2x of memory", static row =>
            row.OfDevice <= 2);
        Size = Time("directory / raw bytes", "1.05", static row => row.Own <= 1.05);
        Recovery = Time("recovery s/GB", "1.5", static row => row.Own <= 1.5);
        Open = Time($"open {settings.OpenRows:N0} rows ms", "100", static row => row.Own <= 100);
        Encryption = new StorageRow(
            "encrypted scan, % slower", isRate: false, "<= 15", static row =>
                row.Own <= 15)
        {
            Missing = "not built",
        };
        _rows.Add(Encryption);
    }

    /// <summary>The latency of a durable transaction of one row.</summary>
    public StorageRow Commit { get; }

    /// <summary>The latency that one in a hundred exceeds.</summary>
    public StorageRow CommitTail { get; }

    /// <summary>The latency of a durable transaction of 1,000 rows.</summary>
    public StorageRow CommitMany { get; }

    /// <summary>Durable transactions a second with 64 in flight.</summary>
    public StorageRow FewWriters { get; }

    /// <summary>Durable transactions a second with 1,024 in flight.</summary>
    public StorageRow ManyWriters { get; }

    /// <summary>A bulk load in random order of the key.</summary>
    public StorageRow Load { get; }

    /// <summary>A row by its key.</summary>
    public StorageRow Get { get; }

    /// <summary>A hundred rows in key order.</summary>
    public StorageRow Range { get; }

    /// <summary>The sum of a whole-number column.</summary>
    public StorageRow Scan { get; }

    /// <summary>The bytes of the directory over those of the rows.</summary>
    public StorageRow Size { get; }

    /// <summary>Opening after a crash.</summary>
    public StorageRow Recovery { get; }

    /// <summary>Opening after a clean close.</summary>
    public StorageRow Open { get; }

    /// <summary>How much slower a scan of an encrypted database is.</summary>
    public StorageRow Encryption { get; }

    /// <summary>Writes everything into a report.</summary>
    public void Write(BenchReport report)
    {
        report.Row(StorageRow.Heading);
        foreach (StorageRow row in _rows)
        {
            report.Row(row.Cells());
            foreach (StoreKind kind in StoreKind.All)
            {
                report.Detail($"{row.Name}: {kind.Name}", row[kind]);
            }

            report.Detail($"{row.Name}: device", row.Device);
        }

        report.Figure("commit_ratio", Commit.OfDevice);
        report.Figure("commit1000_ratio", 1 / CommitMany.Ahead);
        report.Figure("tps64", FewWriters.Own);
        report.Figure("tps1024", ManyWriters.Own);
        report.Figure("load_us", Load.Own);
        report.Figure("range_us", Range.Own);
        report.Figure("scan_ratio", Scan.OfDevice);
        report.Figure("size_ratio", Size.Own);
        report.Figure("recovery_s_per_gb", Recovery.Own);
        report.Figure("open_ms", Open.Own);
        report.Figure("encryption_cost", Encryption.Own);
    }

    private StorageRow Time(string name, string goal, Func<StorageRow, bool>? isReached) =>
        Add(name, isRate: false, goal.Length > 0 ? "<= " + goal : "", isReached);

    private StorageRow Rate(string name, string goal, Func<StorageRow, bool> isReached) =>
        Add(name, isRate: true, ">= " + goal, isReached);

    private StorageRow Add(
        string name, bool isRate, string goal, Func<StorageRow, bool>? isReached)
    {
        var row = new StorageRow(name, isRate, goal, isReached);
        _rows.Add(row);
        return row;
    }
}
