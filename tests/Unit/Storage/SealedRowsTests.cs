using NeuroDb.Storage;
using static NeuroDb.Tests.Unit.StorageFixture;

namespace NeuroDb.Tests.Unit;

/// <summary>Tables whose rows lie in segments and deltas, and the change from one to the other.
/// </summary>
public sealed class SealedRowsTests
{
    [Fact]
    public void Rows_are_the_same_in_memory_and_in_a_segment()
    {
        using StorageEngine engine = InMemory();
        using var sealing = new SealingFixture();
        TableEntry table = CreateNamed(engine);
        Insert(engine, table, NamedRows(1, 10_000));
        Change(engine, transaction => Delete(transaction, table, 77));
        string[] before = Scan(engine, table);
        sealing.Seal(engine);
        Assert.Equal(before, Scan(engine, table));
        using StorageTransaction transaction = engine.Begin();
        TableSnapshot snapshot = transaction.Open(table);
        Assert.Equal(3, snapshot.SliceCount);
        Assert.True(snapshot.TryFind(0, [Value.Of(9_000)], out RowAddress byId));
        Assert.True(snapshot.TryFind(1, [Value.Of("row 9000")], out RowAddress byName));
        Assert.Equal(new RowAddress(8_999), byId);
        Assert.Equal(byId, byName);
        Assert.False(snapshot.TryFind(0, [Value.Of(77)], out _));
        Assert.Equal("row 9000", snapshot.Fetch(1, [byId]).GetValue(0).AsText());
        Assert.True(snapshot.TryGetZone(0, 0, out ZoneMap zone));
        Assert.Equal((1L, 4_097L), (zone.Minimum.AsInt64(), zone.Maximum.AsInt64()));
    }

    [Fact]
    public void A_reader_of_before_the_switch_sees_what_it_saw()
    {
        using StorageEngine engine = InMemory();
        using var sealing = new SealingFixture();
        TableEntry table = CreateNamed(engine);
        Insert(engine, table, NamedRows(1, 5));
        using StorageTransaction first = engine.Begin();
        Change(engine, transaction => Rename(transaction, table, 2, "second"));
        using StorageTransaction second = engine.Begin();
        Change(engine, transaction => Delete(transaction, table, 3));
        FrozenState frozen = Freeze(engine);
        using StorageTransaction third = engine.Begin();
        Change(engine, transaction => Delete(transaction, table, 4));
        Change(engine, transaction => Rename(transaction, table, 2, "third"));
        sealing.Switch(engine, frozen);
        Change(engine, transaction => Delete(transaction, table, 5));
        Change(engine, transaction => transaction.Insert(table, NamedRow(3, "again")));
        Assert.Equal(
            ["1|row 1", "2|row 2", "3|row 3", "4|row 4", "5|row 5"], Scan(first, table));
        Assert.Equal(1, RowId(first, table, 2));
        Assert.Equal(
            ["1|row 1", "2|second", "3|row 3", "4|row 4", "5|row 5"], Scan(second, table));
        Assert.Equal(["1|row 1", "2|second", "4|row 4", "5|row 5"], Scan(third, table));
        Assert.Equal(5, RowId(third, table, 2));
        Assert.Equal(["1|row 1", "2|third", "3|again"], Scan(engine, table));
    }

    [Fact]
    public void Ends_between_freeze_and_switch_are_carried_into_the_segment()
    {
        using StorageEngine engine = InMemory();
        using var sealing = new SealingFixture();
        TableEntry table = CreateNamed(engine);
        Insert(engine, table, NamedRows(1, 6));
        sealing.Seal(engine);
        Insert(engine, table, NamedRows(7, 3));
        FrozenState frozen = Freeze(engine);
        Change(engine, transaction =>
        {
            Delete(transaction, table, 2);
            Rename(transaction, table, 8, "late");
        });
        using StorageTransaction before = engine.Begin();
        Change(engine, transaction => Delete(transaction, table, 3));
        sealing.Switch(engine, frozen, merges: true);
        Assert.Equal(
            ["1|row 1", "4|row 4", "5|row 5", "6|row 6", "7|row 7", "8|late", "9|row 9"],
            Scan(engine, table));
        Assert.Contains("3|row 3", Scan(before, table));
        using StorageTransaction late = engine.Begin();
        Assert.False(late.Open(table).TryFind(0, [Value.Of(3)], out _));
        Assert.Equal(7, table.Rows.LiveCount);
    }

    [Fact]
    public void Two_changes_of_a_row_conflict_across_a_switch()
    {
        using StorageEngine engine = InMemory();
        using var sealing = new SealingFixture();
        TableEntry table = CreateNamed(engine);
        Insert(engine, table, NamedRows(1, 3));
        using StorageTransaction first = engine.Begin();
        using StorageTransaction second = engine.Begin();
        using StorageTransaction third = engine.Begin();
        Rename(first, table, 1, "first");
        Rename(second, table, 1, "second");
        first.Commit(Durability.Full);
        sealing.Seal(engine);
        Assert.Throws<ConflictException>(() => second.Commit(Durability.Full));
        Assert.Throws<ConflictException>(() => Delete(third, table, 1));
        Delete(third, table, 2);
        sealing.Seal(engine, merges: true);
        third.Commit(Durability.Full);
        Assert.Equal(["1|first", "3|row 3"], Scan(engine, table));
    }

