using NeuroDb.Storage;
using static NeuroDb.Tests.Unit.StorageFixture;

namespace NeuroDb.Tests.Unit;

/// <summary>Many keys at once find what one after the other finds, wherever the rows lie.</summary>
public sealed class BatchedLookupTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Many_keys_find_the_rows_that_single_ones_find(int key)
    {
        var disk = new MemoryFileSystem();
        using StorageEngine engine = Open(disk);
        TableEntry table = CreateNamed(engine);
        Insert(engine, table, NamedRows(1, 9000));
        engine.Checkpoint(isFull: true, CancellationToken.None);
        using (StorageTransaction change = engine.Begin())
        {
            change.Delete(table, [.. Enumerable.Range(100, 300).Select(static i => (long)i)]);
            change.Insert(table, NamedRows(120, 50));
            change.Commit(Durability.Full);
        }

        Insert(engine, table, NamedRows(10_000, 5000));
        using StorageTransaction transaction = engine.Begin();
        Rename(transaction, table, 7, "renamed");
        Rename(transaction, table, 10_007, "renamed too");
        transaction.Insert(table, NamedRows(20_000, 40));
        TableSnapshot snapshot = transaction.Open(table);
        transaction.Insert(table, NamedRows(30_000, 40));

        // The first round counts lookups of the runs; the second one goes by their models.
        for (int round = 0; round < 2; round++)
        {
            ColumnBuffer sought = Sought(key, new Random(round));
            var found = new RowAddress?[sought.Count];
            snapshot.FindMany(key, [sought], found);
            int count = 0;
            for (int i = 0; i < found.Length; i++)
            {
                bool isThere = snapshot.TryFind(
                    key, [sought.GetValue(i)], out RowAddress row);
                Assert.Equal(isThere ? row : null, found[i]);
                count += isThere ? 1 : 0;
            }

            Assert.InRange(count, 300, sought.Count - 300);
        }
    }

    private static ColumnBuffer Sought(int key, Random random)
    {
        ColumnBuilder builder = ColumnBuilder.Create(
            key == 0 ? DataType.Integer : DataType.Text, 1500);
        for (int i = 0; i < 1500; i++)
        {
            int id = random.Next(4) switch
            {
                0 => random.Next(1, 500),
                1 => random.Next(1, 9500),
                2 => random.Next(9_900, 15_100),
                _ => (random.Next(2, 4) * 10_000) + random.Next(-20, 60),
            };
            builder.Append(random.Next(20) == 0 ? Value.Null
                : key == 0 ? Value.Of(id)
                : Value.Of(random.Next(90) == 0 ? "renamed" : $"row {id}"));
        }

        return builder.Build();
    }
}
