namespace NeuroDb.Tests.Unit;

/// <summary>Sorting by bytes beside a sort that compares.</summary>
public sealed class RadixSortTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(95)]
    [InlineData(96)]
    [InlineData(1000)]
    [InlineData(5000)]
    public void Numbers_come_in_order(int count)
    {
        var random = new Random(count);
        for (int bits = 1; bits <= 64; bits += 7)
        {
            ulong[] numbers = [.. Enumerable.Range(0, count).Select(
                _ => (ulong)random.NextInt64(long.MinValue, long.MaxValue) >> (64 - bits))];
            ulong[] expected = [.. numbers.Order()];
            RadixSort.Sort(numbers);
            Assert.Equal(expected, numbers);
        }
    }

    [Fact]
    public void Bits_that_are_in_order_already_are_kept_so()
    {
        const int LowBits = 11;
        var random = new Random(3);
        ulong[] numbers = [.. Enumerable.Range(0, 1 << LowBits).Select(
            place => ((ulong)random.Next(500) << LowBits) | (uint)place)];
        ulong[] expected = [.. numbers.Order()];
        RadixSort.Sort(numbers, LowBits);
        Assert.Equal(expected, numbers);
    }
}
