using NeuroDb.Storage;

namespace NeuroDb.Tests.Unit;

/// <summary>Segment files of an encrypted database.</summary>
public sealed class EncryptedSegmentTests
{
    private const string Path = "/db/1.seg";
    private const int RowCount = 5000;

    private static readonly SegmentIdentity Identity = new(
        EncryptionFixture.DatabaseId, TableId: 1, SegmentId: 1);

    [Fact]
    public void An_encrypted_segment_reads_back_and_shows_no_value()
    {
        using KeyRing keys = EncryptionFixture.Ring();
        MemoryFileSystem disk = Disk();
        SegmentInfo info = Write(disk, keys, Identity);
        Assert.Equal(-1, disk.Bytes(Path).IndexOf("secret"u8));
        using SegmentFile file = Open(disk, keys, Identity, info);
        file.Verify(default);
        Assert.Equal("secret 4321", Text(file, 4321));
    }

    [Fact]
    public void The_pages_of_another_writing_of_the_segment_do_not_open()
    {
        using KeyRing keys = EncryptionFixture.Ring();
        MemoryFileSystem disk = Disk();
        SegmentInfo info = Write(disk, keys, Identity);
        byte[] first = disk.Bytes(Path).ToArray();
        disk.Delete(Path);
        SegmentInfo again = Write(disk, keys, Identity);
        Assert.Equal(info.LengthBytes, again.LengthBytes);
        first.AsSpan(4096, 4096).CopyTo(disk.Bytes(Path)[4096..]);
        using SegmentFile file = Open(disk, keys, Identity, again);
        Assert.Throws<CorruptionException>(() => file.Verify(default));

        // The whole older file is told from the one that the manifest names by its footer.
        first.CopyTo(disk.Bytes(Path));
        Assert.Throws<CorruptionException>(() => Open(disk, keys, Identity, again).Dispose());
    }

    [Fact]
    public void A_segment_of_another_number_key_or_kind_of_database_does_not_open()
    {
        using KeyRing keys = EncryptionFixture.Ring();
        using KeyRing others = KeyRing.Create(Identity.DatabaseId, new SeededRandomSource(99));
        MemoryFileSystem disk = Disk();
        SegmentInfo info = Write(disk, keys, Identity);
        Refused(disk, keys, Identity with { SegmentId = 2 }, info);
        Refused(disk, others, Identity, info);
        Refused(disk, null, Identity, info);
        disk.Delete(Path);
        info = Write(disk, null, Identity);
        Refused(disk, keys, Identity, info);
    }

    [Fact]
    public void Every_bit_of_an_encrypted_segment_counts()
    {
        using KeyRing keys = EncryptionFixture.Ring();
        MemoryFileSystem disk = Disk();
        SegmentInfo info = Write(disk, keys, Identity, rowCount: 20);
        long length = disk.Bytes(Path).Length;
        for (long bit = 0; bit < length * 8; bit += 7)
        {
            disk.Bytes(Path)[(int)(bit / 8)] ^= (byte)(1 << (int)(bit % 8));
            Assert.ThrowsAny<NeuroStoreException>(() =>
            {
                using SegmentFile file = Open(disk, keys, Identity, info);
                file.Verify(default);
            });
            disk.Bytes(Path)[(int)(bit / 8)] ^= (byte)(1 << (int)(bit % 8));
        }
    }

    private static MemoryFileSystem Disk()
    {
        var disk = new MemoryFileSystem(keepsJournal: false);
        disk.CreateDirectory("/db");
        return disk;
    }

    private static SegmentInfo Write(
        MemoryFileSystem disk, KeyRing? keys, SegmentIdentity identity, int rowCount = RowCount)
    {
        TableSchema schema = StorageFixture.Named;
        ColumnStore[] columns = ColumnStore.CreateAll(schema);
        RowBatch batch = StorageFixture.Batch(
            schema,
            [.. Enumerable.Range(0, rowCount).Select(
                static id => new[] { Value.Of(id), Value.Of($"secret {id}") })]);
        for (int i = 0; i < columns.Length; i++)
        {
            columns[i].Reserve(rowCount);
            columns[i].Write(0, batch.Columns[i], 0, rowCount);
        }

        using SegmentWriter writer = SegmentWriter.Create(
            disk, Path, identity, schema, PageGuard.Of(keys, identity));
        writer.Append(
            columns,
            [.. Enumerable.Range(0, rowCount)],
            [.. Enumerable.Range(0, rowCount).Select(static row => (long)row)]);
        return writer.Complete();
    }

    private static SegmentFile Open(
        MemoryFileSystem disk, KeyRing? keys, SegmentIdentity identity, SegmentInfo info) =>
        SegmentFile.Open(
            disk, Path, identity, StorageFixture.Named, PageGuard.Of(keys, identity), info,
            new BufferManager(1 << 20));

    private static void Refused(
        MemoryFileSystem disk, KeyRing? keys, SegmentIdentity identity, SegmentInfo info) =>
        Assert.Throws<CorruptionException>(() => Open(disk, keys, identity, info).Dispose());

    private static string Text(SegmentFile file, int row)
    {
        const int Chunk = Limits.ChunkRowCount;
        return file.Read(row / Chunk, 1).ValueAt(row % Chunk).AsText();
    }
}
