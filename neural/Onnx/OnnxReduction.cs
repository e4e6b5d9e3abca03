namespace NeuroDb.Neural;

/// <summary>Means and maxima over all places, as global pooling.</summary>
internal static class OnnxReduction
{
    /// <summary>The axes that an operator goes over: an attribute, since 18 an input.</summary>
    public static IReadOnlyList<long> AxesOf(OnnxNode node, OnnxGraph graph)
    {
        IReadOnlyList<long> axes = node.Numbers("axes");
        return axes.Count == 0 && node.Inputs.Count > 1
            && graph.Constants.GetValueOrDefault(node.Inputs[1]) is { IsFloat: false } given
                ? given.Numbers : axes;
    }

    /// <summary>The pooling of a reduction; null if it is over other axes.</summary>
    public static OnnxStep? TryPool(OnnxNode node, OnnxGraph graph, OnnxStep step)
    {
        int rank = step.Rank;
        long[] axes = [.. AxesOf(node, graph)
            .Select(axis => axis < 0 ? axis + rank : axis).Order()];
        long[] places = (rank, step.Order) switch
        {
            (4, OnnxOrder.First) => [2, 3],
            (4, OnnxOrder.Last) => [1, 2],
            (3, OnnxOrder.First) => [2],
            (3, OnnxOrder.Last) => [1],
            (3, OnnxOrder.StepsFirst) => [0],
            _ => [],
        };
        return places.Length > 0 && axes.SequenceEqual(places)
            ? step.Flat(
                node.Operator == "ReduceMean" ? "global_avgpool" : "global_maxpool",
                step.Shape.Channels)
            : null;
    }
}
