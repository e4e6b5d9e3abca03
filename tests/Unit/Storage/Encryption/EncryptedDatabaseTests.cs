using NeuroDb.Storage;

namespace NeuroDb.Tests.Unit;

/// <summary>Whole encrypted databases on a disk in memory.</summary>
public sealed class EncryptedDatabaseTests
{
    private const string Super = StorageFixture.Root + "/SUPER";
    private const string Log = StorageFixture.Root + "/wal/log.0";

    [Fact]
    public void No_file_holds_a_name_or_a_value()
    {
        MemoryFileSystem disk = Sample();
        foreach (string path in Files(disk))
        {
            ReadOnlySpan<byte> bytes = disk.Bytes(path);
            Assert.Equal(-1, bytes.IndexOf("named"u8));
            Assert.Equal(-1, bytes.IndexOf("row 7"u8));
        }

        using StorageEngine engine = Open(disk, EncryptionFixture.Key());
        Assert.Equal(201, StorageFixture.Dump(engine).Length);
    }

    [Fact]
    public void Only_the_right_key_opens_and_nothing_is_changed_before()
    {
        MemoryFileSystem disk = Sample();
        int operations = disk.OperationCount;
        using EncryptionKey password = EncryptionKey.FromPassword("password");
        Assert.Equal(ErrorCode.KeyRequired, Refusal(disk, null));
        Assert.Equal(ErrorCode.WrongKey, Refusal(disk, EncryptionFixture.Key(0x43)));
        Assert.Equal(ErrorCode.WrongKey, Refusal(disk, password));
        Assert.DoesNotContain(
            disk.Journal.Skip(operations),
            static change => change.Kind is not FileOperationKind.FlushDirectory);
        Assert.Equal(0, disk.OpenFileCount);

        var plain = new MemoryFileSystem();
        StorageFixture.Open(plain).Dispose();
        Assert.Equal(ErrorCode.NotEncrypted, Refusal(plain, EncryptionFixture.Key()));
        StorageFixture.Open(plain).Dispose();
    }

    [Fact]
    public void A_new_key_opens_and_the_old_one_does_not()
    {
        MemoryFileSystem disk = Sample();
        string[] rows;
        using (StorageEngine engine = Open(disk, EncryptionFixture.Key()))
        {
            rows = StorageFixture.Dump(engine);
            engine.Rekey(EncryptionFixture.Key(0x43));
            Assert.Equal(rows, StorageFixture.Dump(engine));
        }

        Assert.Equal(ErrorCode.WrongKey, Refusal(disk, EncryptionFixture.Key()));
        using StorageEngine again = Open(disk, EncryptionFixture.Key(0x43));
        Assert.Equal(rows, StorageFixture.Dump(again));
    }

    [Fact]
    public void A_plain_database_has_no_key_to_change()
    {
        using StorageEngine plain = StorageFixture.Open(new MemoryFileSystem());
        Assert.Equal(
            ErrorCode.NotEncrypted,
            EncryptionFixture.CodeOf(() => plain.Rekey(EncryptionFixture.Key())));
        using StorageEngine memory = StorageFixture.InMemory();
        Assert.Equal(
            ErrorCode.NotEncrypted,
            EncryptionFixture.CodeOf(() => memory.Rekey(EncryptionFixture.Key())));
    }

    [Fact]
    public void A_loss_of_power_while_the_key_changes_leaves_one_of_both()
    {
        MemoryFileSystem disk = Sample();
        int first;
        int last;
        using (StorageEngine engine = Open(disk, EncryptionFixture.Key()))
        {
            first = disk.OperationCount;
            engine.Rekey(EncryptionFixture.Key(0x43));
            last = disk.OperationCount;
        }

        int changed = 0;
        for (int at = first; at <= last; at++)
        {
            for (ulong seed = 0; seed < 8; seed++)
            {
                bool isOld = Opens(disk.AfterPowerLoss(at, seed), EncryptionFixture.Key());
                bool isNew = Opens(disk.AfterPowerLoss(at, seed), EncryptionFixture.Key(0x43));
                Assert.True(isOld != isNew, $"after {at} changes, seed {seed}");
                Assert.True(isNew || at < last);
                changed += isNew ? 1 : 0;
            }
        }

        Assert.Equal(6, last - first);
        Assert.InRange(changed, 16, 47);
    }

