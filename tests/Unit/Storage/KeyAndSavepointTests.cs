using NeuroDb.Storage;
using static NeuroDb.Tests.Unit.StorageFixture;

namespace NeuroDb.Tests.Unit;

public sealed class KeyAndSavepointTests
{
    [Fact]
    public void A_duplicate_key_names_table_key_and_value_and_stores_nothing()
    {
        using StorageEngine engine = InMemory();
        TableEntry table = CreateNamed(engine);
        Insert(engine, table, NamedRows(1, 3));
        using StorageTransaction transaction = engine.Begin();
        ConstraintException error = Assert.Throws<ConstraintException>(
            () => transaction.Insert(table, NamedRows(3, 5)));
        Assert.Equal(ErrorCode.UniqueViolation, error.Code);
        Assert.Contains("named", error.Message, StringComparison.Ordinal);
        Assert.Contains("PRIMARY KEY (id) = (3)", error.Message, StringComparison.Ordinal);
        Assert.Equal(3, Scan(transaction, table).Length);
        transaction.Insert(table, NamedRows(4, 2));
        Assert.Throws<ConstraintException>(
            () => transaction.Insert(table, NamedRow(9, "row 5")));
        transaction.Commit(Durability.Full);
        Assert.Equal(5, Scan(engine, table).Length);
    }

    [Fact]
    public void Duplicates_within_one_batch_are_found_in_any_order()
    {
        using StorageEngine engine = InMemory();
        TableEntry table = CreateNamed(engine);
        int[] ids = [.. Enumerable.Range(0, 100).Select(static i => i * 37 % 101)];
        Value[][] rows = [.. ids.Append(ids[3]).Select(
            static (id, i) => new[] { Value.Of(id), Value.Of($"n{i}") })];
        using StorageTransaction transaction = engine.Begin();
        Assert.Throws<ConstraintException>(
            () => transaction.Insert(table, Batch(Named, rows)));
        transaction.Insert(table, Batch(Named, rows[..100]));
        Assert.Throws<ConstraintException>(
            () => transaction.Insert(table, NamedRow(ids[50], "again")));
        Assert.Equal(100, Scan(transaction, table).Length);
    }

    [Fact]
    public void Nulls_never_collide_and_keys_compare_by_code_point()
    {
        using StorageEngine engine = InMemory();
        TableEntry table = CreateNamed(engine);
        Insert(engine, table, NamedRow(1, null));
        Insert(engine, table, NamedRow(2, null));
        Insert(engine, table, NamedRow(3, "\u00e9"));
        Insert(engine, table, NamedRow(4, "e\u0301"));
        Insert(engine, table, NamedRow(5, "E"));
        Insert(engine, table, NamedRow(6, "e"));
        Assert.Equal(6, Scan(engine, table).Length);
        using StorageTransaction transaction = engine.Begin();
        Assert.False(transaction.Open(table).TryFind(1, [Value.Null], out _));
    }

    [Fact]
    public void Rows_may_swap_their_keys_in_one_update()
    {
        using StorageEngine engine = InMemory();
        TableEntry table = CreateNamed(engine);
        Insert(engine, table, NamedRows(1, 2));
        using StorageTransaction transaction = engine.Begin();
        transaction.Update(
            table,
            [RowId(transaction, table, 1), RowId(transaction, table, 2)],
            Batch(
                Named,
                [Value.Of(2), Value.Of("row 1")],
                [Value.Of(1), Value.Of("row 2")]));
        Assert.Equal(["1|row 2", "2|row 1"], Scan(transaction, table));
        transaction.Commit(Durability.Full);
        Assert.Equal(["1|row 2", "2|row 1"], Scan(engine, table));
        using StorageTransaction after = engine.Begin();
        Assert.Throws<ConstraintException>(() => Rename(after, table, 1, "row 1"));
        Assert.Equal(["1|row 2", "2|row 1"], Scan(after, table));
    }

    [Fact]
    public void A_key_that_was_freed_may_be_taken_again()
    {
        using StorageEngine engine = InMemory();
        TableEntry table = CreateNamed(engine);
        Insert(engine, table, NamedRow(1, "a"));
        using (StorageTransaction transaction = engine.Begin())
        {
            Delete(transaction, table, 1);
            transaction.Insert(table, NamedRow(1, "a"));
            Rename(transaction, table, 1, "b");
            transaction.Insert(table, NamedRow(2, "a"));
            transaction.Commit(Durability.Full);
        }

        Assert.Equal(["1|b", "2|a"], Scan(engine, table));
    }

