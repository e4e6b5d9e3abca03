using NeuroDb.Storage;

namespace NeuroDb.Tests.Unit;

/// <summary>Verifying finds what is damaged, names it, and nothing else.</summary>
public sealed class VerifyTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_whole_database_has_no_findings(bool isEncrypted)
    {
        using EncryptionKey? key = isEncrypted ? EncryptionFixture.Key() : null;
        MemoryFileSystem disk = IntegrityFixture.Write(key);
        Assert.Empty(IntegrityFixture.Verify(disk, key: key));
        Assert.Empty(IntegrityFixture.Verify(disk, isQuick: true, key: key));
        using StorageEngine engine = IntegrityFixture.Open(disk, key);
        Assert.Empty(engine.Verify(isQuick: false, default));
        Assert.Empty(engine.Verify(isQuick: true, default));
    }

    [Fact]
    public void A_database_in_memory_is_verified_too()
    {
        using StorageEngine engine = StorageFixture.InMemory();
        TableEntry table = StorageFixture.CreateNamed(engine);
        StorageFixture.Insert(engine, table, StorageFixture.NamedRows(1, 5000));
        Assert.Empty(engine.Verify(isQuick: false, default));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Damage_of_any_file_is_found_and_named(bool isQuick)
    {
        MemoryFileSystem disk = IntegrityFixture.Write();
        var random = new Random(11);
        foreach (string path in IntegrityFixture.Files(disk))
        {
            int length = disk.Bytes(path).Length;
            for (int trial = 0; trial < 6; trial++)
            {
                int at = Offset(disk, path, trial == 0 ? 0 : random.Next(length));
                disk.Bytes(path)[at] ^= 0x10;
                IReadOnlyList<IntegrityFinding> found = IntegrityFixture.Verify(disk, isQuick);
                disk.Bytes(path)[at] ^= 0x10;
                Assert.True(
                    found.Any(finding => finding.FilePath == path
                        && Math.Abs(finding.Offset - at) <= 128 << 10),
                    $"{path} at {at}: {string.Join('\n', found)}");
            }
        }

        Assert.Empty(IntegrityFixture.Verify(disk));
    }

    [Fact]
    public void A_missing_file_is_found_and_named()
    {
        MemoryFileSystem whole = IntegrityFixture.Write();
        foreach (string path in IntegrityFixture.Files(whole))
        {
            MemoryFileSystem disk = whole.Copy();
            disk.Delete(path);
            Assert.Contains(
                IntegrityFixture.Verify(disk), finding => finding.FilePath == path);
        }
    }

    [Fact]
    public void Two_damaged_pages_are_two_findings()
    {
        MemoryFileSystem disk = IntegrityFixture.Write(rowCount: 20_000);
        string path = IntegrityFixture.Files(disk).First(DatabaseFiles.IsSegment);
        disk.Bytes(path)[5000] ^= 1;
        disk.Bytes(path)[^(SegmentFormat.BlockSizeBytes * 8)] ^= 1;
        Assert.True(IntegrityFixture.Verify(disk).Count(finding => finding.FilePath == path) >= 2);
    }

    [Fact]
    public void Damage_under_an_open_database_is_found()
    {
        var disk = new MemoryFileSystem(keepsJournal: false);
        using StorageEngine engine = IntegrityFixture.Open(disk);
        IntegrityFixture.Fill(engine);
        foreach (string path in IntegrityFixture.Files(disk))
        {
            if (Path.GetFileName(path) == "watermark")
            {
                continue;
            }

            int at = path.Contains("log", StringComparison.Ordinal)
                ? IntegrityFixture.LogStart(disk) + 70
                : 70;
            disk.Bytes(path)[at] ^= 1;
            Assert.Contains(engine.Verify(true, default), found => found.FilePath == path);
            disk.Bytes(path)[at] ^= 1;
        }

        Assert.Empty(engine.Verify(isQuick: false, default));
    }

    [Fact]
    public void Verifying_ends_when_it_is_cancelled()
    {
        MemoryFileSystem disk = IntegrityFixture.Write();
        using StorageEngine engine = IntegrityFixture.Open(disk);
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => engine.Verify(false, source.Token));
    }

    [Fact]
    public void A_wrong_key_is_an_error_and_no_finding()
    {
        using EncryptionKey key = EncryptionFixture.Key();
        using EncryptionKey other = EncryptionKey.FromBytes(new byte[32]);
        MemoryFileSystem disk = IntegrityFixture.Write(key);
        var error = Assert.Throws<NeuroStoreException>(
            () => IntegrityFixture.Verify(disk, key: other));
        Assert.IsNotType<CorruptionException>(error);
    }

    [Fact]
    public void Verifying_beside_writers_and_checkpoints_finds_nothing()
    {
        var disk = new MemoryFileSystem(keepsJournal: false);
        using StorageEngine engine = StorageEngine.Open(
            StorageFixture.Threads(disk), StorageFixture.Root, StorageFixture.Options);
        TableEntry table = StorageFixture.CreateNamed(engine);
        using var done = new CancellationTokenSource();
        var writer = new Thread(() =>
        {
            for (int i = 0; i < 60; i++)
            {
                StorageFixture.Insert(engine, table, StorageFixture.NamedRows((i * 50) + 1, 50));
                if (i % 10 == 9)
                {
                    engine.Checkpoint(isFull: i % 20 == 19, CancellationToken.None);
                }
            }

            done.Cancel();
        });
        writer.Start();
        do
        {
            Assert.Empty(engine.Verify(isQuick: false, default));
        }
        while (!done.IsCancellationRequested);
        writer.Join();
    }

    // Of the watermark only the first sector of each slot is read; before the start of the log
    // nothing is.
    private static int Offset(MemoryFileSystem disk, string path, int at)
    {
        int start = IntegrityFixture.LogStart(disk);
        return Path.GetFileName(path) switch
        {
            "watermark" => at - (at % 4096) + (at % 512),
            "log.0" => start + (at % (disk.Bytes(path).Length - start)),
            _ => at,
        };
    }
}
