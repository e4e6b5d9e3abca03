namespace NeuroDb.Neural;

/// <summary>
/// Layers over sequences as operators of ONNX. Values come and go as (rows, height, width,
/// channels), or as (rows, numbers) where there is one place.
/// </summary>
internal static class OnnxSequences
{
    // Which of our gates each of theirs is: z, r, n of r, z, n; i, o, f, g of i, f, g, o.
    private static readonly int[] GruOrder = [1, 0, 2];
    private static readonly int[] LstmOrder = [0, 3, 1, 2];

    /// <summary>
    /// A table of vectors by number; what is no number of a row is 0, as in our layer.
    /// </summary>
    public static string Embed(
        OnnxGraphWriter writer, string flat, EmbeddingLayer layer, Tensor[] tensors)
    {
        string zero = writer.Constant([0], 1);
        string isThere = writer.Node(
            "And",
            [
                writer.Node("GreaterOrEqual", [flat, zero]),
                writer.Node("Less", [flat, writer.Constant([layer.RowCount], 1)]),
            ]);
        string known = writer.Node("Where", [isThere, flat, zero]);
        string whole = writer.Node("Cast", [known], ("to", (long)OnnxElement.Int64));
        string rows = writer.Node("Gather", [writer.Constant(tensors[0]), whole]);
        return Back(writer, rows, layer.Output);
    }

    /// <summary>Learned vectors added to the places.</summary>
    public static string Position(
        OnnxGraphWriter writer, string value, PositionLayer layer, Tensor[] tensors)
    {
        TensorShape shape = layer.Input;
        float[] numbers = tensors[0].Data.ToArray();
        return writer.Node(
            "Add",
            [
                value,
                shape.IsFlat ? writer.Constant(numbers, shape.Channels)
                    : writer.Constant(numbers, shape.Height, shape.Width, shape.Channels),
            ]);
    }

    /// <summary>
    /// Gated recurrent units; ONNX has the gates in the order z, r, n, and a row for each unit.
    /// </summary>
    public static string Gru(
        OnnxGraphWriter writer, string value, GruLayer layer, Tensor[] tensors) => Recurrent(
        writer, value, layer, layer.GivesSequence, "GRU", GruOrder,
        [tensors[0], tensors[1]], tensors[2].Data.ToArray(), tensors[3].Data.ToArray());

    /// <summary>Long short-term memory; ONNX has the gates in the order i, o, f, g.</summary>
    public static string Lstm(
        OnnxGraphWriter writer, string value, LstmLayer layer, Tensor[] tensors) => Recurrent(
        writer, value, layer, layer.GivesSequence, "LSTM", LstmOrder,
        [tensors[0], tensors[1]], tensors[2].Data.ToArray(), new float[tensors[2].Data.Length]);

    private static string Recurrent(
        OnnxGraphWriter writer,
        string value,
        Layer layer,
        bool givesSequence,
        string type,
        int[] order,
        Tensor[] matrices,
        float[] bias,
        float[] recurrentBias)
    {
        int units = layer.Output.Channels;
        int inner = layer.Input.Channels;
        int wide = order.Length * units;
        string places = writer.Transposed(
            writer.Reshaped(value, 0, layer.Input.Places, inner), 1, 0, 2);
        string[] inputs =
        [
            places,
            writer.Constant(Gates(matrices[0].Data.Span, inner, units, order), 1, wide, inner),
            writer.Constant(Gates(matrices[1].Data.Span, units, units, order), 1, wide, units),
            writer.Constant(
                [
                    .. Gates(bias, 1, units, order), .. Gates(recurrentBias, 1, units, order),
                ],
                1,
                2 * wide),
        ];
        (string, object)[] attributes = type == "GRU"
            ? [("hidden_size", (long)units), ("linear_before_reset", 1L)]
            : [("hidden_size", (long)units)];
        if (!givesSequence)
        {
            return writer.Reshaped(
                writer.NodeOfSecond(type, inputs, attributes), -1, units);
        }

        string all = writer.Transposed(
            writer.Node(type, inputs, attributes), 2, 1, 0, 3);
        return Back(writer, all, layer.Output);
    }

    /// <summary>Self attention of several heads.</summary>
    public static string Attend(
        OnnxGraphWriter writer, string value, AttentionLayer layer, Tensor[] tensors)
    {
        long places = layer.Input.Places;
        int channels = layer.Input.Channels;
        long heads = layer.Heads;
        long depth = channels / heads;
        string rows = writer.Reshaped(value, 0, places, channels);
        string parts = writer.Transposed(
            writer.Reshaped(
                Product(writer, rows, tensors[0], tensors[1]), 0, places, 3, heads, depth),
            2, 0, 3, 1, 4);
        string Part(long which) =>
            writer.Node("Gather", [parts, writer.Number(which)], ("axis", 0L));
        string scores = writer.Node(
            "Mul",
            [
                writer.Node("MatMul", [Part(0), writer.Transposed(Part(1), 0, 1, 3, 2)]),
                writer.Constant([1 / MathF.Sqrt(depth)], 1),
            ]);
        string joined = writer.Node(
            "MatMul", [writer.Node("Softmax", [scores], ("axis", -1L)), Part(2)]);
        string heard = writer.Reshaped(
            writer.Transposed(joined, 0, 2, 1, 3), 0, places, channels);
        return Back(writer, Product(writer, heard, tensors[2], tensors[3]), layer.Output);
    }

    private static string Product(
        OnnxGraphWriter writer, string value, Tensor weights, Tensor bias) => writer.Node(
            "Add",
            [
                writer.Node("MatMul", [value, writer.Constant(weights)]),
                writer.Constant(bias),
            ]);

    private static string Back(OnnxGraphWriter writer, string value, TensorShape shape) =>
        shape.IsFlat
            ? writer.Reshaped(value, -1, shape.Channels)
            : writer.Reshaped(value, -1, shape.Height, shape.Width, shape.Channels);

    // (inner, gates units) in our order as (gates units, inner) in theirs.
    private static float[] Gates(ReadOnlySpan<float> own, int inner, int units, int[] order)
    {
        var turned = new float[own.Length];
        for (int gate = 0; gate < order.Length; gate++)
        {
            for (int unit = 0; unit < units; unit++)
            {
                for (int i = 0; i < inner; i++)
                {
                    turned[(((gate * units) + unit) * inner) + i] =
                        own[(i * order.Length * units) + (order[gate] * units) + unit];
                }
            }
        }

        return turned;
    }
}
