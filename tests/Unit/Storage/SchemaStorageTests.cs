using NeuroDb.Storage;
using static NeuroDb.Tests.Unit.StorageFixture;

namespace NeuroDb.Tests.Unit;

/// <summary>What may be created can also be read again.</summary>
public sealed class SchemaStorageTests
{
    [Theory]
    [InlineData(Limits.KeyCountMax - 1, true)]
    [InlineData(Limits.KeyCountMax, true)]
    [InlineData(Limits.KeyCountMax + 1, false)]
    public void A_table_has_as_many_keys_as_can_be_read_again(int count, bool fits) => CheckCreate(
        Named with
        {
            IdentityOrdinal = -1,
            Keys = [.. Enumerable.Range(0, count).Select(
                static i => new KeySchema($"k{i}", [i % 2], IsPrimary: false))],
        },
        fits);

    [Theory]
    [InlineData(Limits.CheckCountMax - 1, true)]
    [InlineData(Limits.CheckCountMax, true)]
    [InlineData(Limits.CheckCountMax + 1, false)]
    public void A_table_has_as_many_checks_as_can_be_read_again(int count, bool fits) =>
        CheckCreate(
            Named with
            {
                Checks = [.. Enumerable.Range(0, count).Select(
                    static i => new CheckSchema($"c{i}", "true"))],
            },
            fits);

    [Fact]
    public void A_key_names_each_column_once()
    {
        using StorageEngine engine = InMemory();
        using StorageTransaction transaction = engine.Begin();
        NeuroStoreException failure = Assert.Throws<NeuroStoreException>(
            () => transaction.CreateTable(Named with
            {
                Keys = [new KeySchema("twice", [1, 1, 1], IsPrimary: false)],
            }));
        Assert.Equal(ErrorCode.DuplicateName, failure.Code);
    }

    [Fact]
    public void Definitions_larger_than_a_record_are_stored_in_parts()
    {
        var disk = new MemoryFileSystem(keepsJournal: false);
        string text = $"'{new string('x', 6 << 20)}'";
        using (StorageEngine engine = Open(disk))
        {
            using StorageTransaction transaction = engine.Begin();
            for (int i = 0; i < 3; i++)
            {
                transaction.CreateTable(new TableSchema
                {
                    Name = $"t{i}",
                    Columns = [new ColumnSchema("c", DataType.Text, IsNullable: true, text)],
                });
            }

            transaction.Commit(Durability.Full);
            Insert(engine, CreateNamed(engine), NamedRow(1, "goes on"));
        }

        using StorageEngine again = Open(disk);
        using StorageTransaction reader = again.Begin();
        Assert.Equal(4, reader.Catalog.Count);
        Assert.True(reader.Catalog.TryGetTable("t2", out TableEntry table));
        Assert.Equal(text, table.Schema.Columns[0].DefaultSql);
    }

    private static void CheckCreate(TableSchema schema, bool fits)
    {
        var disk = new MemoryFileSystem(keepsJournal: false);
        using (StorageEngine engine = Open(disk))
        {
            using StorageTransaction transaction = engine.Begin();
            if (!fits)
            {
                Assert.Throws<ResourceLimitException>(() => transaction.CreateTable(schema));
                return;
            }

            transaction.CreateTable(schema);
            transaction.Commit(Durability.Full);
        }

        using StorageEngine again = Open(disk);
        Assert.Equal(1, again.Statistics().TableCount);
    }
}
