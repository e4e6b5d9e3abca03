using NeuroDb.Storage;
using static NeuroDb.Tests.Unit.StorageFixture;

namespace NeuroDb.Tests.Unit;

public sealed class TransactionIsolationTests
{
    [Fact]
    public void A_transaction_sees_its_own_writes_and_others_only_after_commit()
    {
        using StorageEngine engine = InMemory();
        TableEntry table = CreateNamed(engine);
        using StorageTransaction writer = engine.Begin();
        writer.Insert(table, NamedRow(1, "a"));
        writer.Insert(table, NamedRow(2, "b"));
        Rename(writer, table, 2, "c");
        Assert.Equal(["1|a", "2|c"], Scan(writer, table));
        Assert.Empty(Scan(engine, table));
        Delete(writer, table, 1);
        Assert.Equal(["2|c"], Scan(writer, table));
        writer.Commit(Durability.Full);
        Assert.Equal(["2|c"], Scan(engine, table));
    }

    [Fact]
    public void Reads_repeat_while_others_commit()
    {
        using StorageEngine engine = InMemory();
        TableEntry table = CreateNamed(engine);
        Insert(engine, table, NamedRows(0, 5000));
        using StorageTransaction reader = engine.Begin();
        string[] before = Scan(reader, table);
        using (StorageTransaction writer = engine.Begin())
        {
            Rename(writer, table, 7, "changed");
            Delete(writer, table, 4200);
            writer.Insert(table, NamedRows(6000, 10));
            writer.Commit(Durability.Full);
        }

        Assert.Equal(before, Scan(reader, table));
        Assert.True(reader.Open(table).TryFind(0, [Value.Of(4200)], out _));
        Assert.False(reader.Open(table).TryFind(1, [Value.Of("changed")], out _));
        Assert.False(reader.Open(table).TryFind(0, [Value.Of(6000)], out _));
        using StorageTransaction after = engine.Begin();
        Assert.False(after.Open(table).TryFind(0, [Value.Of(4200)], out _));
        Assert.True(after.Open(table).TryFind(1, [Value.Of("changed")], out _));
        Assert.False(after.Open(table).TryFind(1, [Value.Of("row 7")], out _));
        Assert.Equal(5009, Scan(after, table).Length);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_second_of_two_changes_of_one_row_conflicts(bool deletes)
    {
        using StorageEngine engine = InMemory();
        TableEntry table = CreateNamed(engine);
        Insert(engine, table, NamedRow(1, "a"));
        using StorageTransaction first = engine.Begin();
        using StorageTransaction second = engine.Begin();
        Rename(first, table, 1, "first");
        if (deletes)
        {
            Delete(second, table, 1);
        }
        else
        {
            Rename(second, table, 1, "second");
        }

        first.Commit(Durability.Full);
        ConflictException error = Assert.Throws<ConflictException>(
            () => second.Commit(Durability.Full));
        Assert.Equal(ErrorCode.WriteConflict, error.Code);
        Assert.True(error.IsTransient);
        Assert.Equal(["1|first"], Scan(engine, table));
    }

    [Fact]
    public void A_change_of_a_row_that_another_has_committed_conflicts_at_once()
    {
        using StorageEngine engine = InMemory();
        TableEntry table = CreateNamed(engine);
        Insert(engine, table, NamedRow(1, "a"));
        using StorageTransaction late = engine.Begin();
        using (StorageTransaction early = engine.Begin())
        {
            Rename(early, table, 1, "early");
            early.Commit(Durability.Full);
        }

        Assert.Throws<ConflictException>(() => Rename(late, table, 1, "late"));
        Assert.Equal(["1|a"], Scan(late, table));
    }

    [Fact]
    public void Write_skew_is_allowed_under_snapshot_isolation()
    {
        using StorageEngine engine = InMemory();
        TableEntry table = CreateNamed(engine);
        Insert(engine, table, NamedRows(1, 2));
        using StorageTransaction first = engine.Begin();
        using StorageTransaction second = engine.Begin();
        Rename(first, table, 1, "off 1");
        Rename(second, table, 2, "off 2");
        first.Commit(Durability.Full);
        second.Commit(Durability.Full);
        Assert.Equal(["1|off 1", "2|off 2"], Scan(engine, table));
    }

    [Fact]
    public void An_opened_snapshot_does_not_see_later_writes_of_its_transaction()
    {
        using StorageEngine engine = InMemory();
        TableEntry table = CreateNamed(engine);
        Insert(engine, table, NamedRows(1, 3));
        using StorageTransaction transaction = engine.Begin();
        transaction.Insert(table, NamedRow(4, "own"));
        TableSnapshot before = transaction.Open(table);
        Delete(transaction, table, 1);
        Rename(transaction, table, 4, "renamed");
        transaction.Insert(table, NamedRow(5, "later"));
        Assert.Equal(
            ["1|row 1", "2|row 2", "3|row 3", "4|own"], Rows(before).Order(StringComparer.Ordinal));
        Assert.True(before.TryFind(0, [Value.Of(1)], out _));
        Assert.False(before.TryFind(0, [Value.Of(5)], out _));
        Assert.Equal(
            ["2|row 2", "3|row 3", "4|renamed", "5|later"], Scan(transaction, table));
    }

    [Fact]
    public void A_rolled_back_transaction_leaves_nothing()
    {
        using StorageEngine engine = InMemory();
        TableEntry table = CreateNamed(engine);
        using (StorageTransaction transaction = engine.Begin())
        {
            transaction.Insert(table, NamedRow(1, "a"));
            transaction.CreateTable(AllTypes);
        }

        Assert.Empty(Scan(engine, table));
        using StorageTransaction after = engine.Begin();
        Assert.Equal(1, after.Catalog.Count);
    }

    [Fact]
    public void A_finished_transaction_refuses_work()
    {
        using StorageEngine engine = InMemory();
        TableEntry table = CreateNamed(engine);
        StorageTransaction transaction = engine.Begin();
        transaction.Commit(Durability.Full);
        NeuroStoreException error = Assert.Throws<NeuroStoreException>(
            () => transaction.Open(table));
        Assert.Equal(ErrorCode.NoTransaction, error.Code);
    }

    [Fact]
    public void Tables_are_created_and_dropped_with_the_transaction()
    {
        using StorageEngine engine = InMemory();
        TableEntry table = CreateNamed(engine);
        using StorageTransaction old = engine.Begin();
        long version = old.Catalog.Version;
        using (StorageTransaction transaction = engine.Begin())
        {
            transaction.DropTable(table);
            TableEntry again = transaction.CreateTable(Named);
            transaction.Insert(again, NamedRow(9, "new"));
            Assert.NotEqual(version, transaction.Catalog.Version);
            transaction.Commit(Durability.Full);
        }

        Assert.True(old.Catalog.TryGetTable("NAMED", out TableEntry seen));
        Assert.Same(table, seen);
        using StorageTransaction after = engine.Begin();
        Assert.True(after.Catalog.TryGetTable("named", out TableEntry found));
        Assert.NotSame(table, found);
        Assert.Equal(["9|new"], Scan(after, found));
        NeuroStoreException error = Assert.Throws<NeuroStoreException>(
            () => after.CreateTable(Named));
        Assert.Equal(ErrorCode.TableExists, error.Code);
        Assert.Throws<ConflictException>(() =>
        {
            old.Insert(table, NamedRow(1, "lost"));
            old.Commit(Durability.Full);
        });
    }

    [Fact]
    public void Of_two_tables_of_one_name_the_second_conflicts()
    {
        using StorageEngine engine = InMemory();
        using StorageTransaction first = engine.Begin();
        using StorageTransaction second = engine.Begin();
        first.CreateTable(Named);
        second.CreateTable(Named);
        first.Commit(Durability.Full);
        Assert.Throws<ConflictException>(() => second.Commit(Durability.Full));
    }

    [Fact]
    public void A_drop_conflicts_with_rows_committed_since_its_snapshot()
    {
        using StorageEngine engine = InMemory();
        TableEntry table = CreateNamed(engine);
        using StorageTransaction drop = engine.Begin();
        drop.DropTable(table);
        Insert(engine, table, NamedRow(1, "kept"));
        Assert.Throws<ConflictException>(() => drop.Commit(Durability.Full));
        Assert.Equal(["1|kept"], Scan(engine, table));
    }
}
