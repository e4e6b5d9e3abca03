using NeuroDb.Storage;

namespace NeuroDb.Tests.Unit;

/// <summary>A damaged segment file is reported; it never gives other rows.</summary>
public sealed class SegmentDamageTests
{
    private static readonly TableSchema Schema = SegmentFixture.Schema(
        [DataType.BigInt, DataType.Text, DataType.VectorOf(16), DataType.Decimal], [0], [1, 3]);

    [Fact]
    public void No_flipped_bit_goes_unseen()
    {
        MemoryFileSystem files = SegmentFixture.Disk();
        SegmentInfo info = SegmentFixture.Write(
            files, Schema, Columns(20), 20, row => row * 2L);
        int length = (int)info.LengthBytes;
        for (int at = 0; at < length; at++)
        {
            // Of the zeros that fill blocks one bit a byte is enough.
            bool isFilling = files.Bytes(SegmentFixture.Path)[at] == 0 && at % 16 != 0;
            for (int bit = isFilling ? at % 8 : 0; bit < 8; bit += isFilling ? 8 : 1)
            {
                files.Bytes(SegmentFixture.Path)[at] ^= (byte)(1 << bit);
                AssertSeen(files, info);
                files.Bytes(SegmentFixture.Path)[at] ^= (byte)(1 << bit);
            }
        }

        using SegmentFile segment = SegmentFixture.Open(files, Schema, info);
        segment.Verify(CancellationToken.None);
    }

    [Fact]
    public void A_file_cut_or_extended_anywhere_is_seen()
    {
        MemoryFileSystem files = SegmentFixture.Disk();
        SegmentInfo info = SegmentFixture.Write(files, Schema, Columns(20), 20);
        byte[] whole = files.Bytes(SegmentFixture.Path).ToArray();
        foreach (int length in Enumerable.Range(0, (whole.Length / 97) + 1).Select(i => i * 97)
            .Append(whole.Length - 1).Append(whole.Length + 1).Append(whole.Length + 4096))
        {
            files.Resize(SegmentFixture.Path, length);
            AssertSeen(files, info);
            files.Resize(SegmentFixture.Path, whole.Length);
            whole.CopyTo(files.Bytes(SegmentFixture.Path));
        }
    }

    [Fact]
    public void A_zeroed_sector_is_seen_wherever_it_is()
    {
        MemoryFileSystem files = SegmentFixture.Disk();
        SegmentInfo info = SegmentFixture.Write(files, Schema, Columns(5000), 5000);
        byte[] whole = files.Bytes(SegmentFixture.Path).ToArray();
        for (int at = 0; at < whole.Length; at += 512)
        {
            if (whole.AsSpan(at, 512).ContainsAnyExcept((byte)0))
            {
                files.Bytes(SegmentFixture.Path).Slice(at, 512).Clear();
                AssertSeen(files, info);
                whole.CopyTo(files.Bytes(SegmentFixture.Path));
            }
        }
    }

    [Fact]
    public void Swapped_pages_are_seen_even_of_the_same_content_elsewhere()
    {
        DataType type = DataType.VectorOf(64);
        TableSchema schema = SegmentFixture.Schema([type]);
        ColumnStore[] columns = [SegmentFixture.Column(
            type, 2048, row => Value.Of(new float[64].Select(_ => row + 1f).ToArray().AsMemory()))];
        MemoryFileSystem files = SegmentFixture.Disk();
        SegmentInfo info = SegmentFixture.Write(files, schema, columns, 2048);
        Span<byte> bytes = files.Bytes(SegmentFixture.Path);
        Span<byte> first = bytes.Slice(4096, SegmentFormat.PageSizeBytes);
        Span<byte> second = bytes.Slice(4096 + first.Length, first.Length);
        byte[] kept = first.ToArray();
        second.CopyTo(first);
        kept.CopyTo(second);
        using SegmentFile segment = SegmentFixture.Open(files, schema, info);
        var error = Assert.Throws<CorruptionException>(() => segment.Read(0, 0));
        Assert.Equal(SegmentFixture.Path, error.FilePath);
        Assert.Equal(4096, error.Offset);
    }

