using NeuroDb.Storage;

namespace NeuroDb.Tests.Unit;

/// <summary>Key runs find the rows that a search through all rows finds.</summary>
public sealed class SegmentKeyTests
{
    private const int RowCount = 20_000;

    private static readonly DataType[] Types =
    [
        DataType.BigInt, DataType.BigInt, DataType.BigInt, DataType.Text, DataType.Decimal,
        DataType.Uuid, DataType.Date,
    ];

    private static readonly TableSchema Schema = SegmentFixture.Schema(
        Types, [0], [1], [2], [3], [4, 3], [5], [6]);

    private static readonly ColumnStore[] Columns =
    [
        SegmentFixture.Column(Types[0], RowCount, row => Value.Of((row * 2L) - 9000)),
        SegmentFixture.Column(Types[1], RowCount, row => Value.Of(
            (long)SegmentColumns.Mix(row))),
        SegmentFixture.Column(Types[2], RowCount, row => row % 9 == 0
            ? Value.Null
            : Value.Of((long)(SegmentColumns.Mix(row) % 3) - 1)),
        SegmentFixture.Column(Types[3], RowCount, row => row % 11 == 0
            ? Value.Null
            : Value.Of($"name {SegmentColumns.Mix(row) % 5000}")),
        SegmentFixture.Column(Types[4], RowCount, row => Value.Of(
            row % 2 == 0 ? 1.50m : 1.5m)),
        SegmentFixture.Column(Types[5], RowCount, row => Value.Of(
            new Guid(row, 7, 7, 1, 2, 3, 4, 5, 6, 7, 8))),
        SegmentFixture.Column(Types[6], RowCount, row => Value.OfDate(row % 7 == 0
            ? int.MinValue
            : row / 5)),
    ];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Candidates_are_all_rows_of_the_code_and_no_others(int key)
    {
        using SegmentFile segment = Write();
        KeyRun run = segment.Key(key);
        ILookup<ulong, int> expected = Codes(key).ToLookup(pair => pair.Code, pair => pair.Row);
        Assert.Equal(expected.Sum(group => group.Count()), run.Count);
        Assert.Equal(expected.Min(group => group.Key), run.CodeMin);
        Assert.Equal(expected.Max(group => group.Key), run.CodeMax);
        foreach (IGrouping<ulong, int> group in expected.Where((_, i) => i % 7 == 0)
            .Append(expected.MinBy(g => g.Key)!).Append(expected.MaxBy(g => g.Key)!))
        {
            Assert.Equal(group, Walk(run.Candidates(group.Key)));
            foreach (ulong near in new[] { group.Key - 1, group.Key + 1 })
            {
                Assert.Equal(expected[near], Walk(run.Candidates(near)));
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(6)]
    public void A_range_of_an_ordered_key_gives_its_rows_in_both_directions(int key)
    {
        using SegmentFile segment = Write();
        KeyRun run = segment.Key(key);
        Assert.True(run.IsOrdered);
        (ulong Code, int Row)[] all = [.. Codes(key).OrderBy(pair => pair.Code)];
        var random = new Random(7);
        for (int round = 0; round < 60; round++)
        {
            ulong low = round switch
            {
                0 => 0,
                1 => all[0].Code,
                _ => all[random.Next(all.Length)].Code + (ulong)random.Next(3) - 1,
            };
            ulong high = round < 2
                ? ulong.MaxValue
                : all[random.Next(all.Length)].Code + (ulong)random.Next(3) - 1;
            int[] expected =
            [
                .. all.Where(pair => pair.Code >= low && pair.Code <= high)
                    .Select(pair => pair.Row),
            ];
            Assert.Equal(expected, Walk(run.Range(low, high)));
            Assert.Equal(
                expected.Reverse(), Walk(run.Range(low, high, isDescending: true)));
            Assert.Equal(all.Count(pair => pair.Code < low), run.RankOf(low));
        }
    }

    [Fact]
    public void Codes_of_whole_numbers_are_in_their_order()
    {
        long[] numbers = [long.MinValue, -5, -1, 0, 1, 77, long.MaxValue];
        Assert.Equal(numbers, numbers.OrderBy(KeyCode.Of));
        Assert.Equal(numbers, numbers.Select(KeyCode.Of).Select(KeyCode.ValueOf));
    }

    [Fact]
    public void A_key_given_by_values_has_the_code_of_its_rows()
    {
        using SegmentFile segment = Write();
        Value[] values = [Value.Of(1.500m), Columns[3].ValueAt(1)];
        Assert.True(KeyCode.TryOf(Schema, Schema.Keys[4], Columns, values, out ulong code));
        Assert.Contains(1, Walk(segment.Key(4).Candidates(code)));
        Assert.False(KeyCode.TryOf(
            Schema, Schema.Keys[2], Columns, [Value.Null], out _));
        Assert.True(KeyCode.TryOf(
            Schema, Schema.Keys[0], Columns, [Value.Of(-9000L)], out ulong first));
        Assert.Equal([0], Walk(segment.Key(0).Candidates(first)));
    }

    [Fact]
    public void Hashes_that_are_stored_never_change()
    {
        Assert.Equal(0x2A00ED70D40265A3UL, Hash64.Mix(1));
        Assert.Equal(0x443BEAB4EC37BFE9UL, Element.Hash("text"));
        Assert.Equal(0xB9AD882C232F0D33UL, Element.Hash(1.50m));
        Assert.Equal(0xBD6066E6B2AEEA0CUL, Hash64.Combine(1, 2));
        Assert.Equal(Element.Hash(1.5m), Element.Hash(1.500000m));
        Assert.Equal(Element.Hash(0m), Element.Hash(-0.00m));
        Assert.Equal(0xA4308625F0B34749UL, Element.Hash(SegmentFixture.Identity.DatabaseId));
        Assert.Equal(0xC5FB06D5F78F90DUL, Element.Hash(new byte[] { 1, 2, 3 }));
        Assert.Equal(0xA018D25DDCCD3E71UL, Element.Hash(2.5));
    }

    private static SegmentFile Write()
    {
        MemoryFileSystem files = SegmentFixture.Disk();
        SegmentInfo info = SegmentFixture.Write(files, Schema, Columns, RowCount);
        return SegmentFixture.Open(files, Schema, info);
    }

    private static IEnumerable<(ulong Code, int Row)> Codes(int key)
    {
        for (int row = 0; row < RowCount; row++)
        {
            if (KeyCode.TryOf(Schema, Schema.Keys[key], Columns, row, out ulong code))
            {
                yield return (code, row);
            }
        }
    }

    private static List<int> Walk(KeyRunCursor cursor)
    {
        var rows = new List<int>();
        ulong last = 0;
        while (cursor.MoveNext())
        {
            rows.Add(cursor.Ordinal);
            last = cursor.Code;
        }

        Assert.True(rows.Count == 0 || last != 0);
        return rows;
    }
}