    [Fact]
    public void Keys_are_unique_over_segments_and_deltas()
    {
        using StorageEngine engine = InMemory();
        using var sealing = new SealingFixture();
        TableEntry table = CreateNamed(engine);
        Insert(engine, table, NamedRows(1, 100));
        sealing.Seal(engine);
        Insert(engine, table, NamedRows(101, 100));
        sealing.Seal(engine);
        Insert(engine, table, NamedRows(201, 100));
        engine.Layouts.Abandon(Freeze(engine));
        Insert(engine, table, NamedRows(301, 100));
        foreach (int id in new[] { 1, 100, 101, 250, 400 })
        {
            Assert.Throws<ConstraintException>(
                () => Change(engine, transaction => transaction.Insert(table, NamedRow(id, "x"))));
            Assert.Throws<ConstraintException>(() => Change(
                engine, transaction => transaction.Insert(table, NamedRow(500, $"row {id}"))));
            Change(engine, transaction => Rename(transaction, table, id, $"new {id}"));
            Change(engine, transaction => transaction.Insert(
                table, NamedRow(id + 1000, $"row {id}")));
        }

        using StorageTransaction reader = engine.Begin();
        TableSnapshot snapshot = reader.Open(table);
        Assert.True(snapshot.TryFind(1, [Value.Of("row 101")], out RowAddress row));
        Assert.Equal(1101, snapshot.Fetch(0, [row]).GetValue(0).AsInt64());
        Assert.Equal(405, Scan(reader, table).Length);
    }

    [Fact]
    public void A_key_that_was_taken_across_a_switch_is_refused_at_commit()
    {
        using StorageEngine engine = InMemory();
        using var sealing = new SealingFixture();
        TableEntry table = CreateNamed(engine);
        Insert(engine, table, NamedRows(1, 3));
        using StorageTransaction late = engine.Begin();
        late.Insert(table, NamedRow(9, "taken"));
        Change(engine, transaction => transaction.Insert(table, NamedRow(8, "taken")));
        sealing.Seal(engine);
        Assert.Throws<ConstraintException>(() => late.Commit(Durability.Full));
    }

    [Fact]
    public void Own_changes_of_sealed_rows_are_seen_by_their_transaction_only()
    {
        using StorageEngine engine = InMemory();
        using var sealing = new SealingFixture();
        TableEntry table = CreateNamed(engine);
        Insert(engine, table, NamedRows(1, 9_000));
        Change(engine, transaction =>
        {
            for (int id = 10; id <= 8_990; id += 2)
            {
                Delete(transaction, table, id);
            }
        });
        sealing.Seal(engine);
        using StorageTransaction transaction = engine.Begin();
        TableSnapshot early = transaction.Open(table);
        Rename(transaction, table, 11, "own");
        Delete(transaction, table, 8_995);
        Assert.Equal(4_509, Scan(engine, table).Length);
        Assert.Equal(4_508, Scan(transaction, table).Length);
        Assert.Equal(4_509, Rows(early).Count());
        Assert.Contains("11|own", Scan(transaction, table));
        transaction.Commit(Durability.Full);
        Assert.Equal(4_508, Scan(engine, table).Length);
    }

    [Fact]
    public void Only_the_layouts_that_some_reader_reaches_are_kept()
    {
        using StorageEngine engine = InMemory();
        using var sealing = new SealingFixture();
        TableEntry table = CreateNamed(engine);
        Insert(engine, table, NamedRows(1, 3));
        GenerationChain chain = engine.Layouts.Generations;
        Assert.Empty(chain.ReplacedLayouts());
        StorageTransaction old = engine.Begin();
        sealing.Seal(engine);
        TableLayout seen = Assert.Single(chain.ReplacedLayouts());
        StorageTransaction next = engine.Begin();
        Insert(engine, table, NamedRows(4, 3));
        sealing.Seal(engine, merges: true);
        Assert.Equal(2, chain.ReplacedLayouts().Count);
        next.Commit(Durability.Full);
        next.Dispose();
        Assert.Same(seen, Assert.Single(chain.ReplacedLayouts()));
        Assert.Equal(["1|row 1", "2|row 2", "3|row 3"], Scan(old, table));
        old.Dispose();
        old.Dispose();
        Assert.Empty(chain.ReplacedLayouts());
        Assert.Equal(6, Scan(engine, table).Length);
    }

    [Fact]
    public void A_restored_table_goes_on_where_the_frozen_one_was()
    {
        using StorageEngine engine = InMemory();
        using var sealing = new SealingFixture();
        TableEntry table = CreateNamed(engine);
        Insert(engine, table, NamedRows(1, 30));
        sealing.Seal(engine);
        FrozenState state = Freeze(engine);
        FrozenTable frozen = Assert.Single(state.Tables);
        Assert.Equal((30L, 30L, 30L), (frozen.NextRowId, frozen.LiveCount, frozen.IdentityLast));
        Assert.Equal([30, null], frozen.KeyMaxima);
        var again = new VersionedTable(Named);
        again.Restore(new RestoredTable(
            frozen.Parts, frozen.NextRowId, frozen.IdentityLast, frozen.KeyMaxima,
            frozen.LiveCount));
        Assert.Equal(30, again.NextRowId);
        Assert.Equal(31, again.Identity.Take(1));
        Assert.Equal(30, again.MaximumOf(0).Value);
        Assert.True(again.Layout.IsLive(29));
    }

    private static void Change(StorageEngine engine, Action<StorageTransaction> change)
    {
        using StorageTransaction transaction = engine.Begin();
        change(transaction);
        transaction.Commit(Durability.Full);
    }
}
