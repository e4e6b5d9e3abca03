using NeuroDb.Storage;
using static NeuroDb.Tests.Unit.StorageFixture;

namespace NeuroDb.Tests.Unit;

/// <summary>
/// Random interleaved transactions against a dictionary, and against a reopened disk; with some
/// seeds the rows are sealed into segments meanwhile.
/// </summary>
public sealed class StorageModelTests
{
    private const int StepCount = 3000;
    private const int IdCount = 40;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(14)]
    public void Interleaved_transactions_agree_with_a_simple_model(ulong seed)
    {
        bool seals = seed > 10;
        using var sealing = new SealingFixture(budgetBytes: 100_000);
        FrozenState? frozen = null;
        var random = new SeededRandomSource(seed);
        int Next(int bound) => (int)(random.NextUInt64() % (ulong)bound);
        var disk = new MemoryFileSystem(keepsJournal: false);
        StorageEngine engine = Open(disk);
        TableEntry table = CreateNamed(engine);
        var committed = new SortedDictionary<int, string>();
        var open =
            new List<(StorageTransaction Transaction, SortedDictionary<int, string> Model)>();
        int conflicts = 0;
        for (int step = 0; step < StepCount; step++)
        {
            if (open.Count < 4)
            {
                open.Add((engine.Begin(), new SortedDictionary<int, string>(committed)));
            }

            if (seals && Next(20) == 0)
            {
                frozen = SealSome(engine, sealing, frozen, Next(4));
            }

            int at = Next(open.Count);
            (StorageTransaction transaction, SortedDictionary<int, string> model) = open[at];
            int kind = Next(12);
            if (kind < 9)
            {
                Write(transaction, table, model, Next(IdCount), $"n{Next(60)}", kind);
                continue;
            }

            Assert.Equal(model.Select(static row => $"{row.Key}|{row.Value}").Order(
                StringComparer.Ordinal), Scan(transaction, table));
            open.RemoveAt(at);
            if (kind == 9)
            {
                transaction.Rollback();
                continue;
            }

            try
            {
                bool writes = transaction.HasWrites;
                transaction.Commit(Mode((Durability)Next(4)));
                committed = writes ? Merge(engine, table) : committed;
            }
            catch (NeuroStoreException failure) when (
                failure.Code is ErrorCode.WriteConflict or ErrorCode.UniqueViolation)
            {
                conflicts++;
            }
        }

        Assert.True(conflicts > 10);
        CheckReopened(engine, disk);
    }

    // The clock of these tests stands, so nobody would end the wait of a group.
    private static Durability Mode(Durability durability) =>
        durability == Durability.Group ? Durability.Full : durability;

    private static void CheckReopened(StorageEngine engine, MemoryFileSystem disk)
    {
        string[] before = Dump(engine);
        engine.Dispose();
        using StorageEngine again = Open(disk);
        Assert.Equal(before, Dump(again));
        Assert.False(again.Recovery.IsNew);
    }

    private static FrozenState? SealSome(
        StorageEngine engine, SealingFixture sealing, FrozenState? frozen, int kind)
    {
        if (frozen is null)
        {
            return Freeze(engine);
        }

        if (kind == 0)
        {
            engine.Layouts.Abandon(frozen);
        }
        else
        {
            engine.Layouts.WaitForPublished(frozen.Timestamp);
            sealing.Switch(engine, frozen, merges: kind == 1);
        }

        return null;
    }

    private static void Write(
        StorageTransaction transaction, TableEntry table, SortedDictionary<int, string> model,
        int id, string name, int kind)
    {
        bool exists = model.ContainsKey(id);
        bool nameTaken = model.Any(row => row.Value == name && row.Key != id);
        try
        {
            if (!exists)
            {
                transaction.Insert(table, NamedRow(id, name));
                Assert.False(nameTaken);
                model.Add(id, name);
            }
            else if (kind < 3)
            {
                Delete(transaction, table, id);
                model.Remove(id);
            }
            else
            {
                Rename(transaction, table, id, name);
                Assert.False(nameTaken);
                model[id] = name;
            }
        }
        catch (ConstraintException)
        {
            Assert.True(nameTaken);
        }
        catch (ConflictException)
        {
            // Somebody committed a change of the row since the snapshot; the row stays as it is.
        }
    }

    // Every row of the state after a commit is found by both keys.
    private static SortedDictionary<int, string> Merge(StorageEngine engine, TableEntry table)
    {
        using StorageTransaction transaction = engine.Begin();
        var rows = new SortedDictionary<int, string>();
        TableSnapshot snapshot = transaction.Open(table);
        foreach (string row in Rows(snapshot))
        {
            string[] parts = row.Split('|');
            int id = int.Parse(parts[0], System.Globalization.CultureInfo.InvariantCulture);
            Assert.True(snapshot.TryFind(0, [Value.Of(id)], out RowAddress byId));
            Assert.True(snapshot.TryFind(1, [Value.Of(parts[1])], out RowAddress byName));
            Assert.Equal(byId, byName);
            rows.Add(id, parts[1]);
        }

        return rows;
    }
}
