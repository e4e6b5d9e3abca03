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
        LearnedModel model = LearnedModelBuilder.Build(keys);
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

        // Each pair of keys is far from the next one, by gaps that no line foresees.
        var random = new Random(3);
        var hostile = new ulong[100_000];
        for (int i = 0; i < hostile.Length; i++)
        {
            hostile[i] = (ulong)random.NextInt64() >> random.Next(60);
        }

        Array.Sort(hostile);
        LearnedModel model = LearnedModelBuilder.Build(hostile);
        Assert.True(model.SizeBytes <= 4096 + (0.35 * hostile.Length));
        Assert.Equal(
            LearnedSearch.LowerBoundScalar(hostile, hostile[777]),
            LearnedSearch.LowerBound(model, hostile, hostile[777]));
    }

    [Fact]
    public void A_wider_window_is_taken_where_it_saves_a_level()
    {
        var random = new Random(11);
        ulong[] keys = [.. Enumerable.Range(0, 40_000)
            .Select(_ => (ulong)random.NextInt64()).Order()];
        LearnedModel narrow = LearnedModelBuilder.Build(keys, 10);
        LearnedModel wide = LearnedModelBuilder.Build(keys, 14);
        Assert.Equal(2, narrow.LevelStarts.Length);
        Assert.Single(wide.LevelStarts);
        Assert.Equal(wide.ErrorBound, LearnedModelBuilder.Build(keys).ErrorBound);

        // Of fewer keys the narrow one has no second level, and of more the next has one too.
        Assert.Equal(
            LearnedModelBuilder.Build(keys.AsSpan(0, 10_000), 10).ErrorBound,
            LearnedModelBuilder.Build(keys.AsSpan(0, 10_000)).ErrorBound);
        ulong[] more = [.. Enumerable.Range(0, 200_000)
            .Select(_ => (ulong)random.NextInt64()).Order()];
        Assert.Equal(
            LearnedModelBuilder.Build(more, 10).ErrorBound,
            LearnedModelBuilder.Build(more).ErrorBound);
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
