using System.Collections.Concurrent;
using NeuroDb.Gpu;

namespace NeuroDb.Neural;

/// <summary>
/// A chain of dense layers that runs on products of bytes where a layer is large enough: its rows
/// are rounded to bytes with a scale each, as its weights were with a scale for each column (Jacob
/// et al., CVPR 2018). Layers of few inputs or outputs run on floats, with the same rounded
/// weights.
/// </summary>
internal sealed class ByteNetwork
{
    // Below these, rounding a row and scaling its sums costs more than its products save.
    private const int DepthMin = 192;
    private const int ColumnsMin = 64;
    private const int PieceRows = 64;

    private readonly Network _network;
    private readonly ReadOnlyMemory<float> _weights;
    private readonly Loss _loss;
    private readonly Stage[] _stages;
    private readonly ConcurrentBag<Room> _rooms = [];
    private readonly int _widest;

    private ByteNetwork(
        Network network, ReadOnlyMemory<float> weights, Loss loss, Stage[] stages)
    {
        _network = network;
        _weights = weights;
        _loss = loss;
        _stages = stages;
        _widest = Math.Max(
            network.Input.Length, network.Nodes.Max(static node => node.Layer.Output.Length));
    }

    /// <summary>The network on bytes; null if nothing of it gains by that.</summary>
    /// <param name="network">The network.</param>
    /// <param name="weights">Its weights as the bytes stand for them.</param>
    /// <param name="loss">What outputs are shown as.</param>
    /// <param name="scales">The scale of each output of each layer, in the order of layers.</param>
    public static ByteNetwork? TryCreate(
        Network network,
        ReadOnlyMemory<float> weights,
        Loss loss,
        IReadOnlyList<ReadOnlyMemory<float>> scales)
    {
        bool isChain = network.Nodes.Select((node, i) => node.Layer is DenseLayer
            && node.Layer.Input.IsFlat && node.Input == i - 1).All(static it => it);
        if (!isChain || scales.Count != network.Nodes.Count)
        {
            return null;
        }

        var stages = new Stage[network.Nodes.Count];
        for (int i = 0; i < stages.Length; i++)
        {
            var layer = (DenseLayer)network.Nodes[i].Layer;
            int depth = layer.Input.Length;
            int columns = layer.Output.Length;
            bool isByte = depth is >= DepthMin and <= ByteProduct.DepthMax
                && columns >= ColumnsMin;
            stages[i] = new Stage(
                layer,
                network.Nodes[i].Offset,
                i > 0 && ((DenseLayer)network.Nodes[i - 1].Layer).IsRectified,
                isByte
                    ? Pack(weights.Span.Slice(network.Nodes[i].Offset, depth * columns),
                        scales[i].Span, depth, columns)
                    : null,
                scales[i]);
        }

        return stages.Any(static it => it.Matrix is not null)
            ? new ByteNetwork(network, weights, loss, stages) : null;
    }

    /// <summary>Fills outputs (count, outputs) from features (count, features).</summary>
    public void Predict(ReadOnlyMemory<float> features, int count, Span<float> outputs)
    {
        if (!_rooms.TryTake(out Room? room))
        {
            room = new Room(_stages, _widest);
        }

        int inputs = _network.Input.Length;
        int width = _network.Output.Length;
        for (int at = 0; at < count; at += PieceRows)
        {
            int rows = Math.Min(PieceRows, count - at);
            ReadOnlySpan<float> from = features.Span.Slice(at * inputs, rows * inputs);
            for (int i = 0; i < _stages.Length; i++)
            {
                Span<float> to = i == _stages.Length - 1
                    ? outputs.Slice(at * width, rows * width)
                    : room.Numbers[i % 2].AsSpan(
                        0, rows * _stages[i].Layer.Output.Length);
                Run(_stages[i], from, rows, to, room);
                from = to;
            }
        }

        _rooms.Add(room);
        _loss.ToPredictions(outputs[..(count * width)], width);
    }

    private void Run(
        Stage stage, ReadOnlySpan<float> from, int rows, Span<float> to, Room room)
    {
        int depth = stage.Layer.Input.Length;
        int columns = stage.Layer.Output.Length;
        ReadOnlySpan<float> weights = _weights.Span[stage.Offset..];
        ReadOnlySpan<float> bias = weights.Slice(depth * columns, columns);
        if (stage.Matrix is not { } matrix)
        {
            MatrixProduct.Compute(
                new MatrixShape(MatrixLayout.Plain, rows, columns, depth),
                from,
                weights[..(depth * columns)],
                to,
                new ProductEpilogue { Bias = bias, IsRectified = stage.Layer.IsRectified });
            return;
        }

        for (int row = 0; row < rows; row++)
        {
            Span<byte> bytes = room.Bytes.AsSpan(row * matrix.PaddedDepth, matrix.PaddedDepth);
            room.Scales[row] = ByteRows.Round(
                from.Slice(row * depth, depth), stage.IsPositive, bytes);
            bytes[depth..].Clear();
        }

        ByteProduct.Compute(room.Bytes, rows, matrix, room.Sums);
        for (int row = 0; row < rows; row++)
        {
            ByteRows.Restore(
                room.Sums.AsSpan(row * matrix.PaddedColumns, matrix.PaddedColumns),
                room.Scales[row],
                stage.IsPositive,
                matrix,
                stage.Scales.Span,
                bias,
                stage.Layer.IsRectified,
                to.Slice(row * columns, columns));
        }
    }

    private static ByteMatrix Pack(
        ReadOnlySpan<float> weights, ReadOnlySpan<float> scales, int depth, int columns)
    {
        var bytes = new sbyte[weights.Length];
        for (int i = 0; i < bytes.Length; i++)
        {
            float scale = scales[i % columns];
            bytes[i] = (sbyte)(scale > 0 ? MathF.Round(weights[i] / scale) : 0);
        }

        return new ByteMatrix(bytes, depth, columns);
    }

    private sealed record Stage(
        DenseLayer Layer,
        int Offset,
        bool IsPositive,
        ByteMatrix? Matrix,
        ReadOnlyMemory<float> Scales);

    private sealed class Room(Stage[] stages, int widest)
    {
        public float[][] Numbers { get; } =
            [new float[PieceRows * widest], new float[PieceRows * widest]];

        public float[] Scales { get; } = new float[PieceRows];

        public byte[] Bytes { get; } =
            new byte[PieceRows * stages.Max(static it => it.Matrix?.PaddedDepth ?? 0)];

        public int[] Sums { get; } =
            new int[PieceRows * stages.Max(static it => it.Matrix?.PaddedColumns ?? 0)];
    }
}
