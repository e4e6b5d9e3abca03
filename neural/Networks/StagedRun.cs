using NeuroDb.Gpu;

namespace NeuroDb.Neural;

/// <summary>
/// The memory of one thread that predicts. A network is cut into stages where what it carries
/// becomes smaller: each stage takes as many examples at a time as stay in the second cache, so
/// that large images pass one by one and dense layers read their weights once for many.
/// </summary>
internal sealed class StagedRun
{
    private const int CacheFloats = 128 * 1024;
    private const int PieceFloats = 64 * 1024;
    private const int BetweenFloats = 1 << 20;
    private const int PassedFloats = 256 * 1024;
    private const int RowsMin = 16;
    private const int StagedRowsMin = 64;
    private const int RowsMax = 512;

    // A cut costs a pass through memory; it has to make pieces that much larger.
    private const int Shrinkage = 3;

    private readonly List<Stage> _stages = [];

    /// <summary>Memory for a network.</summary>
    public StagedRun(Network network)
    {
        List<int> ends = EndsOf(network);
        CountMax = RowsOf(network, ends);
        int start = 0;
        foreach (int end in ends)
        {
            Network part = Part(network, start, end);
            int rows = Math.Clamp(CacheFloats / CarriedBy(part, 0), 1, CountMax);
            bool isLast = end == network.Nodes.Count;
            _stages.Add(new Stage(
                new NetworkRun(part, isLast ? CountMax : rows, isTraining: false),
                part,
                network.Nodes[start].Offset,
                isLast ? default
                    : AlignedMemory.Allocate<float>(CountMax * part.Output.Length)));
            start = end;
        }
    }

    /// <summary>The most examples of a batch.</summary>
    public int CountMax { get; }

    /// <summary>Runs the layers; gives the outputs, (count, output), until the next run.</summary>
    public ReadOnlySpan<float> Forward(
        ReadOnlyMemory<float> input, int count, ReadOnlySpan<float> weights)
    {
        foreach (Stage stage in _stages)
        {
            ReadOnlySpan<float> own = weights.Slice(stage.Offset, stage.Part.ParameterLength);
            if (stage.Output.IsEmpty)
            {
                return stage.Run.Forward(input, count, own);
            }

            int inner = stage.Part.Input.Length;
            int outer = stage.Part.Output.Length;
            for (int at = 0; at < count; at += stage.Run.CountMax)
            {
                int rows = Math.Min(stage.Run.CountMax, count - at);
                stage.Run.Forward(input.Slice(at * inner, rows * inner), rows, own)
                    .CopyTo(stage.Output.Span[(at * outer)..]);
            }

            input = stage.Output[..(count * outer)];
        }

        return input.Span;
    }

    // The stages end before these nodes.
    private static List<int> EndsOf(Network network)
    {
        var ends = new List<int>();
        int start = 0;
        int count = network.Nodes.Count;
        while (start < count)
        {
            int carried = CarriedBy(network, start);
            int end = start + 1;
            while (end < count && !(IsCut(network, end)
                && carried > CacheFloats / RowsMax
                && CarriedBy(network, end) <= carried / Shrinkage))
            {
                end++;
            }

            ends.Add(end);
            start = end;
        }

        return ends;
    }

    /// <summary>
    /// Whether the nodes from here on read nothing before them but the last output, and the first
    /// is no view of it.
    /// </summary>
    private static bool IsCut(Network network, int end)
    {
        for (int i = end; i < network.Nodes.Count; i++)
        {
            NetworkNode node = network.Nodes[i];
            if (node.Input < end - 1 || (node.Layer.HasTwoInputs && node.SecondInput < end - 1))
            {
                return false;
            }
        }

        return !network.Nodes[end].Layer.IsView;
    }

    /// <summary>The most numbers that a layer from here on reads, keeps and writes.</summary>
    private static int CarriedBy(Network network, int start)
    {
        int most = 1;
        for (int i = start; i < network.Nodes.Count; i++)
        {
            Layer layer = network.Nodes[i].Layer;
            most = Math.Max(
                most, checked(layer.Input.Length + layer.KeptLength + layer.Output.Length));
        }

        return most;
    }

    private static int RowsOf(Network network, List<int> ends)
    {
        if (network.Nodes.Count == 0)
        {
            return RowsMin;
        }

        int last = ends.Count > 1 ? ends[^2] : 0;
        int widest = network.Nodes.Skip(last).Max(static node =>
            Math.Max(node.Layer.Input.Length, node.Layer.Output.Length));
        int between = ends.SkipLast(1)
            .Select(end => network.Nodes[end - 1].Layer.Output.Length)
            .DefaultIfEmpty(1).Max();
        int least = Math.Clamp(
            BetweenFloats / between, RowsMin, ends.Count > 1 ? StagedRowsMin : RowsMin);
        int rows = Math.Min(PieceFloats / widest, 2 * CacheFloats / CarriedBy(network, last));
        rows = ends.Count > 1 ? Math.Min(rows, PassedFloats / between) : rows;
        return Math.Clamp(rows, least, RowsMax);
    }

    private static Network Part(Network network, int start, int end)
    {
        if (start == 0 && end == network.Nodes.Count)
        {
            return network;
        }

        TensorShape input = start == 0
            ? network.Input : network.Nodes[start - 1].Layer.Output;
        return new Network(
            input,
            network.Text,
            [
                .. network.Nodes.Take(end).Skip(start).Select(node => (
                    node.Layer,
                    Math.Max(-1, node.Input - start),
                    Math.Max(-1, node.SecondInput - start))),
            ]);
    }

    private sealed record Stage(
        NetworkRun Run, Network Part, int Offset, Memory<float> Output);
}
