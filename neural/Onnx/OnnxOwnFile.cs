using System.Globalization;
using System.Text.Json;

namespace NeuroDb.Neural;

/// <summary>
/// Files that <see cref="OnnxExporter"/> wrote, recognised by writing them again: the note of the
/// layers is believed only if the network with the weights of the file gives the same graph, byte
/// by byte. So every layer comes back as itself, also those that a graph does not show.
/// </summary>
internal static class OnnxOwnFile
{
    private const string NoteName = "network";
    private const int SideMax = 1 << 24;

    /// <summary>The note that says what a network is.</summary>
    public static (string Name, string[] Values) NoteOf(NetworkModel model)
    {
        TensorShape input = model.Network.Input;
        return (NoteName,
        [
            model.Network.Text, Text(input.Height), Text(input.Width), Text(input.Channels),
            model.Loss.ToString(), model.Task.ToString(),
        ]);
    }

    /// <summary>The network of a file of ours; null if it is none, or was changed.</summary>
    /// <param name="file">The file.</param>
    /// <param name="graph">What was read of it.</param>
    public static NetworkModel? TryRead(ReadOnlySpan<byte> file, OnnxGraph graph)
    {
        try
        {
            return graph.Notes.TryGetValue(NoteName, out string? note)
                && JsonSerializer.Deserialize<string[]>(note) is [string layers, string height,
                    string width, string channels, string loss, string task]
                && Enum.TryParse(loss, out LossKind lossKind) && Enum.IsDefined(lossKind)
                && Enum.TryParse(task, out ModelTask taskKind) && Enum.IsDefined(taskKind)
                ? Restore(
                    file,
                    graph,
                    NetworkBuilder.Build(
                        new TensorShape(Side(height), Side(width), Side(channels)), layers),
                    lossKind,
                    taskKind)
                : null;
        }
        catch (Exception error) when (error is JsonException or FormatException
            or OverflowException or NeuroStoreException)
        {
            // A note of others under our name: the graph says what there is.
            return null;
        }
    }

    private static NetworkModel? Restore(
        ReadOnlySpan<byte> file,
        OnnxGraph graph,
        Network network,
        LossKind loss,
        ModelTask task)
    {
        if (sizeof(float) * network.ParameterCount > file.Length)
        {
            return null;
        }

        // A network whose weights are their own places shows where each of them is written.
        (ReadOnlyMemory<byte> own, string name) = GraphOf(file);
        float[] places = new float[network.ParameterLength];
        for (int i = 0; i < places.Length; i++)
        {
            places[i] = BitConverter.Int32BitsToSingle(i + 1);
        }

        OnnxGraph map = OnnxFile.Read(OnnxExporter.Write(
            new NetworkModel(network, places, loss, task), name));
        var weights = new float[network.ParameterLength];
        foreach ((string key, OnnxTensor tensor) in map.Constants)
        {
            if (!graph.Constants.TryGetValue(key, out OnnxTensor? found)
                || found.Floats.Length != tensor.Floats.Length)
            {
                return null;
            }

            for (int i = 0; i < tensor.Floats.Length; i++)
            {
                int place = BitConverter.SingleToInt32Bits(tensor.Floats[i]) - 1;
                if (place >= 0 && place < weights.Length)
                {
                    weights[place] = found.Floats[i];
                }
            }
        }

        var model = new NetworkModel(network, weights, loss, task);
        return GraphOf(OnnxExporter.Write(model, name)).Bytes.Span.SequenceEqual(own.Span)
            ? model : null;
    }

    private static (ReadOnlyMemory<byte> Bytes, string Name) GraphOf(ReadOnlySpan<byte> file)
    {
        byte[] bytes = [];
        string name = "";
        var reader = new ProtobufReader(file);
        while (reader.Next(out int field))
        {
            if (field == 7)
            {
                bytes = reader.Bytes().ToArray();
            }
            else
            {
                reader.Skip();
            }
        }

        var inner = new ProtobufReader(bytes);
        while (inner.Next(out int field))
        {
            if (field == 2)
            {
                name = inner.Text();
            }
            else
            {
                inner.Skip();
            }
        }

        return (bytes, name);
    }

    private static int Side(string text) =>
        int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture) is var side
            and > 0 and <= SideMax ? side : throw new FormatException();

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
