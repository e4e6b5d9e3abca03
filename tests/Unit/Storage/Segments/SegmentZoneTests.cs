using NeuroDb.Storage;

namespace NeuroDb.Tests.Unit;

/// <summary>Zone maps tell the truth about every chunk.</summary>
public sealed class SegmentZoneTests
{
    public static TheoryData<string> Columns =>
        [.. SegmentColumns.All.Select(column => column.Name)];

    [Theory]
    [MemberData(nameof(Columns))]
    public void Bounds_enclose_all_values_and_exact_ones_are_reached(string name)
    {
        (_, DataType type, Func<int, Value> valueOf) =
            SegmentColumns.All.Single(column => column.Name == name);
        TableSchema schema = SegmentFixture.Schema([type]);
        foreach (Func<int, bool> isNull in SegmentColumns.NullPatterns.Values)
        {
            Value[] values = [.. Enumerable.Range(0, 4500)
                .Select(row => isNull(row) ? Value.Null : valueOf(row))];
            ColumnStore[] columns = [SegmentFixture.Column(type, 4500, row => values[row])];
            MemoryFileSystem files = SegmentFixture.Disk();
            SegmentInfo info = SegmentFixture.Write(files, schema, columns, 4500);
            using SegmentFile segment = SegmentFixture.Open(files, schema, info);
            for (int chunk = 0; chunk < 2; chunk++)
            {
                ZoneMap zone = segment.Zone(chunk, 0);
                Value[] inside = values[(chunk * 4096)..Math.Min(4500, (chunk + 1) * 4096)];
                Assert.Equal(inside.Length, zone.RowCount);
                Assert.Equal(inside.Count(value => value.IsNull), zone.NullCount);
                AssertEncloses(zone, [.. inside.Where(value => !value.IsNull)]);
            }
        }
    }

    [Fact]
    public void Numbers_have_exact_bounds_and_long_texts_enclosing_ones()
    {
        string prefix = new('z', 40);
        Assert.True(ZoneOf(DataType.BigInt, Value.Of(5L), Value.Of(-2L)).IsExact);
        Assert.True(ZoneOf(DataType.Text, Value.Of("b"), Value.Of("")).IsExact);
        ZoneMap zone = ZoneOf(DataType.Text, Value.Of(prefix), Value.Of(prefix + "z"));
        Assert.True(zone.HasBounds && !zone.IsExact);
        Assert.True(CodePointOrder.Compare(zone.Minimum.AsText(), prefix) <= 0);
        Assert.True(CodePointOrder.Compare(zone.Maximum.AsText(), prefix + "z") >= 0);
        string top = string.Concat(Enumerable.Repeat("\U0010FFFF", 20));
        Assert.False(ZoneOf(DataType.Text, Value.Of(top), Value.Of("a")).HasBounds);
        Assert.False(
            ZoneOf(DataType.Double, Value.Of(1.0), Value.Of(double.NaN)).HasBounds);
        Assert.False(ZoneOf(DataType.Blob, Value.Of([1]), Value.Of([2])).HasBounds);
    }

    [Fact]
    public void Texts_are_ordered_by_code_points()
    {
        string[] ordered = ["", "a", "a\0", "ab", "\uE000", "\uFFFF", "\U00010000", "\U0001F600"];
        for (int i = 0; i < ordered.Length; i++)
        {
            for (int j = 0; j < ordered.Length; j++)
            {
                Assert.Equal(
                    Math.Sign(i.CompareTo(j)),
                    Math.Sign(CodePointOrder.Compare(ordered[i], ordered[j])));
            }
        }
    }

    private static ZoneMap ZoneOf(DataType type, Value first, Value second)
    {
        TableSchema schema = SegmentFixture.Schema([type]);
        ColumnStore[] columns =
            [SegmentFixture.Column(type, 2, row => row == 0 ? first : second)];
        MemoryFileSystem files = SegmentFixture.Disk();
        SegmentInfo info = SegmentFixture.Write(files, schema, columns, 2);
        using SegmentFile segment = SegmentFixture.Open(files, schema, info);
        return segment.Zone(0, 0);
    }

    private static void AssertEncloses(ZoneMap zone, Value[] values)
    {
        if (!zone.HasBounds)
        {
            Assert.True(values.Length == 0
                || values[0].Kind is TypeKind.Vector or TypeKind.Blob or TypeKind.HalfVector
                    or TypeKind.Int8Vector or TypeKind.BitVector
                || (values[0].Kind == TypeKind.Double
                    && values.Any(value => double.IsNaN(value.AsDouble()))));
            return;
        }

        Assert.All(values, value => Assert.True(
            Compare(zone.Minimum, value) <= 0 && Compare(zone.Maximum, value) >= 0));
        if (zone.IsExact)
        {
            Assert.Contains(values, value => Compare(zone.Minimum, value) == 0);
            Assert.Contains(values, value => Compare(zone.Maximum, value) == 0);
        }
    }

    private static int Compare(Value left, Value right) => left.Kind switch
    {
        TypeKind.Text or TypeKind.Json => CodePointOrder.Compare(left.AsText(), right.AsText()),
        TypeKind.Real or TypeKind.Double => left.AsDouble().CompareTo(right.AsDouble()),
        TypeKind.Decimal => left.AsDecimal().CompareTo(right.AsDecimal()),
        TypeKind.Uuid => left.AsUuid().CompareTo(right.AsUuid()),
        _ => left.AsInt64().CompareTo(right.AsInt64()),
    };
}
