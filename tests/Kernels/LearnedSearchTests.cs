using NeuroDb.Gpu;

namespace NeuroDb.Tests.Kernels;

/// <summary>Every form of <see cref="LearnedSearch"/> against a binary search.</summary>
public sealed class LearnedSearchTests
{
    public static TheoryData<string> Sets => [.. SearchKeys.Names];

    [Theory]
    [MemberData(nameof(Sets))]
    public void Places_are_those_of_a_binary_search(string set)
    {
        ulong[] keys = SearchKeys.Make(set);
        Check(LearnedModelBuilder.Build(keys), keys);
        Check(LearnedModelBuilder.BuildPlain(keys), keys);
    }

    private static void Check(LearnedModel model, ulong[] keys)
    {
        ulong[] queries = SearchKeys.Queries(keys);
        var places = new int[queries.Length];
        LearnedSearch.LowerBounds(model, keys, queries, places);
        for (int i = 0; i < queries.Length; i++)
        {
            int expected = LearnedSearch.LowerBoundScalar(keys, queries[i]);
            Assert.Equal(expected, LearnedSearch.LowerBound(model, keys, queries[i]));
            Assert.Equal(expected, places[i]);
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Every_key_lies_within_the_error_bound_and_the_model_is_small(string set)
    {
        ulong[] keys = SearchKeys.Make(set);
        LearnedModel model = LearnedModelBuilder.Build(keys);
        Assert.Equal(keys.Distinct().Count(), model.DistinctCount);
        Assert.True(model.SizeBytes <= 4096 + (LearnedModel.SizeBytesPerKeyMax * keys.Length));
        for (int i = 0; model.IsLearned && i < keys.Length; i++)
        {
            if (i == 0 || keys[i] != keys[i - 1])
            {
                int line = LearnedSearch.LineOf(model, keys[i]);
                int place = LearnedSearch.PlaceOf(model, line, keys[i]);
                Assert.InRange(place, i - model.ErrorBound, i + model.ErrorBound);
            }
        }
    }

    [Fact]
    public void Dense_keys_take_one_line_and_hostile_ones_none()
    {
        LearnedModel dense = LearnedModelBuilder.Build(SearchKeys.Make("dense"));
        Assert.Equal(1, dense.LineCount);
        Assert.Equal(1, LearnedModelBuilder.Build(SearchKeys.Make("equal")).LineCount);
        LearnedModel jumps = LearnedModelBuilder.Build(SearchKeys.Make("jumps"));
        Assert.False(jumps.IsLearned);
        Assert.Equal(0, jumps.LineCount);

        // Each pair of keys is far from the next one, by gaps that no line foresees.
        var random = new Random(3);
        var hostile = new ulong[100_000];
        for (int i = 0; i < hostile.Length; i++)
        {
            hostile[i] = (ulong)random.NextInt64() >> random.Next(60);
        }

        Array.Sort(hostile);
        LearnedModel model = LearnedModelBuilder.Build(hostile);
        Assert.True(model.SizeBytes <= 4096 + (LearnedModel.SizeBytesPerKeyMax * hostile.Length));
        Assert.Equal(
            LearnedSearch.LowerBoundScalar(hostile, hostile[777]),
            LearnedSearch.LowerBound(model, hostile, hostile[777]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(1025)]
    [InlineData(20_000)]
    public void A_directory_finds_the_last_key_below_any_other(int count)
    {
        var random = new Random(count);
        ulong[] keys = [.. Enumerable.Range(0, count).Select(i => i % 9 == 0
            ? ulong.MaxValue >> (i % 3)
            : (ulong)random.NextInt64() << random.Next(2)).Order()];
        var directory = new LineDirectory(keys);
        Assert.True(directory.Keys.SequenceEqual(keys));
        ulong[] sought =
        [
            0, 1, ulong.MaxValue - 1, ulong.MaxValue,
            .. keys.SelectMany(static key => new[] { key - 1, key, key + 1 }),
        ];
        var places = new int[sought.Length];
        directory.LastNotAbove(sought, places, keys.Length > 0 ? keys : [0]);
        for (int i = 0; i < sought.Length; i++)
        {
            int below = LearnedSearch.LowerBoundScalar(keys, sought[i]);
            Assert.Equal(Math.Max(0, below - 1), directory.LastBelow(sought[i]));
            ulong bound = LineDirectory.BoundOf(sought[i]);
            int notAbove = LearnedSearch.LowerBoundScalar(keys, bound);
            Assert.Equal(Math.Max(0, notAbove - 1), places[i]);
        }
    }

    [Fact]
    public void A_line_is_as_long_as_it_can_be()
    {
        // Within 10 of the truth, one line spans 21 places of any keys, and so 10,000 keys take at
        // most 477 lines; squares are nearly straight and take far fewer.
        LearnedModel runs = LearnedModelBuilder.Build(SearchKeys.Make("quadratic"));
        Assert.InRange(runs.LineCount, 2, 400);
    }
}
