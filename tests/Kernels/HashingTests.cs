using NeuroDb.Gpu;

namespace NeuroDb.Tests.Kernels;

/// <summary>Hashes of n-grams and sums of hashed features, every register width.</summary>
public sealed class HashingTests
{
    private static readonly int[] Lengths =
        [0, 1, 2, 3, 4, 5, 7, 8, 9, 11, 15, 16, 17, 31, 64, 100, 513];

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 4)]
    [InlineData(2, 8)]
    public void Every_width_gives_the_hashes_of_the_definition(int shortest, int longest)
    {
        foreach (int length in Lengths)
        {
            ushort[] units = Units(length);
            var expected = new ulong[(longest - shortest + 1) * length];
            NgramHash.ComputeScalar(units, shortest, longest, expected);
            foreach (VectorWidth width in Enum.GetValues<VectorWidth>())
            {
                var hashes = new ulong[expected.Length];
                NgramHash.Compute(units, shortest, longest, hashes, width);
                Assert.Equal(expected, hashes);
            }
        }
    }

    [Fact]
    public void A_hash_is_that_of_its_units_one_by_one()
    {
        ushort[] units = Units(9);
        var hashes = new ulong[2 * units.Length];
        NgramHash.Compute(units, 3, 4, hashes);
        ulong state = FeatureHash.Start;
        foreach (ushort unit in units[2..6])
        {
            state = FeatureHash.Append(state, unit);
        }

        Assert.Equal(FeatureHash.Finish(state, FeatureHash.GramKind), hashes[9 + 2]);
        Assert.Equal(0UL, hashes[9 + 6]);
        Assert.Equal(0UL, hashes[7]);
    }

    [Theory]
    [InlineData(16, 1)]
    [InlineData(384, 2)]
    [InlineData(100, 7)]
    [InlineData(16, 16)]
    public void Every_width_adds_the_same_bits_as_the_definition(int dimension, int blocks)
    {
        foreach (int count in Lengths)
        {
            ulong[] features = Features(count);
            float[] weights = VectorData.Floats(count, 5);
            var expected = new float[dimension];
            HashedSum.AddScalar(features, weights, blocks, expected);
            foreach (VectorWidth width in Enum.GetValues<VectorWidth>())
            {
                var vector = new float[dimension];
                HashedSum.Add(features, weights, blocks, vector, width);
                Assert.Equal(expected, vector);
            }
        }
    }

    [Fact]
    public void A_feature_has_one_coordinate_in_each_block()
    {
        var vector = new float[100];
        HashedSum.Add(Features(1), [2f], 4, vector);
        Assert.All(
            vector.Chunk(25), block => Assert.Equal(2f, Math.Abs(block.Single(it => it != 0))));
    }

    [Fact]
    public void Rooms_that_do_not_fit_are_refused()
    {
        Assert.Throws<ArgumentException>(
            () => NgramHash.Compute(Units(4), 2, 3, new ulong[7]));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => NgramHash.Compute(Units(4), 3, 2, []));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => NgramHash.Compute(Units(4), 0, 2, new ulong[12]));
        Assert.Throws<ArgumentException>(
            () => HashedSum.Add(Features(2), [1f], 1, new float[8]));
        Assert.Throws<ArgumentException>(
            () => HashedSum.Add(Features(1), [1f], 9, new float[8]));
    }

    internal static ushort[] Units(int length)
    {
        var random = new Random(length);
        var units = new ushort[length];
        for (int i = 0; i < length; i++)
        {
            units[i] = (ushort)random.Next(0, 1 << (i % 3 == 0 ? 16 : 7));
        }

        return units;
    }

    internal static ulong[] Features(int count)
    {
        var random = new Random(count);
        var features = new ulong[count];
        for (int i = 0; i < count; i++)
        {
            features[i] = (ulong)random.NextInt64() * 3;
        }

        return features;
    }
}
