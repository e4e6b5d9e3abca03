using NeuroDb.Storage;
using static NeuroDb.Tests.Unit.StorageFixture;

namespace NeuroDb.Tests.Unit;

public sealed class OpenFailureTests
{
    [Fact]
    public void A_creation_that_fails_at_any_change_leaves_no_file_open()
    {
        var whole = new MemoryFileSystem();
        Open(whole).Dispose();
        Assert.Equal(0, whole.OpenFileCount);
        for (int failFrom = 0; failFrom < whole.OperationCount; failFrom++)
        {
            var disk = new MemoryFileSystem { FailFrom = failFrom };
            TryOpen(disk);
            Assert.Equal(0, disk.OpenFileCount);
            disk.FailFrom = int.MaxValue;
            Open(disk).Dispose();
        }
    }

    [Fact]
    public void An_opening_that_fails_at_any_change_leaves_no_file_open()
    {
        var source = new MemoryFileSystem();
        using (StorageEngine engine = Open(source))
        {
            Insert(engine, CreateNamed(engine), NamedRow(1, "kept"));
        }

        MemoryFileSystem image = source.AfterPowerLoss(source.OperationCount - 3, seed: 2);
        int count = image.Copy().OperationCount;
        for (int failFrom = count; failFrom < count + 12; failFrom++)
        {
            MemoryFileSystem disk = image.Copy();
            disk.FailFrom = failFrom;
            TryOpen(disk);
            Assert.Equal(0, disk.OpenFileCount);
            disk.FailFrom = int.MaxValue;
            Open(disk).Dispose();
        }
    }

    private static void TryOpen(MemoryFileSystem disk)
    {
        try
        {
            Open(disk).Dispose();
        }
        catch (NeuroStoreException failure) when (failure.Code == ErrorCode.InputOutput)
        {
            Assert.False(string.IsNullOrEmpty(failure.Message));
        }
    }
}
