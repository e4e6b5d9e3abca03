using System.Buffers.Binary;
using System.IO.Compression;

namespace NeuroDb.Tests.Unit;

/// <summary>COPY of a folder of images for each label, and of IDX files.</summary>
public sealed class CopyImageTests
{
    private const string Schema = "CREATE TABLE t (label TEXT NOT NULL, pic IMAGE(2,2,1) NOT NULL)";

    private static readonly byte[] Image = [.. "P5 2 2 255\n"u8, 1, 2, 3, 4];

    [Fact]
    public void A_folder_is_read_in_the_order_of_names_with_the_first_folder_as_label()
    {
        using var fixture = new CopyFixture(Schema);
        string root = Folder(
            fixture, "b/2.pgm", "a/deep/1.pgm", "b/10.pgm", "a/.hidden", "a/9.pgm");
        Assert.Equal(
            4,
            fixture.Session.Execute($"COPY t (label, pic) FROM '{root}' (FORMAT image_folder)"));
        Assert.Equal(["a", "a", "b", "b"], fixture.Rows("SELECT label FROM t"));
        Assert.Equal(["2|2|1"], fixture.Rows(
            "SELECT DISTINCT CAST(width(pic) AS TEXT), CAST(height(pic) AS TEXT), "
            + "CAST(channels(pic) AS TEXT) FROM t"));
    }

    [Fact]
    public void Files_that_are_no_images_are_quarantined_by_their_path()
    {
        using var fixture = new CopyFixture(Schema);
        string root = Folder(fixture, "a/1.pgm", "a/2.pgm", "stray.pgm");
        File.WriteAllBytes(Path.Combine(root, "a", "2.pgm"), Image[..^1]);
        CopyResult result = fixture.Session.CopyFrom(
            "t", root, "FORMAT image_folder, ON_ERROR quarantine, REJECTS_TABLE bad");
        Assert.Equal(new CopyResult(1, 2, "bad"), result);
        Assert.Equal(
            [Path.Combine("a", "2.pgm"), "stray.pgm"],
            fixture.Rows("SELECT raw_text FROM bad ORDER BY line"));

        NeuroStoreException stop = Assert.ThrowsAny<NeuroStoreException>(
            () => fixture.Session.CopyFrom("t", root, "FORMAT image_folder"));
        Assert.Equal(ErrorCode.MalformedImage, stop.Code);
        Assert.Equal(["1"], fixture.Rows("SELECT CAST(count(*) AS TEXT) FROM t"));
    }

    [Fact]
    public void A_folder_needs_an_image_column_and_files()
    {
        using var fixture = new CopyFixture(Schema);
        fixture.Session.Execute("CREATE TABLE plain (label TEXT, n INTEGER)");
        string root = Folder(fixture, "a/1.pgm");
        Fails(fixture, $"COPY plain FROM '{root}' (FORMAT image_folder)");
        Fails(fixture, $"COPY t FROM '{fixture.Path("nowhere")}' (FORMAT image_folder)");
        Fails(fixture, $"COPY t FROM '{root}' (FORMAT image_folder, LABELS 'x')");
        Fails(fixture, $"COPY t TO '{root}' (FORMAT image_folder)");
        Directory.CreateDirectory(fixture.Path("empty"));
        Fails(fixture, $"COPY t FROM '{fixture.Path("empty")}' (FORMAT image_folder)");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Idx_files_become_rows_of_labels_and_images(bool isPacked)
    {
        using var fixture = new CopyFixture(Schema);
        string images = fixture.Write("i", Packed(Idx([3, 2, 2], 12), isPacked));
        string labels = fixture.Write("l", Packed(Idx([3], 3), isPacked));
        Assert.Equal(3, fixture.Session.Execute(
            $"COPY t (label, pic) FROM '{images}' (FORMAT idx, LABELS '{labels}')"));
        Assert.Equal(["0", "1", "2"], fixture.Rows("SELECT label FROM t"));
        Assert.Equal(
            [Convert.ToHexString([.. "P5 2 2 255\n"u8, 4, 5, 6, 7])],
            fixture.Rows("SELECT hex(pic) FROM t WHERE label = '1'"));
    }

    [Fact]
    public void Images_of_idx_files_become_vectors_of_numbers()
    {
        using var fixture = new CopyFixture("CREATE TABLE t (vec VECTOR(4), label INTEGER)");
        string images = fixture.Write("i", Idx([3, 2, 2], 12));
        string labels = fixture.Write("l", Idx([3], 3));
        string copy = $"COPY t FROM '{images}' (FORMAT idx, LABELS '{labels}')";
        Assert.Equal(3, fixture.Session.Execute(copy));
        Assert.Equal(
            ["[4,5,6,7]"], fixture.Rows("SELECT CAST(vec AS TEXT) FROM t WHERE label = 1"));
        fixture.Session.Execute("CREATE TABLE short (vec VECTOR(3))");
        Fails(fixture, $"COPY short FROM '{images}' (FORMAT idx)");
    }

    [Fact]
    public void Idx_files_that_do_not_fit_are_refused()
    {
        using var fixture = new CopyFixture(Schema);
        string images = fixture.Write("i", Idx([3, 2, 2], 12));
        string labels = fixture.Write("l", Idx([2], 2));
        Fails(fixture, $"COPY t FROM '{images}' (FORMAT idx)");
        Fails(fixture, $"COPY t FROM '{images}' (FORMAT idx, LABELS '{labels}')");
        Fails(fixture, $"COPY t (pic) FROM '{images}' (FORMAT idx, LABELS '{labels}')");
        Fails(fixture, $"COPY t (pic) FROM '{labels}' (FORMAT idx)");
        string cutShort = fixture.Write("s", Idx([3, 2, 2], 11));
        Fails(fixture, $"COPY t (pic) FROM '{cutShort}' (FORMAT idx)");
        byte[] cut = Packed(Idx([3, 2, 2], 12), true)[..^9];
        cut[12] ^= 0x55;
        Fails(fixture, $"COPY t (pic) FROM '{fixture.Write("z", cut)}' (FORMAT idx)");
    }

    private static void Fails(CopyFixture fixture, string sql) =>
        Assert.ThrowsAny<NeuroStoreException>(() => fixture.Session.Execute(sql));

    private static string Folder(CopyFixture fixture, params string[] names)
    {
        string root = fixture.Path("folder");
        foreach (string name in names)
        {
            string path = Path.Combine(root, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, Image);
        }

        return root;
    }

    private static byte[] Idx(int[] shape, int length)
    {
        var file = new byte[4 + (4 * shape.Length) + length];
        file[2] = 8;
        file[3] = (byte)shape.Length;
        for (int i = 0; i < shape.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(4 + (4 * i)), shape[i]);
        }

        for (int i = 0; i < length; i++)
        {
            file[4 + (4 * shape.Length) + i] = (byte)i;
        }

        return file;
    }

    private static byte[] Packed(byte[] file, bool isPacked)
    {
        if (!isPacked)
        {
            return file;
        }

        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionMode.Compress))
        {
            gzip.Write(file);
        }

        return packed.ToArray();
    }
}
