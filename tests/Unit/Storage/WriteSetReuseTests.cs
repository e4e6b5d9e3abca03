using NeuroDb.Storage;
using static NeuroDb.Tests.Unit.StorageFixture;

namespace NeuroDb.Tests.Unit;

/// <summary>Transactions that write with the memory of one that is over.</summary>
public sealed class WriteSetReuseTests
{
    [Fact]
    public void A_write_set_serves_the_next_transaction_and_leaves_nothing_in_it()
    {
        using StorageEngine engine = InMemory();
        TableEntry table = CreateNamed(engine);
        Insert(engine, table, NamedRow(1, null));
        PendingRows? left = table.SpareRows;
        Assert.NotNull(left);
        Assert.True(left.IsEmpty);
        using (StorageTransaction next = engine.Begin())
        {
            next.Insert(table, NamedRow(2, "two"));
            Assert.Null(table.SpareRows);
            Assert.Same(left, next.Writes[0]);
            next.Commit(Durability.Full);
        }

        // A row that is taken back again, and one that ends another.
        using (StorageTransaction killed = engine.Begin())
        {
            killed.Insert(table, NamedRow(3, "three"));
            Delete(killed, table, 3);
            Rename(killed, table, 1, "one");
            killed.Commit(Durability.Full);
        }

        Insert(engine, table, NamedRow(3, null));
        Assert.Equal(["1|one", "2|two", "3|null"], Scan(engine, table));
    }

    [Fact]
    public void A_transaction_finds_its_own_keys_by_the_index_that_another_one_left()
    {
        using StorageEngine engine = InMemory();
        TableEntry table = CreateNamed(engine);
        Insert(engine, table, Falling(140));
        PendingRows? left = table.SpareRows;
        Assert.NotNull(left);
        PendingKeys keys = left.Keys;
        Insert(engine, table, Falling(240));
        Assert.Same(keys, table.SpareRows?.Keys);
        using (StorageTransaction twice = engine.Begin())
        {
            twice.Insert(table, Falling(340));
            ConstraintException failure = Assert.Throws<ConstraintException>(
                () => twice.Insert(table, NamedRow(321, null)));
            Assert.Contains("321", failure.Message, StringComparison.Ordinal);
        }

        Assert.Equal(80, Scan(engine, table).Length);

        // Keys that fall are not known as new by their greatest.
        static RowBatch Falling(int last) => Batch(
            Named,
            [.. Enumerable.Range(0, 40).Select(i => new[] { Value.Of(last - i), Value.Null })]);
    }

    [Fact]
    public void What_was_read_of_a_write_set_stays_as_it_was()
    {
        using StorageEngine engine = InMemory();
        TableEntry table = CreateNamed(engine);
        using StorageTransaction first = engine.Begin();
        first.Insert(table, NamedRow(1, "one"));
        TableSnapshot own = first.Open(table);
        ColumnBuffer names = own.Slice(0).Column(1);
        first.Commit(Durability.Full);
        Assert.Null(table.SpareRows);
        Insert(engine, table, NamedRow(2, "two"));
        Assert.Equal("one", names.GetValue(0).AsText());
    }

    [Fact]
    public void A_transaction_that_failed_or_was_rolled_back_leaves_no_write_set()
    {
        using StorageEngine engine = InMemory();
        TableEntry table = CreateNamed(engine);
        using (StorageTransaction given = engine.Begin())
        {
            given.Insert(table, NamedRow(1, "one"));
            given.Rollback();
        }

        Assert.Null(table.SpareRows);
        using StorageTransaction late = engine.Begin();
        late.Insert(table, NamedRow(2, "same"));
        Insert(engine, table, NamedRow(3, "same"));
        table.SpareRows = null;
        Assert.Throws<ConstraintException>(() => late.Commit(Durability.Full));
        Assert.Null(table.SpareRows);
        Insert(engine, table, NamedRow(2, "two"));
        Assert.Equal(["2|two", "3|same"], Scan(engine, table));
    }

    [Fact]
    public void Many_transactions_at_once_never_share_a_write_set()
    {
        using StorageEngine engine = StorageEngine.OpenInMemory(
            SystemSeams.Real(), new StorageOptions());
        TableEntry table = CreateNamed(engine);
        const int Each = 500;
        Thread[] writers = [.. Enumerable.Range(0, 8).Select(writer => new Thread(() =>
        {
            for (int i = 0; i < Each; i++)
            {
                int id = (writer * Each) + i;
                Insert(engine, table, NamedRow(id, i % 3 == 0 ? null : $"row {id}"));
            }
        }))];
        Array.ForEach(writers, static writer => writer.Start());
        Array.ForEach(writers, static writer => writer.Join());
        Assert.Equal(
            Enumerable.Range(0, 8 * Each)
                .Select(static id => id % Each % 3 == 0 ? $"{id}|null" : $"{id}|row {id}")
                .Order(StringComparer.Ordinal),
            Scan(engine, table));
    }
}
