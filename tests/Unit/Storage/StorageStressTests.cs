using System.Collections.Concurrent;
using NeuroDb.Storage;
using static NeuroDb.Tests.Unit.StorageFixture;

namespace NeuroDb.Tests.Unit;

/// <summary>
/// Many threads with random transactions in every durability, large ones and new tables among
/// them, over several openings. The rows fall into groups; every transaction adds one to the count
/// of its group, so that first-committer-wins gives all commits of a group one order, in which a
/// dictionary replays them.
/// </summary>
public sealed class StorageStressTests
{
    private const int ThreadCount = 6;
    private const int GroupCount = 4;
    private const int GroupSize = 40;
    private const int TransactionCount = 120;
    private const int RoundCount = 3;
    private readonly ConcurrentQueue<Committed> _history = [];
    private int _largeRowCount;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Concurrent_transactions_have_one_order_that_survives_reopening(ulong seed)
    {
        var disk = new MemoryFileSystem(keepsJournal: false);
        for (int round = 0; round < RoundCount; round++)
        {
            string[] before;
            using (StorageEngine engine = StorageEngine.Open(Threads(disk), Root, Options))
            {
                Prepare(engine);
                ulong first = (seed * 1000) + ((ulong)round * 100);
                await Task.WhenAll(Enumerable.Range(0, ThreadCount).Select(thread => Task.Run(
                    () => WorkAsync(engine, new SeededRandomSource(first + (ulong)thread)))));
                CheckRows(engine);
                before = Dump(engine);
            }

            using StorageEngine again = Open(disk);
            Assert.Equal(before, Dump(again));
            CheckRows(again);
        }

        Assert.True(_history.Count > TransactionCount);
        Assert.True(_largeRowCount > 0);
    }

    private static void Prepare(StorageEngine engine)
    {
        using StorageTransaction transaction = engine.Begin();
        if (transaction.Catalog.Count == 0)
        {
            TableEntry table = transaction.CreateTable(Named);
            transaction.CreateTable(Named with { Name = "large", Keys = [], IdentityOrdinal = -1 });
            for (int group = 0; group < GroupCount; group++)
            {
                transaction.Insert(table, NamedRow(group * GroupSize, $"count {group} 0"));
            }

            transaction.Commit(Durability.Full);
        }
    }

    private async Task WorkAsync(StorageEngine engine, SeededRandomSource random)
    {
        int Next(int bound) => (int)(random.NextUInt64() % (ulong)bound);
        for (int i = 0; i < TransactionCount; i++)
        {
            using StorageTransaction transaction = engine.Begin();
            Assert.True(transaction.Catalog.TryGetTable("named", out TableEntry table));
            try
            {
                bool isLarge = i % 60 == 59;
                Committed change = Change(transaction, table, Next);
                if (isLarge)
                {
                    AddLarge(transaction);
                }

                if (Next(10) == 0)
                {
                    Redefine(transaction, $"extra{Next(3)}");
                }

                var mode = (Durability)Next(4);
                if (Next(2) == 0)
                {
                    transaction.Commit(mode);
                }
                else
                {
                    await transaction.CommitAsync(mode);
                }

                _history.Enqueue(change);
                Interlocked.Add(ref _largeRowCount, isLarge ? 3 : 0);
            }
            catch (NeuroStoreException failure) when (
                failure.Code is ErrorCode.WriteConflict or ErrorCode.UniqueViolation)
            {
                // Another transaction was first; this one leaves no trace.
            }
        }
    }

    private static Committed Change(
        StorageTransaction transaction, TableEntry table, Func<int, int> next)
    {
        int group = next(GroupCount);
        int first = group * GroupSize;
        TableSnapshot snapshot = transaction.Open(table);
        Assert.True(snapshot.TryFind(0, [Value.Of(first)], out RowAddress counter));
        string count = snapshot.Fetch(1, [counter]).GetValue(0).AsText();
        int number = int.Parse(
            count.Split(' ')[2], System.Globalization.CultureInfo.InvariantCulture) + 1;
        Rename(transaction, table, first, $"count {group} {number}");
        var writes = new List<(int Id, string? Name)> { (first, $"count {group} {number}") };
        for (int i = next(4); i >= 0; i--)
        {
            int id = first + 1 + next(GroupSize - 1);
            string? name = next(3) == 0 ? null : $"name {group} {next(GroupSize)}";
            if (TryWrite(transaction, table, id, name, deletes: next(4) == 0, out bool isGone))
            {
                writes.Add((id, isGone ? "" : name));
            }
        }

        return new Committed(group, number, writes);
    }

    private static bool TryWrite(
        StorageTransaction transaction, TableEntry table, int id, string? name, bool deletes,
        out bool isGone)
    {
        isGone = false;
        int savepoint = transaction.Savepoint();
        try
        {
            if (!transaction.Open(table).TryFind(0, [Value.Of(id)], out _))
            {
                transaction.Insert(table, NamedRow(id, name));
            }
            else if (deletes)
            {
                Delete(transaction, table, id);
                isGone = true;
            }
            else
            {
                Rename(transaction, table, id, name);
            }

            return true;
        }
        catch (ConstraintException)
        {
            transaction.RollbackTo(savepoint);
            return false;
        }
    }

    // More than the largest record that is written in one piece.
    private static void AddLarge(StorageTransaction transaction)
    {
        Assert.True(transaction.Catalog.TryGetTable("large", out TableEntry table));
        string text = new('x', 700_000);
        transaction.Insert(table, Batch(
            table.Schema,
            [.. Enumerable.Range(0, 3).Select(id => new[] { Value.Of(id), Value.Of(text) })]));
    }

    private static void Redefine(StorageTransaction transaction, string name)
    {
        if (transaction.Catalog.TryGetTable(name, out TableEntry old))
        {
            transaction.DropTable(old);
        }

        TableEntry made = transaction.CreateTable(Named with { Name = name });
        transaction.Insert(made, NamedRows(1, 3));
    }

    private void CheckRows(StorageEngine engine)
    {
        var rows = new SortedDictionary<int, string?>();
        for (int group = 0; group < GroupCount; group++)
        {
            rows[group * GroupSize] = $"count {group} 0";
            int expected = 1;
            foreach (Committed change in _history
                .Where(change => change.Group == group).OrderBy(static change => change.Number))
            {
                Assert.Equal(expected++, change.Number);
                foreach ((int id, string? name) in change.Writes)
                {
                    rows[id] = name;
                }
            }
        }

        using StorageTransaction reader = engine.Begin();
        Assert.True(reader.Catalog.TryGetTable("named", out TableEntry table));
        Assert.True(reader.Catalog.TryGetTable("large", out TableEntry large));
        Assert.Equal(
            rows.Where(static row => row.Value != "")
                .Select(static row => $"{row.Key}|{row.Value ?? "null"}")
                .Order(StringComparer.Ordinal),
            Scan(reader, table));
        Assert.Equal(_largeRowCount, Scan(reader, large).Length);
    }

    private sealed record Committed(int Group, int Number, List<(int Id, string? Name)> Writes);
}
