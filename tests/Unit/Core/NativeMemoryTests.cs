using System.Runtime.CompilerServices;

namespace NeuroDb.Tests.Unit;

/// <summary>Memory outside of the collector's heap, and columns in it.</summary>
public sealed class NativeMemoryTests
{
    private const int Piece = 1 << 16;

    [Theory]
    [InlineData(1 << 24, true, 0)]
    [InlineData(1 << 24, false, 0)]
    [InlineData(1 << 24, false, 1 << 17)]
    [InlineData(1 << 24, false, 1 << 24)]
    [InlineData(1 << 17, false, 0)]
    [InlineData(0, false, 1 << 20)]
    public void Pieces_are_zero_and_apart_also_when_they_are_used_again(
        int reservedBytes, bool isLargePages, int keptBytesMax)
    {
        var region = new NativeRegion(reservedBytes, isLargePages, keptBytesMax);
        var arrays = new List<NativeArray<long>>();
        for (int i = 0; i < 24; i++)
        {
            arrays.Add(new NativeArray<long>(4096 + (i * 512), region));
            Assert.Equal(-1, arrays[i].Span.IndexOfAnyExcept(0L));
            arrays[i].Touch();
            arrays[i].Span.Fill(i + 1);
            if (i % 3 == 2)
            {
                arrays[i - 1].Free();
                Assert.Equal(0, arrays[i - 1].Length);
                arrays[i - 1].Free();
            }
        }

        for (int i = 0; i < arrays.Count; i++)
        {
            Assert.Equal(-1, arrays[i].Span.IndexOfAnyExcept(i + 1L));
            arrays[i].Free();
        }
    }

    [Fact]
    public void A_piece_that_was_given_back_is_taken_again()
    {
        var region = new NativeRegion(1 << 24, isLargePages: false, keptBytesMax: 0);
        nint first = region.Take(Piece);
        nint second = region.Take(Piece - 8);
        region.Return(first, Piece);
        Assert.Equal(OperatingSystem.IsLinux(), region.Take(Piece - 100) == first);
        region.Return(second, Piece - 8);
    }

    [Fact]
    public void Memory_that_nothing_refers_to_any_more_comes_back()
    {
        var region = new NativeRegion(
            OperatingSystem.IsLinux() ? 1 << 24 : 0, isLargePages: false, keptBytesMax: 0);
        nint known = TakeAndForget(region);
        for (int i = 0; i < 2; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.Equal(OperatingSystem.IsLinux(), region.Take(Piece) == known);
    }

    [Fact]
    public void A_column_outside_of_the_heap_says_what_one_in_it_says()
    {
        var memory = new NativeArray<long>(100, NativeRegion.InSmallPages);
        long[] values = [.. Enumerable.Range(0, 100).Select(static i => i * 7L)];
        values.CopyTo(memory.Span);
        var outside = new ColumnBuffer<long>(DataType.BigInt, memory, 90, NullMask.None);
        var inside = new ColumnBuffer<long>(DataType.BigInt, values, 0, 90, NullMask.None);
        int[] rows = [80, 3, 3, 41];
        AssertSame(inside, outside);
        AssertSame(inside.Slice(10, 50), outside.Slice(10, 50));
        AssertSame(
            inside.Slice(10, 50).Select(rows[1..]), outside.Slice(10, 50).Select(rows[1..]));
        AssertSame(inside.Gather(rows), outside.Gather(rows));
        AssertSame(inside.Select(rows).Settle(), outside.Select(rows).Settle());
        AssertSame(inside.Select(rows).Slice(1, 2), outside.Select(rows).Slice(1, 2));
        AssertSame(inside.Settle(), outside.Settle());
        AssertSame(
            inside.WithType(DataType.Timestamp), outside.WithType(DataType.Timestamp));
        var copied = new long[20];
        outside.CopyStored(5, 20, copied);
        Assert.Equal(values[5..25], copied);
        Assert.Throws<NeuroStoreException>(
            () => new ColumnBuffer<long>(DataType.BigInt, memory, 101, NullMask.None));
    }

    [Fact]
    public void Rows_in_memory_stay_for_who_reads_them_when_a_checkpoint_takes_their_place()
    {
        const int Count = 20_000;
        using var folder = new TemporaryFolder();
        using NeuroStore database = NeuroStore.Open(Path.Combine(folder.Path, "db"));
        database.Execute("CREATE TABLE t (id BIGINT PRIMARY KEY, v BIGINT)");
        using Session session = database.OpenSession();
        session.Execute("SET durability = 'none'");
        using Statement insert = session.Prepare("INSERT INTO t VALUES (?, ?)");
        for (long i = 0; i < Count; i++)
        {
            insert.Bind(0, i).Bind(1, i * 3).Execute();
        }

        using Session other = database.OpenSession();
        other.Execute("BEGIN");
        long sum = 0;
        using (ResultReader reader = other.Query("SELECT v FROM t"))
        {
            Assert.True(reader.Read());
            sum += reader.GetInt64(0);
            session.Execute("CHECKPOINT");
            for (int i = 0; i < 3; i++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }

            // Whoever gets memory now must not get that of the rows.
            var taken = new NativeArray<long>(4096 * 64, NativeRegion.InSmallPages);
            taken.Span.Fill(-1);
            while (reader.Read())
            {
                sum += reader.GetInt64(0);
            }

            taken.Free();
        }

        Assert.Equal(3L * Count * (Count - 1) / 2, sum);
        Assert.Equal(
            21, other.QueryScalar<long>("SELECT v FROM t WHERE id = 7"));
        other.Execute("COMMIT");
        Assert.Equal(
            3L * Count * (Count - 1) / 2, database.QueryScalar<long>("SELECT sum(v) FROM t"));
    }

    [Fact]
    public void An_array_that_grows_keeps_its_elements_wherever_they_lie()
    {
        using var array = new GrowingArray<int>();
        int count = 0;
        foreach (int length in (int[])[1, 64, 4096, 4097, 100_000])
        {
            array.Grow(length);
            Assert.Equal(length, array.Length);
            Assert.Equal(Enumerable.Range(0, count), array.Span[..count].ToArray());
            while (count < length)
            {
                array.Span[count] = count;
                count++;
            }
        }

        array.Dispose();
        Assert.Equal(0, array.Length);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static nint TakeAndForget(NativeRegion region)
    {
        var array = new NativeArray<byte>(Piece, region);
        array.Lend();
        array.Release();
        array.Release();
        return AddressOf(array);
    }

    private static unsafe nint AddressOf(NativeArray<byte> array) =>
        (nint)Unsafe.AsPointer(ref array.First);

    private static void AssertSame(ColumnBuffer expected, ColumnBuffer actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        Assert.Equal(expected.Type, actual.Type);
        Assert.Equal(
            ((ColumnBuffer<long>)expected).Values.ToArray(),
            ((ColumnBuffer<long>)actual).Values.ToArray());
        for (int row = 0; row < expected.Count; row++)
        {
            Assert.Equal(expected.GetValue(row), actual.GetValue(row));
        }
    }
}
