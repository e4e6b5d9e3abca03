using NeuroDb.Storage;
using static NeuroDb.Tests.Unit.StorageFixture;

namespace NeuroDb.Tests.Unit;

public sealed class BulkVectorTests
{
    private const int Dimension = 96;

    private static readonly TableSchema Wide = new()
    {
        Name = "wide",
        Columns =
        [
            new ColumnSchema("id", DataType.BigInt, IsNullable: false),
            new ColumnSchema("v", DataType.VectorOf(Dimension)),
        ],
        Keys = [new KeySchema("wide_pk", [0], IsPrimary: true)],
    };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Chunks_of_vectors_larger_than_the_buffer_come_back(bool isEncrypted)
    {
        const int RowCount = 20_000;
        var disk = new MemoryFileSystem(keepsJournal: false);
        StorageOptions options = Options with
        {
            BulkStartSizeBytes = 1 << 20,
            BulkSegmentSizeBytes = 4 << 20,
            Key = isEncrypted ? EncryptionFixture.Key() : null,
        };
        using (var engine = StorageEngine.Open(Threads(disk), Root, options))
        {
            using StorageTransaction transaction = engine.Begin();
            TableEntry table = transaction.CreateTable(Wide);
            for (int first = 0; first < RowCount; first += 1000)
            {
                transaction.Insert(table, Batch(Wide, [.. Enumerable.Range(first, 1000)
                    .Select(static id => new[] { Value.Of((long)id), VectorOf(id) })]));
            }

            transaction.Commit(Durability.Full);
            Assert.Empty(engine.Verify(isQuick: false, CancellationToken.None));
        }

        using var again = StorageEngine.Open(Seams(disk), Root, options);
        using StorageTransaction reader = again.Begin();
        Assert.True(reader.Catalog.TryGetTable("wide", out TableEntry found));
        int id = 0;
        foreach (string row in Rows(reader.Open(found)))
        {
            Assert.Equal($"{id}|{Show(VectorOf(id))}", row);
            id++;
        }

        Assert.Equal(RowCount, id);
    }

    private static Value VectorOf(int id)
    {
        if (id % 777 == 5)
        {
            return Value.Null;
        }

        var elements = new float[Dimension];
        elements[id % Dimension] = id;
        elements[0] = -id;
        return Value.Of(elements.AsMemory());
    }
}