    [Fact]
    public void Of_two_transactions_with_one_new_key_the_second_fails()
    {
        using StorageEngine engine = InMemory();
        TableEntry table = CreateNamed(engine);
        using StorageTransaction first = engine.Begin();
        using StorageTransaction second = engine.Begin();
        first.Insert(table, NamedRow(1, "a"));
        second.Insert(table, NamedRow(2, "a"));
        first.Commit(Durability.Full);
        ConstraintException error = Assert.Throws<ConstraintException>(
            () => second.Commit(Durability.Full));
        Assert.Contains("(name) = ('a')", error.Message, StringComparison.Ordinal);
        Assert.Equal(["1|a"], Scan(engine, table));
    }

    [Fact]
    public void A_rollback_to_a_savepoint_takes_back_rows_and_tables()
    {
        using StorageEngine engine = InMemory();
        TableEntry table = CreateNamed(engine);
        Insert(engine, table, NamedRows(1, 3));
        using StorageTransaction transaction = engine.Begin();
        transaction.Insert(table, NamedRow(4, "own"));
        int outer = transaction.Savepoint();
        Rename(transaction, table, 4, "own 2");
        Delete(transaction, table, 1);
        int inner = transaction.Savepoint();
        transaction.Insert(table, NamedRows(10, 9000));
        Rename(transaction, table, 2, "two");
        transaction.CreateTable(AllTypes);
        transaction.RollbackTo(inner);
        Assert.Equal(["2|row 2", "3|row 3", "4|own 2"], Scan(transaction, table));
        Assert.Equal(1, transaction.Catalog.Count);
        transaction.Insert(table, NamedRow(10, "ten"));
        transaction.RollbackTo(outer);
        Assert.Equal(
            ["1|row 1", "2|row 2", "3|row 3", "4|own"], Scan(transaction, table));
        transaction.Insert(table, NamedRow(5, "own 2"));
        transaction.DropTable(table);
        transaction.RollbackTo(outer);
        transaction.Insert(table, NamedRow(5, "five"));
        transaction.Commit(Durability.Full);
        Assert.Equal(
            ["1|row 1", "2|row 2", "3|row 3", "4|own", "5|five"], Scan(engine, table));
    }

    [Fact]
    public void Identity_values_follow_the_greatest_value()
    {
        using StorageEngine engine = InMemory();
        TableEntry table = CreateNamed(engine);
        using StorageTransaction transaction = engine.Begin();
        Assert.Equal(1, transaction.TakeIdentity(table, 2));
        transaction.Insert(table, NamedRows(1, 2));
        transaction.Insert(table, NamedRow(40, "forty"));
        Assert.Equal(41, transaction.TakeIdentity(table, 1));
        transaction.Insert(table, NamedRow(int.MaxValue, "last"));
        NeuroStoreException error = Assert.Throws<NeuroStoreException>(
            () => transaction.TakeIdentity(table, 1));
        Assert.Equal(ErrorCode.NumericOutOfRange, error.Code);
    }

    [Fact]
    public void Numbers_are_one_key_whatever_their_form()
    {
        var schema = new TableSchema
        {
            Name = "numbers",
            Columns =
            [
                new ColumnSchema("d", DataType.Double), new ColumnSchema("m", DataType.Decimal),
                new ColumnSchema("b", DataType.Blob), new ColumnSchema("u", DataType.Uuid),
            ],
            Keys = [new KeySchema("k", [0, 1, 2, 3], IsPrimary: false)],
        };
        using StorageEngine engine = InMemory();
        using StorageTransaction transaction = engine.Begin();
        TableEntry table = transaction.CreateTable(schema);
        transaction.Insert(table, Batch(
            schema, [Value.Of(0.0), Value.Of(1.0m), Value.Of([1, 2]), Value.Of(Guid.Empty)]));
        Assert.Throws<ConstraintException>(() => transaction.Insert(table, Batch(
            schema, [Value.Of(-0.0), Value.Of(1.00m), Value.Of([1, 2]), Value.Of(Guid.Empty)])));
        transaction.Insert(table, Batch(
            schema, [Value.Of(-0.0), Value.Null, Value.Of([1, 2]), Value.Of(Guid.Empty)]));
        Assert.True(transaction.Open(table).TryFind(
            0,
            [Value.Of(-0.0), Value.Of(1m), Value.Of([1, 2]), Value.Of(Guid.Empty)],
            out RowAddress row));
        Assert.Equal("0", Show(transaction.Open(table).Fetch(0, [row]).GetValue(0)));
    }
}
