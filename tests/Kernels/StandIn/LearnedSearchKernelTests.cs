using ILGPU;
using NeuroDb.Gpu;

namespace NeuroDb.Tests.Kernels;

/// <summary>The device form of <see cref="LearnedSearch"/>.</summary>
public sealed class LearnedSearchKernelTests
{
    public static TheoryData<string> Sets => [.. SearchKeys.Names];

    [Theory]
    [MemberData(nameof(Sets))]
    public void Places_of_the_device_are_those_of_the_reference(string set)
    {
        ulong[] keys = SearchKeys.Make(set);
        LearnedModel model = LearnedModelBuilder.Build(keys);
        ulong[] queries = SearchKeys.Queries(keys);
        var places = new int[queries.Length];
        var shape = new LearnedSearchShape
        {
            QueryCount = queries.Length,
            KeyCount = keys.Length,
            LevelCount = model.IsLearned ? model.Directory.LevelStarts.Length : 0,
            TopKeyCount = model.Directory.TopKeyCount,
            ErrorBound = model.ErrorBound,
        };
        Lane.Launch(3, 64, 32, () => LearnedSearchKernel.Run(
            new(queries),
            new(places),
            new(keys),
            new(model.Directory.Entries),
            new(model.Lines),
            new(model.Directory.LevelStarts),
            shape));
        for (int i = 0; i < queries.Length; i++)
        {
            Assert.Equal(LearnedSearch.LowerBoundScalar(keys, queries[i]), places[i]);
        }
    }
}
