using NeuroDb.Storage;

namespace NeuroDb.Tests.Unit;

/// <summary>SUPER says what was published last, whichever half of it is lost.</summary>
public sealed class SuperFileTests
{
    private const int Slot = SuperBlock.SlotSizeBytes;
    private const string Root = "/db";
    private const string SuperPath = Root + "/SUPER";
    private static readonly StorageOptions Options = new() { Log = LogFixture.Small };

    [Fact]
    public void What_is_published_is_read_again()
    {
        var files = new MemoryFileSystem();
        SuperBlock next;
        using (DatabaseDirectory directory = Open(files))
        {
            Assert.True(directory.IsNew);
            next = Next(directory.Super, 9);
            directory.Publish(next);
            Assert.Equal(next, directory.Super);
        }

        using DatabaseDirectory again = Open(files);
        Assert.False(again.IsNew);
        Assert.False(again.WasRepaired);
        Assert.Equal(next.KeySlot.ToArray(), again.Super.KeySlot.ToArray());
        Assert.Equal(next with { KeySlot = again.Super.KeySlot }, again.Super);
    }

    [Fact]
    public void Every_flipped_bit_of_a_slot_is_mended_from_the_other()
    {
        MemoryFileSystem files = Published(out SuperBlock super);
        for (int bit = 0; bit < 2 * Slot * 8; bit++)
        {
            MemoryFileSystem image = files.Copy();
            image.Bytes(SuperPath)[bit / 8] ^= (byte)(1 << (bit % 8));
            using DatabaseDirectory directory = Open(image);
            Assert.True(directory.WasRepaired);
            Assert.Equal(super.Generation, directory.Super.Generation);
            Assert.True(image.Bytes(SuperPath).SequenceEqual(files.Bytes(SuperPath)));
        }
    }

    [Fact]
    public void Damage_in_both_slots_is_refused()
    {
        MemoryFileSystem files = Published(out _);
        for (int at = 0; at < Slot; at += 61)
        {
            MemoryFileSystem image = files.Copy();
            image.Bytes(SuperPath)[at] ^= 8;
            image.Bytes(SuperPath)[Slot + ((at * 7) % Slot)] ^= 2;
            Assert.Throws<CorruptionException>(() => Open(image).Dispose());
        }
    }

    [Fact]
    public void A_stale_slot_is_passed_over_and_written_again()
    {
        foreach (int stale in (int[])[0, Slot])
        {
            var files = new MemoryFileSystem();
            using (DatabaseDirectory directory = Open(files))
            {
                byte[] old = files.Bytes(SuperPath)[..Slot].ToArray();
                directory.Publish(Next(directory.Super, 3));
                directory.Publish(Next(directory.Super, 4));
                old.CopyTo(files.Bytes(SuperPath)[stale..]);
            }

            using DatabaseDirectory again = Open(files);
            Assert.True(again.WasRepaired);
            Assert.Equal(3UL, again.Super.Generation);
        }
    }

    [Fact]
    public void Two_slots_of_one_generation_that_differ_are_damage()
    {
        MemoryFileSystem files = Published(out SuperBlock super);
        (super with { CreatedMicroseconds = 1 }).Encode(files.Bytes(SuperPath)[Slot..]);
        Assert.Throws<CorruptionException>(() => Open(files).Dispose());
        (super with { DatabaseId = Guid.Empty, Generation = 7 })
            .Encode(files.Bytes(SuperPath)[Slot..]);
        Assert.Throws<CorruptionException>(() => Open(files).Dispose());
    }

    [Theory]
    [InlineData(1U, ErrorCode.OlderFormat)]
    [InlineData(3U, ErrorCode.NewerFormat)]
    public void Another_format_is_refused_by_name_and_nothing_is_changed(
        uint version, ErrorCode code)
    {
        MemoryFileSystem files = Published(out _);
        foreach (int at in (int[])[0, Slot])
        {
            Span<byte> slot = files.Bytes(SuperPath).Slice(at, Slot);
            BitConverter.TryWriteBytes(slot[8..], version);
            BitConverter.TryWriteBytes(slot[^4..], Crc32C.Compute(slot[..^4]));
        }

        int operations = files.OperationCount;
        NeuroStoreException error =
            Assert.Throws<NeuroStoreException>(() => Open(files).Dispose());
        Assert.Equal(code, error.Code);
        Assert.Contains($"format {version}", error.Message, StringComparison.Ordinal);
        Assert.Contains(SuperPath, error.Message, StringComparison.Ordinal);
        Assert.All(
            files.Journal.Skip(operations),
            operation => Assert.Equal(FileOperationKind.FlushDirectory, operation.Kind));
    }

    [Fact]
    public void A_failed_publication_allows_nothing_more_until_the_next_opening()
    {
        for (int room = 0; room < 4; room++)
        {
            var files = new MemoryFileSystem();
            using (DatabaseDirectory directory = Open(files))
            {
                SuperBlock before = directory.Super;
                files.FailFrom = files.OperationCount + room;
                NeuroStoreException first = Assert.Throws<NeuroStoreException>(
                    () => directory.Publish(Next(before, 2)));
                Assert.Equal(ErrorCode.InputOutput, first.Code);
                files.FailFrom = int.MaxValue;
                NeuroStoreException second = Assert.Throws<NeuroStoreException>(
                    () => directory.Publish(Next(before, 3)));
                Assert.Equal(ErrorCode.DatabaseStopped, second.Code);
                Assert.Same(before, directory.Super);
            }

            using DatabaseDirectory again = Open(files);
            Assert.InRange(again.Super.Generation, 1UL, 2UL);
        }
    }

    private static MemoryFileSystem Published(out SuperBlock super)
    {
        var files = new MemoryFileSystem();
        using DatabaseDirectory directory = Open(files);
        directory.Publish(Next(directory.Super, 5));
        super = directory.Super;
        return files;
    }

    private static SuperBlock Next(SuperBlock super, long manifest) => super with
    {
        Generation = super.Generation + 1,
        Manifest = new ManifestReference(manifest, 100 + manifest, (uint)manifest * 77),
        CheckpointTimestamp = 10 * manifest,
        LogStart = super.LogStart with { Address = 8192 * manifest, Lsn = manifest, Chain = 3 },
    };

    private static DatabaseDirectory Open(MemoryFileSystem files)
    {
        var directory = DatabaseDirectory.Lock(LogFixture.Seams(files), Root);
        bool isOpen = false;
        try
        {
            directory.OpenSuper(Options.Log);
            directory.RepairSuper();
            isOpen = true;
            return directory;
        }
        finally
        {
            if (!isOpen)
            {
                directory.Dispose();
            }
        }
    }
}