    [Fact]
    public void A_page_of_another_segment_at_the_same_place_is_seen()
    {
        MemoryFileSystem files = SegmentFixture.Disk();
        ColumnStore[] columns = Columns(5000);
        SegmentInfo info = SegmentFixture.Write(files, Schema, columns, 5000);
        SegmentFixture.Write(
            files,
            Schema,
            columns,
            5000,
            identity: SegmentFixture.Identity with { SegmentId = 8 },
            path: "/db/seg/8.seg");
        files.Bytes("/db/seg/8.seg").Slice(4096, 100)
            .CopyTo(files.Bytes(SegmentFixture.Path)[4096..]);
        using (SegmentFile same = SegmentFixture.Open(files, Schema, info))
        {
            // The bytes are the same, so nothing is lost.
            SegmentFixture.AssertSame(same, columns, 5000);
        }

        var guard = new ChecksumPageGuard(SegmentFixture.Identity);
        var other = new ChecksumPageGuard(SegmentFixture.Identity with { SegmentId = 8 });
        Span<byte> seal = stackalloc byte[4];
        byte[] page = new byte[100];
        other.Seal(5, page, seal);
        Assert.True(other.TryOpen(5, page, seal));
        Assert.False(guard.TryOpen(5, page, seal));
        Assert.False(other.TryOpen(6, page, seal));
    }

    [Fact]
    public void A_file_of_another_database_table_segment_or_schema_is_refused()
    {
        MemoryFileSystem files = SegmentFixture.Disk();
        SegmentInfo info = SegmentFixture.Write(files, Schema, Columns(20), 20);
        SegmentIdentity identity = SegmentFixture.Identity;
        foreach (SegmentIdentity other in new[]
        {
            identity with { DatabaseId = new Guid("00000000-0000-0000-0000-000000000001") },
            identity with { TableId = 4 },
            identity with { SegmentId = 8 },
        })
        {
            Assert.Throws<CorruptionException>(
                () => SegmentFixture.Open(files, Schema, info, identity: other));
        }

        foreach (TableSchema other in new[]
        {
            SegmentFixture.Schema([DataType.BigInt]),
            SegmentFixture.Schema(
                [DataType.BigInt, DataType.Text, DataType.VectorOf(17), DataType.Decimal],
                [0],
                [1, 3]),
            Schema with { Keys = [] },
        })
        {
            Assert.Throws<CorruptionException>(
                () => SegmentFixture.Open(files, other, info));
        }

        Assert.Throws<CorruptionException>(() => SegmentFixture.Open(
            files, Schema, info with { FooterCrc = info.FooterCrc + 1 }));
        Assert.Throws<CorruptionException>(() => SegmentFixture.Open(
            files, Schema, info with { RowCount = 21 }));
        Assert.Equal(0, files.OpenFileCount);
    }

    [Fact]
    public void Contents_that_no_writer_makes_are_refused_by_the_decoders()
    {
        byte[] block = new byte[IntegerEncoder.SizeBytesMax(4096)];
        long[] numbers = [.. Enumerable.Range(0, 4096).Select(i => (long)(i % 9))];
        int size = new IntegerEncoder().Encode(numbers, block);
        var random = new Random(4);
        int refused = 0;
        for (int round = 0; round < 20_000; round++)
        {
            byte[] damaged = block[..size];
            damaged[random.Next(round % 2 == 0 ? 16 : size)] = (byte)random.Next(256);
            try
            {
                var reader = new BlockReader(damaged, "x", 0);
                IntegerDecoder.Decode(
                    ref reader, numbers, isDouble: round % 3 == 0, out SegmentEncoding _);
            }
            catch (CorruptionException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 1000, 19_999);
    }

    private static ColumnStore[] Columns(int count) =>
    [
        SegmentFixture.Column(
            DataType.BigInt, count, row => Value.Of((long)SegmentColumns.Mix(row))),
        SegmentFixture.Column(
            DataType.Text, count, row => row % 4 == 0 ? Value.Null : Value.Of($"text {row}")),
        SegmentFixture.Column(DataType.VectorOf(16), count, row => Value.Of(
            new float[16].Select((_, i) => row + (i / 16f)).ToArray().AsMemory())),
        SegmentFixture.Column(DataType.Decimal, count, row => Value.Of(row / 8m)),
    ];

    private static void AssertSeen(MemoryFileSystem files, SegmentInfo info) =>
        Assert.Throws<CorruptionException>(() =>
        {
            using SegmentFile segment = SegmentFixture.Open(files, Schema, info);
            segment.Verify(CancellationToken.None);
        });
}
