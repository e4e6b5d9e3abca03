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
        using var device = new KernelDevice(3, 64, 32);
        ArrayView<int> places = device.Send(new int[queries.Length]);
        var shape = new LearnedSearchShape
        {
            QueryCount = queries.Length,
            KeyCount = keys.Length,
            LevelCount = model.IsLearned ? model.Directory.LevelStarts.Length : 0,
            TopKeyCount = model.Directory.TopKeyCount,
            ErrorBound = model.ErrorBound,
        };
        device.Launch(
            LearnedSearchKernel.Run,
            device.Send(queries),
            places,
            device.Send(keys),
            device.Send(model.Directory.Entries),
            device.Send(model.Lines),
            device.Send(model.Directory.LevelStarts),
            shape);
        int[] expected =
        [
            .. queries.Select(query => LearnedSearch.LowerBoundScalar(keys, query)),
        ];
        Assert.Equal(expected, device.Fetch(places));
    }
}
