using NeuroDb.Storage;

namespace NeuroDb.Tests.Unit;

/// <summary>A manifest comes back as it was written, or not at all.</summary>
public sealed class ManifestTests
{
    private const string Path = "/db/MANIFEST-3";
    private static readonly Guid Id = LogFixture.DatabaseId;

    [Fact]
    public void A_manifest_comes_back_as_it_was_written()
    {
        var files = Disk();
        Manifest written = Sample();
        ManifestReference reference = written.Write(files, Path);
        Manifest read = Manifest.Read(files, Path, Id, reference);
        Assert.Equal(ManifestCodec.Encode(written), ManifestCodec.Encode(read));
        Assert.Equal(written.Tables[0].Parts, read.Tables[0].Parts);
        Assert.Equal(written.Tables[0].KeyMaxima, read.Tables[0].KeyMaxima);
        Assert.Equal(7, read.Tables[0].IdentityLast);
        Assert.Null(read.Tables[1].IdentityLast);
        Assert.Equal(5080, read.Tables[0].LiveCount);
        Assert.Equal(ManifestCodec.HeaderSizeBytes + 4, Empty(files));
    }

    [Fact]
    public void Every_flipped_bit_is_refused()
    {
        var files = Disk();
        ManifestReference reference = Sample().Write(files, Path);
        for (int bit = 0; bit < files.Bytes(Path).Length * 8; bit++)
        {
            files.Bytes(Path)[bit / 8] ^= (byte)(1 << (bit % 8));
            CorruptionException error = Assert.Throws<CorruptionException>(
                () => Manifest.Read(files, Path, Id, reference));
            Assert.Equal(Path, error.FilePath);
            files.Bytes(Path)[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void Hostile_bytes_under_a_right_checksum_are_refused_or_make_sense()
    {
        byte[] whole = ManifestCodec.Encode(Sample());
        int refused = 0;
        for (int at = 0; at < whole.Length - 4; at++)
        {
            foreach (byte value in (byte[])[0, 1, 0x7F, 0x80, 0xFF])
            {
                byte[] content = [.. whole];
                content[at] = value;
                refused += IsRefused(content) ? 1 : 0;
            }
        }

        for (int length = 0; length < whole.Length; length++)
        {
            Assert.True(length < 4 || IsRefused(whole[..length]));
        }

        Assert.True(refused > whole.Length);
    }

    [Fact]
    public void A_manifest_that_is_missing_stale_or_foreign_is_refused()
    {
        var files = Disk();
        ManifestReference reference = Sample().Write(files, Path);
        ManifestReference stale = (Sample() with { Timestamp = 1 }).Write(files, "/db/MANIFEST-2");
        Refused(() => Manifest.Read(files, "/db/MANIFEST-9", Id, reference), "missing");
        Refused(() => Manifest.Read(files, "/db/MANIFEST-2", Id, reference), "another");
        Refused(() => Manifest.Read(files, Path, Guid.Empty, reference), "identifier");
        Refused(() => Manifest.Read(files, Path, Id, reference with { Number = 4 }), "number");
        Refused(() => Manifest.Read(files, Path, Id, reference with { Length = 9 }), "bytes");
        Assert.NotEqual(reference, stale);
    }

    [Fact]
    public void A_written_manifest_survives_every_power_loss_and_a_torn_one_is_refused()
    {
        var files = Disk();
        int before = files.OperationCount;
        ManifestReference reference = Sample().Write(files, Path);
        for (int moment = before; moment <= files.OperationCount; moment++)
        {
            for (ulong seed = 0; seed < 6; seed++)
            {
                MemoryFileSystem image = files.AfterPowerLoss(moment, seed);
                bool isRefused = Record.Exception(
                    () => Manifest.Read(image, Path, Id, reference)) is CorruptionException;
                Assert.True(moment < files.OperationCount || !isRefused);
            }
        }
    }

    [Fact]
    public void A_file_that_was_never_published_is_replaced()
    {
        var files = Disk();
        (Sample() with { Timestamp = 1 }).Write(files, Path);
        ManifestReference reference = Sample().Write(files, Path);
        Assert.Equal(40, Manifest.Read(files, Path, Id, reference).Timestamp);
    }

    [Fact]
    public void Files_that_no_manifest_names_are_removed_and_foreign_ones_stay()
    {
        var files = Disk();
        var names = new DatabaseFiles(files, "/db");
        names.EnsureDirectories();
        Manifest manifest = WithLargeValues();
        manifest.Write(files, names.ManifestPath(manifest.Number));
        string[] own =
        [
            names.SegmentPath(1), names.SegmentPath(2), names.DeletePath(1, 4), names.BlobPath(3),
        ];
        string[] unneeded =
        [
            names.SegmentPath(9), names.DeletePath(1, 3), names.ManifestPath(2), names.BlobPath(1),
        ];
        string[] foreign = ["/db/MANIFEST-x", "/db/seg/notes.txt", "/db/seg/1-2-3.del"];
        foreach (string path in own.Concat(unneeded).Concat(foreign))
        {
            files.Open(path, FileOpenKind.Create).Dispose();
        }

        Assert.Equal(
            unneeded.Length,
            names.RemoveUnreferenced(names.NamedBy(manifest).ToHashSet()));
        Assert.All(own.Concat(foreign), path => Assert.True(files.FileExists(path), path));
        Assert.All(unneeded, path => Assert.False(files.FileExists(path), path));
    }

    [Fact]
    public void Large_values_come_back_and_nonsense_about_them_is_refused()
    {
        var files = Disk();
        Manifest written = WithLargeValues();
        ManifestReference reference = written.Write(files, Path);
        Assert.Equal(
            written.LargeValues, Manifest.Read(files, Path, Id, reference).LargeValues);
        SegmentLargeValue value = written.LargeValues[0];
        foreach (SegmentLargeValue[] wrong in new SegmentLargeValue[][]
        {
            [value with { SegmentId = 9 }],
            [value, value],
            [value with { Reference = value.Reference with { Number = 13 } }],
            [value with { Reference = value.Reference with { Number = 0 } }],
            [value with { Reference = value.Reference with { SizeBytes = -1 } }],
            [value with { Reference = value.Reference with { SizeBytes = 1L << 32 } }],
            [value with { Reference = value.Reference with { CharacterCount = 80_000 } }],
            [value, new(2, value.Reference with { SizeBytes = 70_001 })],
        })
        {
            reference = (written with { LargeValues = wrong }).Write(files, Path);
            Assert.Throws<CorruptionException>(
                () => Manifest.Read(files, Path, Id, reference));
        }
    }

    private static Manifest WithLargeValues() => Sample() with
    {
        LargeValues = [new(1, new LargeReference(3, 70_000, 69_000, 5, 6))],
    };

    /// <summary>Two tables, of which the first has two parts, one with dead rows.</summary>
    internal static Manifest Sample() => new()
    {
        DatabaseId = Id,
        Number = 3,
        Timestamp = 40,
        LastTableId = 5,
        LastSegmentId = 12,
        LastPartTransaction = 8,
        Tables =
        [
            new ManifestTable
            {
                Id = 2,
                Schema = new TableSchema
                {
                    Name = "people",
                    Columns =
                    [
                        new ColumnSchema("id", DataType.Integer, false, null),
                        new ColumnSchema("name", DataType.Text, true, "'x'"),
                    ],
                    Keys = [new KeySchema("pk", [0], true), new KeySchema("u", [1], false)],
                    Checks = [new CheckSchema("c", "id > 0")],
                    IdentityOrdinal = 0,
                },
                NextRowId = 6000,
                IdentityLast = 7,
                KeyMaxima = [7, null],
                Parts =
                [
                    new ManifestPart(
                        1, 0, 5000, 5000, 90_000, 0xDEADBEEF, 4, new DeleteFileInfo(200, 5, 20)),
                    new ManifestPart(2, 5100, 5500, 100, 8192, 17),
                ],
            },
            new ManifestTable
            {
                Id = 5,
                Schema = new TableSchema
                {
                    Name = "empty",
                    Columns = [new ColumnSchema("v", DataType.Text, true, null)],
                },
                NextRowId = 0,
                KeyMaxima = [],
                Parts = [],
            },
        ],
    };

    private static MemoryFileSystem Disk()
    {
        var files = new MemoryFileSystem();
        files.CreateDirectory("/db");
        return files;
    }

    private static long Empty(MemoryFileSystem files)
    {
        Manifest manifest = Sample() with { Tables = [] };
        ManifestReference reference = manifest.Write(files, "/db/MANIFEST-4");
        Assert.Empty(Manifest.Read(files, "/db/MANIFEST-4", Id, reference).Tables);
        return reference.Length;
    }

    private static bool IsRefused(byte[] content)
    {
        uint crc = Crc32C.Compute(content.AsSpan(..^4));
        BitConverter.TryWriteBytes(content.AsSpan(^4..), crc);
        var reference = new ManifestReference(3, content.Length, crc);
        return Record.Exception(() => ManifestCodec.Decode(content, Path, Id, reference)) switch
        {
            null => false,
            CorruptionException => true,
            Exception other => throw other,
        };
    }

    private static void Refused(Action action, string why)
    {
        CorruptionException error = Assert.Throws<CorruptionException>(action);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }
}
