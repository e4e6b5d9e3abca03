using NeuroDb.Storage;

namespace NeuroDb.Tests.Unit;

/// <summary>The dead rows of a segment come back as they were written, or not at all.</summary>
public sealed class DeleteFileTests
{
    private const string Path = "/db/1-2.del";
    private static readonly DeleteFileIdentity Identity =
        new(LogFixture.DatabaseId, 1, 2, (3 * Limits.ChunkRowCount) + 70);

    [Theory]
    [InlineData(1)]
    [InlineData(DeleteFile.BitmapRowCountMin - 1)]
    [InlineData(DeleteFile.BitmapRowCountMin)]
    [InlineData(Limits.ChunkRowCount)]
    public void Dead_rows_come_back_whether_few_or_many(int count)
    {
        MemoryFileSystem files = Disk();
        ulong[]?[] dead = new ulong[]?[Identity.ChunkCount];
        dead[1] = Rows(Enumerable.Range(0, count).Select(i => i * (Limits.ChunkRowCount / count)));
        dead[3] = Rows([0, 69]);
        DeleteFileInfo info = DeleteFile.Write(files, Path, Identity, dead);
        Assert.Equal(count + 2, info.DeadCount);
        Assert.Equal(files.Bytes(Path).Length, info.Length);
        Assert.Equal(dead, DeleteFile.Read(files, Path, Identity, info));
    }

    [Fact]
    public void Every_flipped_bit_is_refused()
    {
        MemoryFileSystem files = Written(out DeleteFileInfo info);
        for (int bit = 0; bit < files.Bytes(Path).Length * 8; bit++)
        {
            files.Bytes(Path)[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Throws<CorruptionException>(
                () => DeleteFile.Read(files, Path, Identity, info));
            files.Bytes(Path)[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void Hostile_bytes_under_a_right_checksum_are_refused_or_make_sense()
    {
        MemoryFileSystem files = Written(out DeleteFileInfo info);
        byte[] whole = files.Bytes(Path).ToArray();
        int refused = 0;
        for (int at = 0; at < whole.Length - 4; at++)
        {
            foreach (byte value in (byte[])[0, 1, 0x7F, 0x80, 0xFF])
            {
                Span<byte> content = files.Bytes(Path);
                whole.CopyTo(content);
                content[at] = value;
                uint crc = Crc32C.Compute(content[..^4]);
                BitConverter.TryWriteBytes(content[^4..], crc);
                Exception? error = Record.Exception(
                    () => DeleteFile.Read(files, Path, Identity, info with { Crc = crc }));
                Assert.True(error is null or CorruptionException, error?.ToString());
                refused += error is null ? 0 : 1;
            }
        }

        Assert.True(refused > whole.Length);
    }

    [Fact]
    public void The_file_of_another_segment_is_refused()
    {
        MemoryFileSystem files = Written(out DeleteFileInfo info);
        DeleteFileIdentity[] others =
        [
            Identity with { DatabaseId = Guid.Empty },
            Identity with { SegmentId = 2 },
            Identity with { Number = 3 },
            Identity with { RowCount = Identity.RowCount - 1 },
        ];
        foreach (DeleteFileIdentity other in others)
        {
            Assert.Throws<CorruptionException>(() => DeleteFile.Read(files, Path, other, info));
        }

        files.Delete(Path);
        Assert.Throws<CorruptionException>(() => DeleteFile.Read(files, Path, Identity, info));
    }

    private static MemoryFileSystem Written(out DeleteFileInfo info)
    {
        MemoryFileSystem files = Disk();
        ulong[]?[] dead = new ulong[]?[Identity.ChunkCount];
        dead[0] = Rows([0, 5, 4095]);
        dead[2] = Rows(Enumerable.Range(100, 300));
        info = DeleteFile.Write(files, Path, Identity, dead);
        return files;
    }

    private static MemoryFileSystem Disk()
    {
        var files = new MemoryFileSystem(keepsJournal: false);
        files.CreateDirectory("/db");
        return files;
    }

    private static ulong[] Rows(IEnumerable<int> rows)
    {
        var words = new ulong[DeleteFile.WordCount];
        foreach (int row in rows)
        {
            words[row / 64] |= 1UL << (row % 64);
        }

        return words;
    }
}
