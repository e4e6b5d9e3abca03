namespace NeuroDb.Bench;

/// <summary>
/// The store beside SQLite, LMDB, RocksDB and DuckDB: one run, one table, every store in its own
/// directory of the same device, all measured in turns. A store that is not installed is a named
/// gap.
/// </summary>
internal static class StorageBench
{
    /// <summary>Options: those of <see cref="StorageSettings"/>.</summary>
    public static void Run(BenchArguments arguments)
    {
        var settings = new StorageSettings(arguments);
        var table = new StorageTable(settings);
        var report = new BenchReport(
            $"storage: rows of int64 and {RowPayload.SizeBytes} B, {settings.Rows:N0} of them");
        StoreKind[] kinds = [.. StoreKind.All.Where(
            kind => kind.IsPresent && (kind == StoreKind.NeuroStore || !arguments.Has("own")))];
        foreach (StoreKind kind in StoreKind.All.Except(kinds))
        {
            report.Note($"{kind.Name} is not installed; run bench/peers/install.sh");
        }

        NoteLoad(report, "before");
        using (var folder = new TemporaryFolder("storage"))
        {
            CommitPhase.Run(settings, table, kinds, folder);
            ReadPhase.Run(settings, table, kinds, folder);
            RecoveryPhase.Run(settings, table, kinds, folder);
            OpenPhase.Run(settings, table, kinds, folder);
            EncryptionPhase.Run(settings, table, folder);
        }

        NoteLoad(report, "after");
        table.Write(report);
        AddNotes(report);
        report.Print(arguments);
    }

    // On a machine that others use, even the device's own figure is the scheduler's.
    private static void NoteLoad(BenchReport report, string when)
    {
        const string LoadFile = "/proc/loadavg";
        if (File.Exists(LoadFile))
        {
            string load = File.ReadAllText(LoadFile).Split(' ')[0];
            report.Note($"load average {load} on {Environment.ProcessorCount} cores {when} the "
                + "run; above the cores, no figure here says much");
        }
    }

    private static void AddNotes(BenchReport report)
    {
        report.Note(
            "one process, P/Invoke, prepared statements; medians over turns; values are random "
            + "bytes, so that compression helps nobody");
        report.Note(
            "SQLite WAL, synchronous=FULL, cache 1 GiB and map 8 GiB; LMDB synchronous, 16 GiB "
            + "map; RocksDB sync, no compression, 10-bit Bloom filter, 1 GiB cache, flushed and "
            + "compacted before reads; DuckDB with a PRIMARY KEY, checkpointed before reads");
        report.Note(
            "device: a 4 KiB O_SYNC write over existing blocks for commits; reading 8 bytes a row "
            + "at this process's memory bandwidth for the scan");
        report.Note(
            "tx/s: NeuroStore's tasks; RocksDB with 64 threads in both rows; the others have one "
            + "writer, so theirs is 1 / p50 of a commit");
        report.Note(
            "load: one durable transaction (RocksDB: batches of 1,000, the last one synchronous); "
            + "reads: inside one transaction, data in memory");
        report.Note(
            "recovery: opening a copy of the directory taken while it was open, first row "
            + "included, for each GB of rows committed 1,000 at a time; open: after a clean "
            + "close, first row included");
    }
}
