using NeuroDb.Storage;
using static NeuroDb.Tests.Unit.StorageFixture;

namespace NeuroDb.Tests.Unit;

/// <summary>Keys of large segments, which get a model when they are looked up often.</summary>
public sealed class LearnedKeyRunTests
{
    private const int RowCount = 12_000;

    [Fact]
    public void Keys_are_found_before_and_after_the_model_is_made()
    {
        var disk = new MemoryFileSystem();
        using StorageEngine engine = Open(disk);
        TableEntry table = CreateNamed(engine);
        Insert(engine, table, NamedRows(1, RowCount));
        engine.Checkpoint(isFull: false, CancellationToken.None);
        using (StorageTransaction change = engine.Begin())
        {
            Delete(change, table, 77);
            Rename(change, table, 78, "another name");
            change.Commit(Durability.Full);
        }

        using StorageTransaction read = engine.Begin();
        TableSnapshot snapshot = read.Open(table);
        for (int round = 0; round < 2; round++)
        {
            for (int id = 1; id <= RowCount + 20; id += round == 0 ? 11 : 1)
            {
                bool isThere = id <= RowCount && id != 77;
                Assert.Equal(isThere, snapshot.TryFind(0, [Value.Of(id)], out RowAddress byId));
                string name = id == 78 ? "another name" : $"row {id}";
                Assert.Equal(
                    isThere, snapshot.TryFind(1, [Value.Of(name)], out RowAddress byName));
                Assert.Equal(byId, byName);
            }
        }

        Assert.False(snapshot.TryFind(1, [Value.Of("row 78")], out _));
        var rows = (SealedRows)table.Rows.Layout.Parts[0];
        Assert.NotNull(rows.File.Key(0).Learned(lookups: 1));
        Assert.NotNull(rows.File.Key(1).Learned(lookups: 1));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    public void New_rows_are_told_from_those_of_segments(int count)
    {
        var disk = new MemoryFileSystem();
        using StorageEngine engine = Open(disk);
        TableEntry table = CreateNamed(engine);
        Insert(engine, table, NamedRows(1, RowCount / 2));
        Insert(engine, table, NamedRows(RowCount, RowCount / 2));
        engine.Checkpoint(isFull: false, CancellationToken.None);
        ((SealedRows)table.Rows.Layout.Parts[0]).File.PrepareKeys();
        int first = RowCount / 2;

        Assert.Throws<ConstraintException>(
            () => Insert(engine, table, NamedRows(first + 1 - count, count)));
        Assert.Throws<ConstraintException>(
            () => Insert(engine, table, NamedRows(RowCount + 1 - count, count)));
        table.Rows.PrefetchKey(0, [Value.Of(first), Value.Of("no number")], [0]);
        table.Rows.PrefetchKey(0, [Value.Of("no number")], [0]);
        table.Rows.PrefetchKey(2, [Value.Of("no such key")], [0]);
        Insert(engine, table, NamedRows(first + 1, count));
        Assert.Equal(RowCount + count, table.Rows.LiveCount);
    }

    [Fact]
    public void Many_values_of_a_key_are_found_at_once()
    {
        using StorageEngine engine = InMemory();
        TableEntry table = CreateNamed(engine);
        Insert(engine, table, NamedRows(1, 100));
        using StorageTransaction read = engine.Begin();
        TableSnapshot snapshot = read.Open(table);
        ColumnBuilder builder = ColumnBuilder.Create(DataType.Integer);
        foreach (int id in new[] { 5, 500, 7 })
        {
            builder.Append(Value.Of(id));
        }

        builder.AppendNull();
        var rows = new RowAddress?[4];
        snapshot.FindMany(0, [builder.Build()], rows);
        Assert.Equal(RowId(read, table, 5), rows[0]!.Value.RowId);
        Assert.Null(rows[1]);
        Assert.Equal(RowId(read, table, 7), rows[2]!.Value.RowId);
        Assert.Null(rows[3]);
    }
}
