using NeuroDb.Storage;
using static NeuroDb.Tests.Unit.StorageFixture;

namespace NeuroDb.Tests.Unit;

/// <summary>The same transactions with segments and without any give the same rows.</summary>
public sealed class BulkModelTests
{
    [Theory]
    [InlineData(1UL)]
    [InlineData(2UL)]
    [InlineData(3UL)]
    [InlineData(4UL)]
    public void Random_transactions_do_the_same_as_in_memory(ulong seed)
    {
        var random = new SeededRandomSource(seed);
        var disk = new MemoryFileSystem(keepsJournal: false);
        using StorageEngine model = InMemory();
        StorageEngine engine = seed % 2 == 0
            ? BulkFixture.Open(disk)
            : BulkFixture.OpenWithThreads(disk);
        TableEntry modelTable = CreateNamed(model);
        TableEntry table = CreateNamed(engine);
        int next = 1;
        for (int round = 0; round < 5; round++)
        {
            using (StorageTransaction other = model.Begin())
            using (StorageTransaction own = engine.Begin())
            {
                Run(random, [(other, modelTable), (own, table)], ref next);
                Assert.Equal(Scan(other, modelTable), Scan(own, table));
                if (random.NextUInt64() % 4 > 0)
                {
                    other.Commit(Durability.Full);
                    own.Commit(Durability.Full);
                }
            }

            if (random.NextUInt64() % 2 == 0)
            {
                engine.Checkpoint(isFull: random.NextUInt64() % 2 == 0, CancellationToken.None);
            }

            Assert.Equal(Scan(model, modelTable), Scan(engine, table));
            if (random.NextUInt64() % 3 == 0)
            {
                engine.Dispose();
                engine = BulkFixture.Open(disk);
                using StorageTransaction reader = engine.Begin();
                Assert.True(reader.Catalog.TryGetTable("named", out table));
                Assert.Equal(Scan(model, modelTable), Scan(reader, table));
            }
        }

        engine.Dispose();
    }

    private static void Run(
        SeededRandomSource random,
        (StorageTransaction Transaction, TableEntry Table)[] sides,
        ref int next)
    {
        int[] savepoints = [.. sides.Select(static side => side.Transaction.Savepoint())];
        for (int step = 0; step < 25; step++)
        {
            ulong choice = random.NextUInt64() % 12;
            int id = (int)(random.NextUInt64() % (ulong)next) + 1;
            int count = (int)(random.NextUInt64() % 5000) + 1;
            for (int i = 0; i < sides.Length; i++)
            {
                (StorageTransaction transaction, TableEntry table) = sides[i];
                switch (choice)
                {
                    case < 6:
                        transaction.Insert(table, NamedRows(next, count));
                        break;
                    case 6 or 7:
                        TryDelete(transaction, table, id);
                        break;
                    case 8 or 9:
                        TryRename(transaction, table, id, $"renamed {step}");
                        break;
                    case 10:
                        savepoints[i] = transaction.Savepoint();
                        break;
                    default:
                        transaction.RollbackTo(savepoints[i]);
                        break;
                }
            }

            next += choice < 6 ? count : 0;
        }
    }

    private static void TryDelete(StorageTransaction transaction, TableEntry table, int id)
    {
        if (transaction.Open(table).TryFind(0, [Value.Of(id)], out RowAddress row))
        {
            transaction.Delete(table, [row.RowId]);
        }
    }

    private static void TryRename(
        StorageTransaction transaction, TableEntry table, int id, string name)
    {
        bool isTaken = transaction.Open(table).TryFind(1, [Value.Of(name)], out _);
        if (!isTaken && transaction.Open(table).TryFind(0, [Value.Of(id)], out RowAddress row))
        {
            transaction.Update(table, [row.RowId], NamedRow(id, name));
        }
    }
}
