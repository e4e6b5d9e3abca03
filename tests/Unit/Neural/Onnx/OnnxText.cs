using System.Runtime.InteropServices;
using NeuroDb.Neural;

namespace NeuroDb.Tests.Unit;

/// <summary>ONNX files made operator by operator.</summary>
internal static class OnnxText
{
    /// <summary>A file around a graph.</summary>
    public static byte[] File(ProtobufWriter graph, string domain = "", int version = 17) =>
        new ProtobufWriter()
            .Number(1, 8)
            .Message(7, graph)
            .Message(8, new ProtobufWriter().Text(1, "").Number(2, 17))
            .Message(8, new ProtobufWriter().Text(1, domain).Number(2, version))
            .ToArray();

    /// <summary>
    /// A file of ours with another name for the note of its layers, so that the graph counts.
    /// </summary>
    public static byte[] WithoutNote(byte[] file, NetworkModel model)
    {
        byte[] copy = [.. file];
        byte[] name = System.Text.Encoding.UTF8.GetBytes(OnnxOwnFile.NoteOf(model).Name);
        copy[copy.AsSpan().LastIndexOf(name)] = (byte)'?';
        return copy;
    }

    /// <summary>An operator.</summary>
    public static ProtobufWriter Node(string type, string[] inputs, params string[] outputs)
    {
        var node = new ProtobufWriter();
        foreach (string input in inputs)
        {
            node.Text(1, input);
        }

        foreach (string output in outputs)
        {
            node.Text(2, output);
        }

        return node.Text(4, type);
    }

    /// <summary>A constant of floats.</summary>
    public static ProtobufWriter Floats(string name, long[] shape, params float[] values) =>
        Constant(name, shape, 1, MemoryMarshal.AsBytes(values.AsSpan()));

    /// <summary>A constant of whole numbers.</summary>
    public static ProtobufWriter Numbers(string name, params long[] values) =>
        Constant(name, [values.Length], 7, MemoryMarshal.AsBytes(values.AsSpan()));

    /// <summary>An input or output of rows.</summary>
    /// <param name="name">The name.</param>
    /// <param name="element">1 for floats, 7 for whole numbers.</param>
    /// <param name="sizes">The sizes of a row.</param>
    public static ProtobufWriter Value(string name, int element, params int[] sizes)
    {
        ProtobufWriter shape = new ProtobufWriter()
            .Message(1, new ProtobufWriter().Text(2, "rows"));
        foreach (int size in sizes)
        {
            shape.Message(1, new ProtobufWriter().Number(1, size));
        }

        return new ProtobufWriter().Text(1, name).Message(2, new ProtobufWriter().Message(
            1, new ProtobufWriter().Number(1, element).Message(2, shape)));
    }

    private static ProtobufWriter Constant(
        string name, long[] shape, int element, ReadOnlySpan<byte> bytes)
    {
        var tensor = new ProtobufWriter();
        foreach (long size in shape)
        {
            tensor.Number(1, size);
        }

        return tensor.Number(2, element).Text(8, name).Bytes(9, bytes);
    }
}
