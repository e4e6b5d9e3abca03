using NeuroDb.Storage;
using static NeuroDb.Tests.Unit.StorageFixture;

namespace NeuroDb.Tests.Unit;

/// <summary>Numbers of row versions, and keys that come back again and again.</summary>
public sealed class RowVersionTests
{
    // With an entry for each version, the look-ups below would take hours.
    private const int HotUpdateCount = 200_000;

    [Fact]
    public void A_hot_row_is_found_at_once_while_an_old_reader_still_finds_its_own()
    {
        using StorageEngine engine = InMemory();
        TableEntry table = CreateNamed(engine);
        Insert(engine, table, NamedRows(1, 3));
        using StorageTransaction old = engine.Begin();
        RowBatch row = NamedRow(2, "hot");
        for (int i = 0; i < HotUpdateCount; i++)
        {
            using StorageTransaction transaction = engine.Begin();
            transaction.Update(table, [RowId(transaction, table, 2)], row);
            transaction.Commit(Durability.None);
        }

        Assert.Equal(["1|row 1", "2|row 2", "3|row 3"], Scan(old, table));
        Assert.Equal(1, RowId(old, table, 2));
        using StorageTransaction newest = engine.Begin();
        Assert.Equal(["1|row 1", "2|hot", "3|row 3"], Scan(newest, table));
        Assert.Equal(2 + HotUpdateCount, RowId(newest, table, 2));
    }

    [Fact]
    public void A_hot_pending_row_is_found_at_once_by_its_transaction()
    {
        using StorageEngine engine = InMemory();
        TableEntry table = CreateNamed(engine);
        using StorageTransaction transaction = engine.Begin();
        transaction.Insert(table, NamedRows(1, 20));
        TableSnapshot early = transaction.Open(table);
        RowBatch row = NamedRow(2, "hot");
        for (int i = 0; i < HotUpdateCount; i++)
        {
            transaction.Update(table, [RowId(transaction, table, 2)], row);
        }

        Assert.Equal(~(19L + HotUpdateCount), RowId(transaction, table, 2));
        Assert.True(early.TryFind(0, [Value.Of(2)], out RowAddress before));
        Assert.Equal(~1L, before.RowId);
        transaction.Commit(Durability.None);
        Assert.Equal(20, Scan(engine, table).Length);
    }

    [Fact]
    public void An_update_gives_the_row_a_new_number_and_a_reader_of_before_keeps_the_old_one()
    {
        using StorageEngine engine = InMemory();
        TableEntry table = CreateNamed(engine);
        Insert(engine, table, NamedRows(1, 2));
        using StorageTransaction before = engine.Begin();
        using (StorageTransaction transaction = engine.Begin())
        {
            Rename(transaction, table, 1, "new");
            transaction.Commit(Durability.Full);
        }

        using StorageTransaction after = engine.Begin();
        Assert.Equal(0, RowId(before, table, 1));
        Assert.Equal(2, RowId(after, table, 1));
        Assert.Equal(1, RowId(after, table, 2));
    }

    [Fact]
    public void A_key_that_moves_between_rows_is_found_where_each_snapshot_has_it()
    {
        using StorageEngine engine = InMemory();
        TableEntry table = CreateNamed(engine);
        Insert(engine, table, NamedRows(1, 2));
        var snapshots = new List<(StorageTransaction Transaction, int Holder)>();
        for (int i = 0; i < 20; i++)
        {
            StorageTransaction reader = engine.Begin();
            snapshots.Add((reader, 1 + (i % 2)));
            using StorageTransaction transaction = engine.Begin();
            transaction.Update(
                table,
                [RowId(transaction, table, 1), RowId(transaction, table, 2)],
                Batch(
                    Named,
                    [Value.Of(1), Value.Of($"row {2 - (i % 2)}")],
                    [Value.Of(2), Value.Of($"row {1 + (i % 2)}")]));
            transaction.Commit(Durability.Full);
        }

        foreach ((StorageTransaction reader, int holder) in snapshots)
        {
            TableSnapshot snapshot = reader.Open(table);
            Assert.True(snapshot.TryFind(1, [Value.Of("row 1")], out RowAddress byName));
            Assert.True(snapshot.TryFind(0, [Value.Of(holder)], out RowAddress byId));
            Assert.Equal(byId, byName);
            reader.Dispose();
        }
    }

    [Fact]
    public void A_deleted_key_that_comes_back_is_one_row_for_each_snapshot()
    {
        using StorageEngine engine = InMemory();
        TableEntry table = CreateNamed(engine);
        var readers = new List<StorageTransaction>();
        for (int i = 0; i < 100; i++)
        {
            Insert(engine, table, NamedRow(7, $"life {i}"));
            readers.Add(engine.Begin());
            using StorageTransaction transaction = engine.Begin();
            Delete(transaction, table, 7);
            transaction.Commit(Durability.Full);
            readers.Add(engine.Begin());
        }

        for (int i = 0; i < readers.Count; i++)
        {
            bool isThere = readers[i].Open(table).TryFind(0, [Value.Of(7)], out RowAddress row);
            Assert.Equal(i % 2 == 0, isThere);
            Assert.Equal(isThere ? i / 2 : 0, row.RowId);
            readers[i].Dispose();
        }
    }

    [Fact]
    public void Versions_that_died_before_the_database_was_opened_are_found_by_nobody()
    {
        var disk = new MemoryFileSystem();
        using (StorageEngine engine = Open(disk))
        {
            TableEntry table = CreateNamed(engine);
            Insert(engine, table, NamedRows(1, 50));
            for (int i = 0; i < 20; i++)
            {
                using StorageTransaction transaction = engine.Begin();
                Rename(transaction, table, 9, $"name {i}");
                Delete(transaction, table, 10 + i);
                transaction.Commit(Durability.Full);
            }
        }

        using StorageEngine again = Open(disk);
        using StorageTransaction reader = again.Begin();
        Assert.True(reader.Catalog.TryGetTable("named", out TableEntry found));
        TableSnapshot snapshot = reader.Open(found);
        Assert.True(snapshot.TryFind(1, [Value.Of("name 19")], out RowAddress row));
        Assert.Equal(69, row.RowId);
        Assert.False(snapshot.TryFind(1, [Value.Of("name 18")], out _));
        Assert.False(snapshot.TryFind(0, [Value.Of(29)], out _));
        Assert.True(snapshot.TryFind(0, [Value.Of(30)], out _));
        Assert.Throws<ConstraintException>(() =>
        {
            using StorageTransaction writer = again.Begin();
            writer.Insert(found, NamedRow(50, "twice"));
        });
    }

    [Fact]
    public void A_greatest_number_given_by_hand_and_rolled_back_leaves_the_counter_where_it_was()
    {
        using StorageEngine engine = InMemory();
        TableEntry table = CreateNamed(engine);
        Insert(engine, table, NamedRows(1, 3));
        using (StorageTransaction transaction = engine.Begin())
        {
            transaction.Insert(table, NamedRow(int.MaxValue, "greatest"));
            NeuroStoreException error = Assert.Throws<NeuroStoreException>(
                () => transaction.TakeIdentity(table, 1));
            Assert.Equal(ErrorCode.NumericOutOfRange, error.Code);
        }

        using StorageTransaction after = engine.Begin();
        Assert.Equal(4, after.TakeIdentity(table, 1));
    }
}
