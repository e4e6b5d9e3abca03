using NeuroDb.Storage;

namespace NeuroDb.Tests.Unit;

/// <summary>What is written into a segment file is read from it, to the bit.</summary>
public sealed class SegmentRoundTripTests
{
    public static TheoryData<string> Columns =>
        [.. SegmentColumns.All.Select(column => column.Name)];

    [Theory]
    [MemberData(nameof(Columns))]
    public void Every_column_comes_back_for_every_row_count_and_every_pattern_of_nulls(string name)
    {
        (_, DataType type, Func<int, Value> valueOf) =
            SegmentColumns.All.Single(column => column.Name == name);
        TableSchema schema = SegmentFixture.Schema([type]);
        foreach (Func<int, bool> isNull in SegmentColumns.NullPatterns.Values)
        {
            foreach (int count in SegmentColumns.Counts)
            {
                MemoryFileSystem files = SegmentFixture.Disk();
                ColumnStore[] columns =
                [
                    SegmentFixture.Column(
                        type, count, row => isNull(row) ? Value.Null : valueOf(row)),
                ];
                SegmentInfo info = SegmentFixture.Write(files, schema, columns, count);
                using SegmentFile segment = SegmentFixture.Open(files, schema, info);
                SegmentFixture.AssertSame(segment, columns, count);
                segment.Verify(CancellationToken.None);
            }
        }
    }

    [Fact]
    public void Every_encoding_is_chosen_by_some_column()
    {
        var chosen = new HashSet<SegmentEncoding>();
        foreach ((_, DataType type, Func<int, Value> valueOf) in SegmentColumns.All)
        {
            MemoryFileSystem files = SegmentFixture.Disk();
            TableSchema schema = SegmentFixture.Schema([type]);
            ColumnStore[] columns = [SegmentFixture.Column(type, 4096, valueOf)];
            SegmentInfo info = SegmentFixture.Write(files, schema, columns, 4096);
            using SegmentFile segment = SegmentFixture.Open(files, schema, info);
            chosen.Add(segment.EncodingOf(0, 0));
        }

        Assert.Equal(Enum.GetValues<SegmentEncoding>().Order(), chosen.Order());
    }

    [Fact]
    public void A_table_of_all_types_comes_back_however_its_rows_are_handed_in()
    {
        DataType[] types = [.. SegmentColumns.All.Select(column => column.Type)];
        TableSchema schema = SegmentFixture.Schema(types);
        ColumnStore[] columns =
        [
            .. SegmentColumns.All.Select((column, i) => SegmentFixture.Column(
                column.Type,
                9001,
                row => (row + i) % 10 == 0 ? Value.Null : column.ValueOf(row))),
        ];
        foreach (int pieceLength in new[] { 1, 1000, 4096, 5000, int.MaxValue })
        {
            MemoryFileSystem files = SegmentFixture.Disk();
            SegmentInfo info = SegmentFixture.Write(
                files, schema, columns, 9001, pieceLength: pieceLength);
            using SegmentFile segment = SegmentFixture.Open(files, schema, info);
            Assert.Equal(3, segment.ChunkCount);
            SegmentFixture.AssertSame(segment, columns, 9001);
        }
    }

    [Fact]
    public void The_file_is_the_same_however_its_rows_are_handed_in()
    {
        TableSchema schema = SegmentFixture.Schema([DataType.BigInt, DataType.Text], [0], [1]);
        ColumnStore[] columns =
        [
            SegmentFixture.Column(DataType.BigInt, 9001, row => Value.Of((long)row)),
            SegmentFixture.Column(DataType.Text, 9001, row => Value.Of($"{row % 100}")),
        ];
        MemoryFileSystem one = SegmentFixture.Disk();
        MemoryFileSystem other = SegmentFixture.Disk();
        SegmentInfo info = SegmentFixture.Write(one, schema, columns, 9001);
        Assert.Equal(info, SegmentFixture.Write(other, schema, columns, 9001, pieceLength: 77));
        Assert.True(one.Bytes(SegmentFixture.Path)
            .SequenceEqual(other.Bytes(SegmentFixture.Path)));
    }

