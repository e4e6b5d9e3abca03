using NeuroDb.Storage;

namespace NeuroDb.Tests.Unit;

/// <summary>
/// Each page of a segment damaged alone: only values with bytes in it are lost, every other value
/// of every row comes back, and the report names exactly the rows that lost something.
/// </summary>
public sealed class SalvagePageTests
{
    private const string Target = "/new";
    private const int RowCount = 5000;

    private static TableSchema Wide { get; } = new()
    {
        Name = "wide",
        Columns =
        [
            new ColumnSchema("id", DataType.BigInt, IsNullable: false),
            new ColumnSchema("number", DataType.BigInt),
            new ColumnSchema("ratio", DataType.Double),
            new ColumnSchema("price", DataType.DecimalOf(28, 6)),
            new ColumnSchema("text", DataType.Text),
            new ColumnSchema("word", DataType.Text),
            new ColumnSchema("bytes", DataType.Blob),
            new ColumnSchema("key", DataType.Uuid),
            new ColumnSchema("raw", DataType.VectorOf(64)),
            new ColumnSchema("packed", DataType.VectorOf(17)),
            new ColumnSchema("free", DataType.VectorOf(0)),
            new ColumnSchema("same", DataType.Text, IsNullable: false),
        ],
        Keys = [new KeySchema("wide_pk", [0], IsPrimary: true)],
    };

    [Theory]
    [InlineData(false, false, 3)]
    [InlineData(true, false, 4)]
    [InlineData(false, true, 9)]
    public void Only_values_of_the_damaged_page_are_lost(bool hasNulls, bool isEncrypted, int step)
    {
        using EncryptionKey? key = isEncrypted ? EncryptionFixture.Key() : null;
        MemoryFileSystem whole = Write(hasNulls, key);
        Dictionary<string, string[]> rows = Rows(whole.Copy(), StorageFixture.Root, "wide", key)
            .ToDictionary(static row => row[0]);
        string path = IntegrityFixture.Files(whole).Single(DatabaseFiles.IsSegment);
        int pageCount = 0;
        foreach ((long offset, int column) in Pages(whole, path, key))
        {
            if (pageCount++ % step != 0)
            {
                continue;
            }

            MemoryFileSystem disk = whole.Copy();
            disk.Bytes(path)[(int)offset + 9] ^= 0x40;
            SalvageResult result = Run(disk, key);
            string name = column < 0 ? "a key run" : Wide.Columns[column].Name;
            CheckPage(disk, result, rows, name, hasNulls, key);
        }

        Assert.InRange(pageCount, 40, 400);
    }

    [Fact]
    public void Two_damaged_columns_leave_the_rows_without_either_value()
    {
        MemoryFileSystem disk = Write(hasNulls: false, null);
        string path = IntegrityFixture.Files(disk).Single(DatabaseFiles.IsSegment);
        (long Offset, int Column)[] pages = [.. Pages(disk, path, null)];
        foreach (string name in (string[])["number", "text"])
        {
            int column = Wide.FindColumn(name);
            disk.Bytes(path)[(int)pages.First(page => page.Column == column).Offset] ^= 1;
        }

        Run(disk, null);
        string[][] incomplete = [.. Rows(disk, Target, "wide_incomplete", null)];
        Assert.Equal(Limits.ChunkRowCount, incomplete.Length);
        Assert.All(incomplete, static row => Assert.StartsWith("number", row[0]));
        Assert.Contains(incomplete, static row => row[0] == "number, text" && row[6] != "null");
        Assert.Equal(
            RowCount - Limits.ChunkRowCount, Rows(disk, Target, "wide", null).Count());
    }

    [Fact]
    public void Row_numbers_that_cannot_be_read_cost_no_row()
    {
        var disk = new MemoryFileSystem(keepsJournal: false);
        using (StorageEngine engine = IntegrityFixture.Open(disk))
        {
            TableEntry named = StorageFixture.CreateNamed(engine);
            StorageFixture.Insert(engine, named, StorageFixture.NamedRows(1, 9000));
            using (StorageTransaction transaction = engine.Begin())
            {
                for (int id = 3; id < 9000; id += 3)
                {
                    StorageFixture.Delete(transaction, named, id);
                }

                transaction.Commit(Durability.Full);
            }

            engine.Checkpoint(isFull: true, CancellationToken.None);
        }

        string path = IntegrityFixture.Files(disk).Single(DatabaseFiles.IsSegment);
        string[][] before = [.. Rows(disk.Copy(), StorageFixture.Root, "named", null)];
        SegmentFile file = SegmentFile.OpenDamaged(
            disk, path, null, new BufferManager(0), out TableSchema schema);
        int extent = file.Directory.Chunks[0].FirstExtent + schema.Columns.Count;
        Assert.False(file.IsConsecutive(0));
        disk.Bytes(path)[(int)file.Directory.Extents[extent].Offset] ^= 1;
        file.Dispose();
        Assert.NotEmpty(IntegrityFixture.Verify(disk));
        Run(disk, null);
        Assert.Equal(before, Rows(disk, Target, "named", null));
    }

