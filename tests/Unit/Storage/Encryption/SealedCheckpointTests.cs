using NeuroDb.Storage;

namespace NeuroDb.Tests.Unit;

/// <summary>The manifest and the delete-files of an encrypted database.</summary>
public sealed class SealedCheckpointTests
{
    private const string Path = "/db/MANIFEST-3";
    private static readonly Guid Id = EncryptionFixture.DatabaseId;

    private static readonly DeleteFileIdentity Deletes = new(
        Id, SegmentId: 5, Number: 2, RowCount: 5000);

    [Fact]
    public void An_encrypted_manifest_reads_back_and_names_nothing()
    {
        using KeyRing keys = EncryptionFixture.Ring();
        MemoryFileSystem disk = Disk();
        ManifestReference reference = Sample(3).Write(disk, Path, keys);
        Assert.Equal(-1, disk.Bytes(Path).IndexOf("named"u8));
        Manifest read = Manifest.Read(disk, Path, Id, reference, keys);
        Assert.Equal("named", read.Tables[0].Schema.Name);
        Assert.Throws<CorruptionException>(() => Manifest.Read(disk, Path, Id, reference));
    }

    [Fact]
    public void The_manifest_of_another_number_or_writing_is_refused()
    {
        using KeyRing keys = EncryptionFixture.Ring();
        MemoryFileSystem disk = Disk();
        ManifestReference other = Sample(4).Write(disk, Path, keys);
        Assert.Throws<CorruptionException>(
            () => Manifest.Read(disk, Path, Id, other with { Number = 3 }, keys));
        ManifestReference stale = Sample(3).Write(disk, Path, keys);
        ManifestReference fresh = Sample(3).Write(disk, Path, keys);
        Assert.Throws<CorruptionException>(() => Manifest.Read(disk, Path, Id, stale, keys));
        Assert.Equal(3, Manifest.Read(disk, Path, Id, fresh, keys).Number);
    }

    [Fact]
    public void Every_bit_of_an_encrypted_manifest_counts()
    {
        using KeyRing keys = EncryptionFixture.Ring();
        MemoryFileSystem disk = Disk();
        ManifestReference reference = Sample(3).Write(disk, Path, keys);
        for (int bit = 0; bit < disk.Bytes(Path).Length * 8; bit++)
        {
            disk.Bytes(Path)[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Throws<CorruptionException>(
                () => Manifest.Read(disk, Path, Id, reference, keys));
            disk.Bytes(Path)[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void An_encrypted_delete_file_reads_back_in_its_place_only()
    {
        using KeyRing keys = EncryptionFixture.Ring();
        MemoryFileSystem disk = Disk();
        const string File = "/db/5-2.del";
        var dead = new ulong[]?[] { null, new ulong[DeleteFile.WordCount] };
        dead[1]![3] = 0b101;
        DeleteFileInfo info = DeleteFile.Write(disk, File, Deletes, dead, keys);
        Assert.Equal(2, info.DeadCount);
        Assert.Equal(dead, DeleteFile.Read(disk, File, Deletes, info, keys));
        Assert.Throws<CorruptionException>(
            () => DeleteFile.Read(disk, File, Deletes with { SegmentId = 6 }, info, keys));
        Assert.Throws<CorruptionException>(
            () => DeleteFile.Read(disk, File, Deletes with { Number = 3 }, info, keys));
        disk.Bytes(File)[70] ^= 1;
        Assert.Throws<CorruptionException>(
            () => DeleteFile.Read(disk, File, Deletes, info, keys));
    }

    private static MemoryFileSystem Disk()
    {
        var disk = new MemoryFileSystem();
        disk.CreateDirectory("/db");
        return disk;
    }

    private static Manifest Sample(long number) => new()
    {
        DatabaseId = Id,
        Number = number,
        Timestamp = 7,
        LastTableId = 1,
        LastSegmentId = 0,
        LastPartTransaction = 0,
        Tables =
        [
            new ManifestTable
            {
                Id = 1,
                Schema = StorageFixture.Named,
                NextRowId = 0,
                IdentityLast = 4,
                KeyMaxima = [4, null],
                Parts = [],
            },
        ],
    };
}
