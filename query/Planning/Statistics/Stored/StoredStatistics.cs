using System.Runtime.CompilerServices;
using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// What ANALYZE and measured runs learned before the database was opened: of each table it is read
/// when a plan first asks about the table, counts of values when they are first asked for. What is
/// missing, damaged, of another version, or of a table with other rows than then, is none: then the
/// planner takes a sample, as it does without ANALYZE. One for each open database.
/// </summary>
internal sealed class StoredStatistics
{
    private static readonly ConditionalWeakTable<VersionedTable, StoredStatistics> Waiting = [];
    private readonly StorageEngine _storage;

    private StoredStatistics(StorageEngine storage) => _storage = storage;

    /// <summary>Notes which tables of a database that was opened something may be known of.
    /// </summary>
    public static void Attach(StorageEngine storage)
    {
        using StorageTransaction transaction = storage.Begin();
        if (!StatisticsTable.IsIn(transaction.Catalog))
        {
            return;
        }

        var stored = new StoredStatistics(storage);
        foreach (TableEntry table in HiddenTables.Without(transaction.Catalog.Tables))
        {
            Waiting.AddOrUpdate(table.Rows, stored);
        }
    }

    /// <summary>Takes what is stored of a table, if nobody did.</summary>
    public static void Restore(TableEntry table)
    {
        if (!Waiting.TryGetValue(table.Rows, out StoredStatistics? stored))
        {
            return;
        }

        lock (stored)
        {
            if (Waiting.TryGetValue(table.Rows, out _))
            {
                stored.Read(table);
                Waiting.Remove(table.Rows);
            }
        }
    }

    /// <summary>Stores what ANALYZE saw of a table, within the transaction.</summary>
    public static void Write(
        TableEntry table, TableStatistics statistics, ExecutionContext context)
    {
        StorageTransaction transaction = context.Transaction;
        if (transaction.IsTemporary(table))
        {
            return;
        }

        long stamp = context.NowMicroseconds;
        StatisticsSummary summary = statistics.Summary with { Stamp = stamp };
        StatisticsTable.Write(
            transaction, table, StatisticsTable.SummaryPart, summary.Encode());
        for (int i = 0; i < table.Schema.Columns.Count; i++)
        {
            ColumnSchema column = table.Schema.Columns[i];
            AnalyzedColumn? seen = statistics.AnalyzedOf(i);
            StatisticsTable.Write(
                transaction,
                table,
                StatisticsTable.SampleOf(i),
                statistics.KeptColumn(i) is { } values
                    ? StatisticsCodec.Encode(stamp, column, values)
                    : null);
            StatisticsTable.Write(
                transaction,
                table,
                StatisticsTable.CountsOf(i),
                seen is null ? null : StatisticsCodec.Encode(stamp, column, seen));
        }
    }

    /// <summary>Stores what measured runs learned, when a database is closed in order.</summary>
    public static void WriteFeedback(StorageEngine storage)
    {
        using StorageTransaction transaction = storage.Begin();
        foreach (TableEntry table in HiddenTables.Without(transaction.Catalog.Tables).ToArray())
        {
            if (EstimateFeedback.TakeUnsaved(table) is { } data)
            {
                StatisticsTable.Write(transaction, table, StatisticsTable.FeedbackPart, data);
            }
        }

        if (transaction.HasWrites)
        {
            transaction.Commit(Durability.None);
        }
    }

    /// <summary>What ANALYZE counted of a column; null if it is not stored.</summary>
    public AnalyzedColumn? CountsOf(TableEntry table, int ordinal, StatisticsSummary summary) =>
        Try(table, transaction => StatisticsTable.Read(
            transaction, table, StatisticsTable.CountsOf(ordinal)) is { } data
            ? StatisticsCodec.DecodeCounts(data, summary, table.Schema.Columns[ordinal])
            : null);

    private void Read(TableEntry table)
    {
        TableStatistics? statistics = Try(table, transaction => Sample(transaction, table));
        if (statistics is not null)
        {
            TableStatistics.Keep(table, statistics);
        }

        byte[]? feedback = Try(table, transaction => StatisticsTable.Read(
            transaction, table, StatisticsTable.FeedbackPart));
        if (feedback is not null)
        {
            _ = Try<object>(table, _ =>
            {
                EstimateFeedback.Restore(table, feedback);
                return null;
            });
        }
    }

    private TableStatistics? Sample(StorageTransaction transaction, TableEntry table)
    {
        if (StatisticsTable.Read(transaction, table, StatisticsTable.SummaryPart) is not { } data
            || StatisticsSummary.Decode(data) is not { } summary)
        {
            return null;
        }

        IReadOnlyList<ColumnSchema> columns = table.Schema.Columns;
        var values = new ColumnBuffer?[columns.Count];
        for (int i = 0; i < values.Length; i++)
        {
            byte[]? part = StatisticsTable.Read(transaction, table, StatisticsTable.SampleOf(i));
            values[i] = part is null
                ? null
                : StatisticsCodec.DecodeSample(part, summary, columns[i]);
        }

        return TableStatistics.Of(table, summary, values, this);
    }

    // Damage, and a database that is being closed, leave the planner with what it finds itself.
    private T? Try<T>(TableEntry table, Func<StorageTransaction, T?> read)
        where T : class
    {
        try
        {
            using StorageTransaction transaction = _storage.Begin();
            return read(transaction);
        }
        catch (Exception failure) when (failure is IOException
            or NeuroStoreException { Code: not ErrorCode.InvariantBroken })
        {
            if (_storage.IsOpen)
            {
                _storage.Alerts.Add(new IntegrityFinding(
                    string.Empty, -1, table.Schema.Name,
                    "the stored statistics of the planner cannot be read and are not used; "
                    + $"ANALYZE makes them anew: {failure.Message}"));
            }

            return null;
        }
    }
}
