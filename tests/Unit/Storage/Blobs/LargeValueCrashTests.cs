using NeuroDb.Storage;
using static NeuroDb.Tests.Unit.LargeValueFixture;
using static NeuroDb.Tests.Unit.StorageFixture;

namespace NeuroDb.Tests.Unit;

/// <summary>
/// Whatever a crash or a failing disk leaves: rows have their large values, and files without rows
/// are gone.
/// </summary>
public sealed class LargeValueCrashTests
{
    private const int Size = 150_000;

    [Fact]
    public void A_crash_between_file_and_record_leaves_no_row_and_no_file()
    {
        var disk = new MemoryFileSystem();
        int first;
        int promised;
        using (StorageEngine engine = Open(disk))
        {
            Create(engine);
            Insert(engine, 1, 70_000);
            first = disk.OperationCount;
            Insert(engine, 2, Size);
            promised = disk.OperationCount;
        }

        for (int moment = first; moment <= disk.OperationCount; moment++)
        {
            Check(disk.AfterKill(moment), moment >= promised);
            for (ulong seed = 0; seed < 3; seed++)
            {
                Check(disk.AfterPowerLoss(moment, seed), moment >= promised);
            }
        }
    }

    [Fact]
    public void A_crash_in_checkpoints_that_remove_values_loses_none_that_is_needed()
    {
        var disk = new MemoryFileSystem();
        int first;
        using (StorageEngine engine = Open(disk))
        {
            Create(engine);
            for (int id = 1; id <= 4; id++)
            {
                Insert(engine, id, 70_000 + id);
            }

            Checkpoint(engine);
            Delete(engine, 1);
            Delete(engine, 2);
            Insert(engine, 5, 70_005);
            first = disk.OperationCount;
            Checkpoint(engine);
            Checkpoint(engine, isFull: true);
        }

        var expected = new Dictionary<int, int> { [3] = 70_003, [4] = 70_004, [5] = 70_005 };
        for (int moment = first; moment <= disk.OperationCount; moment++)
        {
            for (ulong seed = 0; seed < 3; seed++)
            {
                MemoryFileSystem image = disk.AfterPowerLoss(moment, seed);
                using (StorageEngine engine = Open(image))
                {
                    Assert.Equal(expected, Sizes(engine));
                    Checkpoint(engine, isFull: true);
                    Assert.Equal(3, FileCount(image));
                }
            }
        }
    }

    [Fact]
    public void A_disk_that_fails_at_any_moment_stores_the_value_or_refuses_it()
    {
        bool isComplete = false;
        for (int step = 0; !isComplete; step++)
        {
            var disk = new MemoryFileSystem();
            using (StorageEngine engine = Open(disk))
            {
                Create(engine);
                disk.FailFrom = disk.OperationCount + step;
                isComplete = TryInsert(engine);
                disk.FailFrom = int.MaxValue;
            }

            using StorageEngine again = Open(disk);
            Dictionary<int, int> sizes = Sizes(again);
            Assert.True(sizes.Count == 1 || (!isComplete && sizes.Count == 0));
            Assert.Equal(sizes.Count, FileCount(disk));
        }
    }

    [Fact]
    public void A_missing_file_is_reported_at_opening_and_nothing_is_changed()
    {
        var disk = new MemoryFileSystem();
        using (StorageEngine engine = Open(disk))
        {
            Create(engine);
            Insert(engine, 1, Size);
        }

        string path = Assert.Single(Paths(disk));
        disk.Delete(path);
        CorruptionException error = Assert.Throws<CorruptionException>(
            () => Open(disk).Dispose());
        Assert.Equal(path, error.FilePath);
    }

    [Fact]
    public void Every_damaged_byte_is_found_by_reading_and_by_verifying()
    {
        var disk = new MemoryFileSystem();
        using (StorageEngine engine = Open(disk))
        {
            Create(engine);
            Insert(engine, 1, Size);
        }

        string path = Assert.Single(Paths(disk));
        int length = disk.Bytes(path).Length;
        int[] places =
        [
            .. Enumerable.Range(0, LargeValueFormat.HeaderSizeBytes),
            100, 65_599, 65_600, 65_603, 65_604, 131_000, length - 5, length - 1,
        ];
        foreach (int place in places)
        {
            MemoryFileSystem image = disk.Copy();
            image.Bytes(path)[place] ^= 0x10;
            using StorageEngine engine = Open(image);
            CorruptionException error = Assert.Throws<CorruptionException>(
                () => Sizes(engine));
            Assert.Equal(path, error.FilePath);
            Assert.Contains(
                engine.Verify(isQuick: true, CancellationToken.None),
                finding => finding.FilePath == path);
        }
    }

    [Fact]
    public void A_file_of_another_value_or_length_in_its_place_is_found()
    {
        var disk = new MemoryFileSystem();
        using (StorageEngine engine = Open(disk))
        {
            Create(engine);
            Insert(engine, 1, Size);
            Insert(engine, 2, Size);
        }

        string[] paths = Paths(disk);
        MemoryFileSystem swapped = disk.Copy();
        disk.Bytes(paths[1]).CopyTo(swapped.Bytes(paths[0]));
        using (StorageEngine engine = Open(swapped))
        {
            Assert.Throws<CorruptionException>(() => Sizes(engine));
        }

        disk.Resize(paths[0], disk.Bytes(paths[0]).Length - 1);
        using StorageEngine cut = Open(disk);
        Assert.Throws<CorruptionException>(() => Sizes(cut));
    }

    private static void Check(MemoryFileSystem image, bool isPromised)
    {
        using StorageEngine engine = Open(image);
        Dictionary<int, int> sizes = Sizes(engine);
        Assert.Equal(70_000, sizes[1]);
        Assert.True(sizes.Count == 2 || !isPromised);
        Assert.True(sizes.Count == 1 || sizes[2] == Size);
        Assert.Equal(sizes.Count, FileCount(image));
    }

    private static bool TryInsert(StorageEngine engine)
    {
        try
        {
            Insert(engine, 1, Size);
            return true;
        }
        catch (NeuroStoreException error)
        {
            Assert.Contains(
                error.Code, new[] { ErrorCode.InputOutput, ErrorCode.DatabaseStopped });
            return false;
        }
    }
}
