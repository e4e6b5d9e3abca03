using NeuroDb.Storage;

namespace NeuroDb.Tests.Unit;

/// <summary>What tells keys that are not there: it may say too much, never too little.</summary>
public sealed class CodeFilterTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(100_000)]
    public void A_filter_passes_all_of_its_keys_and_few_others(int count)
    {
        ulong[] codes = CodesOf(count, 1);
        var filter = new CodeFilter([new(codes)]);

        Assert.All(codes, code => Assert.True(filter.MayHave(CodeFilter.HashOf([code]))));
        int passed = CodesOf(10_000, 2).Count(code => filter.MayHave(CodeFilter.HashOf([code])));
        Assert.InRange(passed, 0, 300);
        Assert.InRange(filter.SizeBytes, 2 * count, (2 * count) + 8);
    }

    [Fact]
    public void A_filter_of_two_columns_tells_pairs_apart()
    {
        FlatArray<ulong>[] codes = [new(CodesOf(1000, 3)), new(CodesOf(1000, 4))];
        var filter = new CodeFilter(codes);

        int passed = 0;
        for (int i = 0; i < 1000; i++)
        {
            Assert.True(filter.MayHave(CodeFilter.HashOf([codes[0][i], codes[1][i]])));
            passed += filter.MayHave(CodeFilter.HashOf([codes[0][i], codes[1][999 - i]])) ? 1 : 0;
        }

        Assert.InRange(passed, 0, 50);
    }

    [Fact]
    public void Slots_find_the_rows_that_the_reader_knows_of_and_no_later_ones()
    {
        FlatArray<ulong>[] codes = [new(CodesOf(4096, 5))];
        var slots = new TailSlots(4096, codes, 100);
        for (int row = 100; row < 4096; row++)
        {
            slots.Add(codes, row);
        }

        for (int row = 0; row < 4096; row++)
        {
            ulong[] key = [codes[0][row]];
            ulong hash = CodeFilter.HashOf(key);
            Assert.True(slots.Has(key, hash, codes, row + 1));
            Assert.False(slots.Has(key, hash, codes, row));
        }
    }

    // Never the same twice, also of two draws.
    private static ulong[] CodesOf(int count, ulong draw)
    {
        var codes = new ulong[count];
        for (int i = 0; i < count; i++)
        {
            codes[i] = (draw << 40) + ((ulong)i * 977);
        }

        return codes;
    }
}