    [Fact]
    public void Rows_may_come_from_anywhere_and_their_numbers_may_have_gaps()
    {
        TableSchema schema = SegmentFixture.Schema([DataType.BigInt], [0]);
        ColumnStore[] columns =
            [SegmentFixture.Column(DataType.BigInt, 10_000, row => Value.Of((long)row))];
        int[] rows = [.. Enumerable.Range(0, 10_000).Where(row => row % 7 != 3).Reverse()];
        long[] numbers = [.. rows.Select((_, i) => i < 5000 ? i : (i * 3L) + 1)];
        MemoryFileSystem files = SegmentFixture.Disk();
        SegmentInfo info;
        using (SegmentWriter writer = SegmentWriter.Create(
            files,
            SegmentFixture.Path,
            SegmentFixture.Identity,
            schema,
            new ChecksumPageGuard(SegmentFixture.Identity)))
        {
            writer.Append(columns, rows, numbers);
            info = writer.Complete();
        }

        using SegmentFile segment = SegmentFixture.Open(files, schema, info);
        int at = 0;
        for (int chunk = 0; chunk < segment.ChunkCount; chunk++)
        {
            var read = (ColumnStore<long>)segment.Read(chunk, 0);
            long[] readNumbers = segment.ReadRowNumbers(chunk);
            Assert.Equal(chunk == 0, segment.IsConsecutive(chunk));
            Assert.Equal(readNumbers[0], segment.FirstRowNumber(chunk));
            Assert.Equal(readNumbers[^1], segment.LastRowNumber(chunk));
            for (int i = 0; i < readNumbers.Length; i++, at++)
            {
                Assert.Equal(rows[at], read.Values[i]);
                Assert.Equal(numbers[at], readNumbers[i]);
            }
        }

        Assert.Equal(rows.Length, at);
    }

    [Fact]
    public void A_segment_without_rows_opens()
    {
        TableSchema schema = SegmentFixture.Schema([DataType.Text], [0]);
        MemoryFileSystem files = SegmentFixture.Disk();
        SegmentInfo info =
            SegmentFixture.Write(files, schema, ColumnStore.CreateAll(schema), 0);
        using SegmentFile segment = SegmentFixture.Open(files, schema, info);
        Assert.Equal(0, segment.ChunkCount);
        Assert.Equal(0, segment.Key(0).Count);
        Assert.False(segment.Key(0).Candidates(5).MoveNext());
        segment.Verify(CancellationToken.None);
    }

    [Fact]
    public void Values_larger_than_a_page_and_than_the_buffer_come_back()
    {
        TableSchema schema = SegmentFixture.Schema([DataType.Text, DataType.Blob]);
        int[] lengths = [0, 1, 65_535, 65_536, 65_537, 400_000, 3_000_000, 5];
        ColumnStore[] columns =
        [
            SegmentFixture.Column(DataType.Text, lengths.Length, row => Value.Of(
                string.Concat(Enumerable.Repeat("a\U0001F600", lengths[row] / 2)))),
            SegmentFixture.Column(DataType.Blob, lengths.Length, row => Value.Of(
                Enumerable.Range(0, lengths[row]).Select(i => (byte)(i * 7)).ToArray())),
        ];
        MemoryFileSystem files = SegmentFixture.Disk();
        SegmentInfo info = SegmentFixture.Write(files, schema, columns, lengths.Length);
        using SegmentFile segment = SegmentFixture.Open(files, schema, info);
        SegmentFixture.AssertSame(segment, columns, lengths.Length);
    }

    [Fact]
    public void A_vector_store_is_filled_again_and_again_and_stays_aligned()
    {
        DataType type = DataType.VectorOf(100);
        TableSchema schema = SegmentFixture.Schema([type]);
        ColumnStore[] columns = [SegmentFixture.Column(type, 9000, row =>
            row % 50 == 0 ? Value.Null : Value.Of(new float[100].Select(_ => row + 0.5f).ToArray()
                .AsMemory()))];
        MemoryFileSystem files = SegmentFixture.Disk();
        SegmentInfo info = SegmentFixture.Write(files, schema, columns, 9000);
        using SegmentFile segment = SegmentFixture.Open(files, schema, info);
        var target = new FloatVectorStore(type);
        foreach (int chunk in new[] { 2, 0, 1, 2 })
        {
            segment.Read(chunk, 0, target);
            for (int i = 0; i < segment.RowCountOf(chunk); i++)
            {
                Assert.Equal(
                    SegmentFixture.Bits(columns[0], (chunk * 4096) + i),
                    SegmentFixture.Bits(target, i));
            }

            Assert.True(IsAligned(target.RowAt(0)));
        }
    }

    [Fact]
    public void An_incomplete_file_is_removed()
    {
        TableSchema schema = SegmentFixture.Schema([DataType.BigInt]);
        MemoryFileSystem files = SegmentFixture.Disk();
        using (SegmentWriter writer = SegmentWriter.Create(
            files,
            SegmentFixture.Path,
            SegmentFixture.Identity,
            schema,
            new ChecksumPageGuard(SegmentFixture.Identity)))
        {
            writer.Append(
                [SegmentFixture.Column(DataType.BigInt, 1, _ => Value.Of(1L))], [0], [0]);
            Assert.True(files.FileExists(SegmentFixture.Path));
            Assert.Equal(1, writer.RowCount);
        }

        Assert.False(files.FileExists(SegmentFixture.Path));
        Assert.Equal(0, files.OpenFileCount);
    }

    private static unsafe bool IsAligned(Span<float> row)
    {
        fixed (float* address = row)
        {
            return (nuint)address % 64 == 0;
        }
    }
}