    [Fact]
    public void Files_of_two_encrypted_databases_cannot_change_places()
    {
        MemoryFileSystem one = Sample(seed: 1);
        MemoryFileSystem two = Sample(seed: 2);
        foreach (string path in (string[])[Super, Log])
        {
            MemoryFileSystem mixed = one.Copy();
            two.Bytes(path).CopyTo(mixed.Bytes(path));
            Assert.Contains(
                Refusal(mixed, EncryptionFixture.Key()),
                (ErrorCode[])[ErrorCode.Corruption, ErrorCode.WrongKey]);
        }
    }

    [Fact]
    public void A_forged_SUPER_with_the_right_checksum_is_found_out()
    {
        // The generation, the start of the log, the code itself: whoever cannot compute the code
        // cannot make commits be skipped or files be taken for others.
        foreach (int at in (int[])[16, 40, 88, 96, 370])
        {
            MemoryFileSystem disk = Sample();
            for (int start = 0; start < 2 * SuperBlock.SlotSizeBytes;
                start += SuperBlock.SlotSizeBytes)
            {
                Span<byte> slot = disk.Bytes(Super).Slice(start, SuperBlock.SlotSizeBytes);
                slot[at] ^= 2;
                BitConverter.TryWriteBytes(slot[^4..], Crc32C.Compute(slot[..^4]));
            }

            Assert.Equal(ErrorCode.Corruption, Refusal(disk, EncryptionFixture.Key()));
        }
    }

    [Fact]
    public void Every_bit_of_an_encrypted_database_counts()
    {
        MemoryFileSystem disk = Sample();
        string[] rows;
        using (StorageEngine engine = Open(disk, EncryptionFixture.Key()))
        {
            rows = StorageFixture.Dump(engine);
        }

        var random = new SeededRandomSource(3);
        foreach (string path in Files(disk))
        {
            int length = disk.Bytes(path).Length;
            for (int trial = 0; trial < 300; trial++)
            {
                // Half of the trials where something stands, half anywhere.
                int limit = trial % 2 == 0 ? Math.Min(length, 40_000) : length;
                int bit = (int)(random.NextUInt64() % ((ulong)limit * 8));
                MemoryFileSystem damaged = disk.Copy();
                damaged.Bytes(path)[bit / 8] ^= (byte)(1 << (bit % 8));
                try
                {
                    using StorageEngine engine = Open(damaged, EncryptionFixture.Key());
                    Assert.Equal(rows, StorageFixture.Dump(engine));
                    Assert.True(
                        path == Super
                        || path.EndsWith("LOCK", StringComparison.Ordinal)
                        || IsUnread(path, bit / 8),
                        $"bit {bit} of {path} was not missed");
                }
                catch (NeuroStoreException error)
                {
                    Assert.Equal(ErrorCode.Corruption, error.Code);
                }
            }
        }
    }

    // The first block of the log is FASTER's; of the watermark one sector a slot is used.
    private static bool IsUnread(string path, int offset) =>
        path.EndsWith("watermark", StringComparison.Ordinal)
            ? offset % LogFormat.BlockSizeBytes >= LogFormat.SectorSizeBytes
            : path == Log && offset < LogFormat.FirstAddress;

    private static IEnumerable<string> Files(MemoryFileSystem disk) =>
        disk.List(StorageFixture.Root)
            .SelectMany(path => disk.FileExists(path) ? [path] : disk.List(path));

    private static MemoryFileSystem Sample(ulong seed = 7)
    {
        var disk = new MemoryFileSystem();
        using StorageEngine engine = Open(disk, EncryptionFixture.Key(), seed);
        TableEntry table = StorageFixture.CreateNamed(engine);
        StorageFixture.Insert(engine, table, StorageFixture.NamedRows(0, 100));
        StorageFixture.Insert(engine, table, StorageFixture.NamedRows(100, 100));
        return disk;
    }

    private static StorageEngine Open(
        MemoryFileSystem disk, EncryptionKey? key, ulong seed = 7) => StorageEngine.Open(
        StorageFixture.Seams(disk) with { Random = new SeededRandomSource(seed) },
        StorageFixture.Root,
        StorageFixture.Options with { Key = key });

    private static ErrorCode Refusal(MemoryFileSystem disk, EncryptionKey? key) =>
        EncryptionFixture.CodeOf(() => Open(disk, key).Dispose());

    private static bool Opens(MemoryFileSystem disk, EncryptionKey key)
    {
        try
        {
            using StorageEngine engine = Open(disk, key);
            return StorageFixture.Dump(engine).Length == 201;
        }
        catch (NeuroStoreException error) when (error.Code == ErrorCode.WrongKey)
        {
            return false;
        }
    }
}