    private static void CheckPage(
        MemoryFileSystem disk,
        SalvageResult result,
        Dictionary<string, string[]> rows,
        string column,
        bool hasNulls,
        EncryptionKey? key)
    {
        string[][] whole = [.. Rows(disk, Target, "wide", key)];
        string[][] incomplete = result.Tables.Any(static table => table.Table != "wide")
            ? [.. Rows(disk, Target, "wide_incomplete", key)]
            : [];
        Assert.Equal(RowCount, whole.Length + incomplete.Length);
        Assert.All(whole, row => Assert.Equal(rows[row[0]], row));
        int ordinal = Wide.FindColumn(column);
        foreach (string[] row in incomplete)
        {
            Assert.Equal(column, row[0]);
            string[] expected = [.. rows[row[1]]];
            expected[ordinal] = "null";
            Assert.Equal(expected, row[1..]);
        }

        // The rows were inserted by their ids, so row numbers and ids go together.
        long[] listed = [.. result.Losses
            .Where(static loss => loss.FirstRow >= 0)
            .SelectMany(static loss => Enumerable.Range(
                (int)loss.FirstRow, (int)(loss.LastRow - loss.FirstRow + 1)))
            .Select(static row => (long)row)];
        Assert.Equal(
            incomplete.Select(static row => long.Parse(row[1], null) - 1).Order(), listed.Order());
        int most = column switch
        {
            "id" or "same" or "a key run" => 0,
            _ when hasNulls => Limits.ChunkRowCount,
            "raw" => (SegmentFormat.PageSizeBytes / 256) + 1,
            "packed" => (SegmentFormat.PageSizeBytes / 68) + 2,
            _ => Limits.ChunkRowCount,
        };
        Assert.InRange(incomplete.Length, 0, most);
    }

    // Where each page of the segment begins, and which column it is of; -1 for key runs.
    private static IEnumerable<(long Offset, int Column)> Pages(
        MemoryFileSystem disk, string path, EncryptionKey? key)
    {
        using var directory = DatabaseDirectory.LockDamaged(
            StorageFixture.Seams(disk), StorageFixture.Root);
        directory.InspectSuper(key, new FindingList());
        using SegmentFile file = SegmentFile.OpenDamaged(
            disk, path, directory.Keys, new BufferManager(0), out _);
        var pages = new List<(long, int)>();
        int columnExtents = file.ChunkCount * Wide.Columns.Count;
        for (int extent = 0; extent < file.Directory.Extents.Length; extent++)
        {
            for (int page = 0; page < file.Pages.PageCountOf(extent); page++)
            {
                pages.Add((
                    file.Directory.Extents[extent].Offset
                        + ((long)page * SegmentFormat.PageSizeBytes),
                    extent < columnExtents ? extent % Wide.Columns.Count : -1));
            }
        }

        return pages;
    }

    private static MemoryFileSystem Write(bool hasNulls, EncryptionKey? key)
    {
        var disk = new MemoryFileSystem(keepsJournal: false);
        using StorageEngine engine = IntegrityFixture.Open(disk, key);
        TableEntry table;
        using (StorageTransaction transaction = engine.Begin())
        {
            table = transaction.CreateTable(Wide);
            transaction.Commit(Durability.Full);
        }

        var random = new Random(5);
        for (int first = 0; first < RowCount; first += 1000)
        {
            StorageFixture.Insert(engine, table, StorageFixture.Batch(
                Wide,
                [.. Enumerable.Range(first + 1, 1000).Select(id => Row(id, hasNulls, random))]));
        }

        engine.Checkpoint(isFull: true, CancellationToken.None);
        return disk;
    }

    private static Value[] Row(int id, bool hasNulls, Random random)
    {
        var text = new string((char)('a' + (id % 26)), 20 + (id % 90)) + id;
        var bytes = new byte[id % 70];
        random.NextBytes(bytes);
        var guid = new byte[16];
        random.NextBytes(guid);
        Value[] row =
        [
            Value.Of((long)id),
            Value.Of(random.NextInt64()),
            Value.Of(random.NextDouble()),
            Value.Of(new decimal(random.Next(), random.Next(), 0, false, 6)),
            Value.Of(text),
            Value.Of($"{id % 1500} {new string('w', 60)}"),
            Value.Of(bytes),
            Value.Of(new Guid(guid)),
            Value.Of(Vector(64, random)),
            Value.Of(Vector(17, random)),
            Value.Of(Vector(1 + (id % 9), random)),
            Value.Of("the same"),
        ];
        for (int column = 1; hasNulls && column < row.Length - 1; column++)
        {
            row[column] = random.Next(10) == 0 ? Value.Null : row[column];
        }

        return row;
    }

    private static ReadOnlyMemory<float> Vector(int dimension, Random random)
    {
        var vector = new float[dimension];
        for (int i = 0; i < vector.Length; i++)
        {
            vector[i] = random.NextSingle() + 0.5f;
        }

        return vector;
    }

    private static SalvageResult Run(MemoryFileSystem disk, EncryptionKey? key) =>
        DatabaseSalvage.Run(
            StorageFixture.Seams(disk),
            StorageFixture.Root,
            Target,
            StorageFixture.Options with { Key = key },
            default);

    private static IEnumerable<string[]> Rows(
        MemoryFileSystem disk, string root, string name, EncryptionKey? key)
    {
        using StorageEngine engine = StorageEngine.Open(
            StorageFixture.Seams(disk), root, StorageFixture.Options with { Key = key });
        using StorageTransaction transaction = engine.Begin();
        Assert.True(transaction.Catalog.TryGetTable(name, out TableEntry table));
        return [.. StorageFixture.Rows(transaction.Open(table))
            .Select(static row => row.Split('|'))];
    }
}
