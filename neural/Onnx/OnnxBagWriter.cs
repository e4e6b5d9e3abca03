namespace NeuroDb.Neural;

/// <summary>
/// Writes an embedder of texts as an ONNX graph. The input is what the transform of its texts
/// gives, (rows, 2 * units): numbers of units from 1 with their weights, zeros behind the last; the
/// output is the vector of each row.
/// </summary>
/// <remarks>
/// As <see cref="BagModel"/>: y = s - C C^T s with s = sum w_i r_i, then y / |y|; zero stays zero.
/// The table of units has a row of zeros before the first and behind the last, which numbers that
/// are none read.
/// </remarks>
internal static class OnnxBagWriter
{
    // Below any length of a sum that matters: zero is divided by this.
    private const float LeastLength = 1e-30f;
    private const long SizeBytesMax = 1L << 30;
    private const long WholeNumbers = 7;

    /// <summary>Writes the operators and gives the name of the vectors.</summary>
    /// <param name="model">The embedder.</param>
    /// <param name="input">The name of the input.</param>
    /// <param name="writer">Takes the graph.</param>
    public static string Write(BagModel model, string input, OnnxGraphWriter writer)
    {
        int width = model.OutputCount;
        string pairs = writer.Reshaped(input, 0, model.FeatureCount / 2, 2);
        string numbers = writer.Node(
            "Cast", [Part(pairs, 0, writer)], ("to", WholeNumbers));
        int units = model.Rows.Length / width;
        numbers = writer.Node("Max", [writer.Node("Min", [numbers, writer.Row(units + 1)]),
            writer.Row(0)]);
        string vectors = writer.Node("Gather", [Table(model, units, writer), numbers]);
        string weights = writer.Node(
            "Unsqueeze", [Part(pairs, 1, writer), writer.Row(1)]);
        string sum = writer.Node(
            "Squeeze", [writer.Node("MatMul", [weights, vectors]), writer.Row(1)]);
        if (model.Common is { } common)
        {
            string directions = writer.Constant(common);
            string along = writer.Node(
                "MatMul", [sum, writer.Transposed(directions, 1, 0)]);
            sum = writer.Node("Sub", [sum, writer.Node("MatMul", [along, directions])]);
        }

        string length = writer.Node("ReduceL2", [sum], ("axes", new long[] { 1 }));
        return writer.Node(
            "Div", [sum, writer.Node("Max", [length, writer.Constant([LeastLength], 1)])]);
    }

    private static string Part(string pairs, long place, OnnxGraphWriter writer) =>
        writer.Node("Gather", [pairs, writer.Number(place)], ("axis", 2L));

    private static string Table(BagModel model, int units, OnnxGraphWriter writer)
    {
        int width = model.OutputCount;
        if ((units + 2L) * width * sizeof(float) > SizeBytesMax)
        {
            throw NeuralErrors.UnsupportedOnnx(
                $"The vectors of {units} units of {width} numbers are more than an ONNX file "
                + "holds; train with fewer terms, or export FORMAT native.");
        }

        var table = new float[(units + 2) * width];
        model.Rows.CopyTo(table.AsMemory(width));
        return writer.Constant(table, units + 2, width);
    }
}
