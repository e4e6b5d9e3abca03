namespace NeuroDb.Tests.Unit;

/// <summary>Rows that were selected from a column are those that were gathered.</summary>
public sealed class ColumnSelectionTests
{
    private static readonly int[] Rows = [0, 2, 3, 7, 7, 9];
    private static readonly int[] Again = [5, 0, 3];

    [Fact]
    public void Selected_rows_are_gathered_rows_however_they_are_read()
    {
        foreach (ColumnBuffer column in Columns())
        {
            ColumnBuffer slice = column.Slice(1, 10);
            string expected = Text(slice.Gather(Rows));
            Assert.Equal(expected, Text(slice.Select(Rows)));
            Assert.Equal(expected, Text(slice.Select(Rows).Settle()));
            Assert.Equal(expected, Text(slice.Select(Rows).WithType(column.Type)));
            string twice = Text(slice.Gather(Rows).Gather(Again));
            Assert.Equal(twice, Text(slice.Select(Rows).Gather(Again)));
            Assert.Equal(twice, Text(slice.Select(Rows).Select(Again)));
            Assert.Equal(twice, Text(slice.Select(Rows).Settle().Gather(Again)));
            Assert.Equal(
                Text(slice.Gather(Rows).Slice(2, 3)), Text(slice.Select(Rows).Slice(2, 3)));
            ColumnBuilder builder = ColumnBuilder.Create(column.Type, 1);
            builder.AppendRows(slice.Select(Rows), 1, 4);
            Assert.Equal(Text(slice.Gather(Rows).Slice(1, 4)), Text(builder.Build()));
        }
    }

    [Fact]
    public void Who_keeps_selected_rows_keeps_nothing_else()
    {
        var column = new ColumnBuffer<long>(DataType.BigInt, new long[100]);
        var selected = (ColumnBuffer<long>)column.Select(Rows);
        Assert.True(selected.TryGetSelected(out ReadOnlySpan<long> elements, out _));
        Assert.Equal(100, elements.Length);
        var settled = (ColumnBuffer<long>)selected.Settle();
        Assert.False(settled.TryGetSelected(out _, out _));
        Assert.Equal(Rows.Length, settled.Values.Length);
        var batch = new RowBatch([column], 100);
        Assert.Same(batch, batch.Settle());
    }

    private static IEnumerable<ColumnBuffer> Columns()
    {
        var nulls = new byte[12];
        nulls[3] = nulls[8] = 1;
        long[] numbers = [.. Enumerable.Range(0, 12).Select(static i => i * 10L)];
        yield return new ColumnBuffer<long>(DataType.BigInt, numbers);
        yield return new ColumnBuffer<long>(
            DataType.BigInt, numbers, 0, 12, new NullMask(nulls));
        yield return new ColumnBuffer<string>(
            DataType.Text, [.. numbers.Select(static i => $"t{i}")], 0, 12, new NullMask(nulls));
        yield return new ColumnBuffer<decimal>(
            DataType.Decimal, [.. numbers.Select(static i => i / 4m)]);
    }

    private static string Text(ColumnBuffer column) => string.Join(
        ' ', Enumerable.Range(0, column.Count).Select(row => column.GetValue(row).ToString()));
}
