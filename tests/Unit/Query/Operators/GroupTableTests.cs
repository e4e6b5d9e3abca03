using NeuroDb.Query;

namespace NeuroDb.Tests.Unit;

/// <summary>Groups of keys of which some have one hash.</summary>
public sealed class GroupTableTests
{
    // Decimals that differ by a multiple of it have one hash.
    private const decimal Period = (1L << 61) - 1;

    [Fact]
    public void Groups_are_numbered_as_first_seen_also_where_keys_share_a_hash()
    {
        Assert.Equal(DecimalKey.Hash(1), DecimalKey.Hash(Period + 1));
        var random = new Random(5);
        var table = new GroupTable([DataType.DecimalOf(24, 2), DataType.BigInt]);
        var known = new Dictionary<(decimal, long), int>();
        for (int batch = 0; batch < 20; batch++)
        {
            var rows = new (decimal, long)[50];
            foreach (ref (decimal, long) row in rows.AsSpan())
            {
                row = (random.Next(9) + (random.Next(3) * Period), random.Next(1 + batch));
            }

            var groups = new int[rows.Length];
            table.FindOrAdd(Columns(rows), rows.Length, groups);
            for (int i = 0; i < rows.Length; i++)
            {
                known.TryAdd(rows[i], known.Count);
                Assert.Equal(known[rows[i]], groups[i]);
            }

            table.Find(Columns(rows), rows.Length, groups);
            Assert.Equal(rows.Select(row => known[row]), groups);
        }

        ColumnBuffer[] keys = table.ViewKeys();
        Assert.All(known, pair => Assert.Equal(
            pair.Key,
            (keys[0].GetValue(pair.Value).AsDecimal(), keys[1].GetValue(pair.Value).AsInt64())));
    }

    [Fact]
    public void Equal_decimals_of_all_scales_have_one_hash_and_near_ones_another()
    {
        var random = new Random(6);
        var hashes = new HashSet<ulong>();
        for (int i = 0; i < 5000; i++)
        {
            decimal number = new(random.Next(), random.Next(), 0, random.Next(2) == 0, 4);
            ulong hash = DecimalKey.Hash(number);
            Assert.Equal(hash, DecimalKey.Hash(number * 1.000000m));
            Assert.Equal(hash, DecimalKey.Hash(number / 1.0000000000000000000000000000m));
            Assert.True(hashes.Add(hash));
            Assert.True(hashes.Add(DecimalKey.Hash(number + 0.0001m)));
        }

        Assert.Equal(DecimalKey.Hash(0m), DecimalKey.Hash(-0.00m));
    }

    private static ColumnBuffer[] Columns((decimal, long)[] rows) =>
    [
        new ColumnBuffer<decimal>(
            DataType.DecimalOf(24, 2), [.. rows.Select(static row => row.Item1)]),
        new ColumnBuffer<long>(DataType.BigInt, [.. rows.Select(static row => row.Item2)]),
    ];
}
