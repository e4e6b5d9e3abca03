using System.Globalization;
using System.Runtime.InteropServices;

namespace NeuroDb.Neural;

/// <summary>
/// Writes operators and constants of one ONNX graph, each under a name of its own.
/// </summary>
internal sealed class OnnxGraphWriter
{
    private const int Floats = 1;
    private const int WholeNumbers = 7;
    private readonly ProtobufWriter _graph = new();
    private int _nameCount;

    /// <summary>The message so far.</summary>
    public ProtobufWriter Graph => _graph;

    /// <summary>An operator of one output, whose name this gives.</summary>
    public string Node(
        string type, string[] inputs, params (string Name, object Value)[] attributes)
    {
        string output = NewName(type.ToLowerInvariant());
        Add(type, output, inputs, [output], attributes);
        return output;
    }

    /// <summary>An operator of which only its second output is wanted.</summary>
    public string NodeOfSecond(
        string type, string[] inputs, params (string Name, object Value)[] attributes)
    {
        string output = NewName(type.ToLowerInvariant());
        Add(type, output, inputs, ["", output], attributes);
        return output;
    }

    /// <summary>A constant of the numbers of a tensor.</summary>
    public string Constant(Tensor tensor) =>
        Constant(tensor.Data.ToArray(), [.. tensor.Shape]);

    /// <summary>A constant of floats.</summary>
    public string Constant(float[] values, params int[] shape) =>
        Constant(Floats, MemoryMarshal.AsBytes(values.AsSpan()), shape);

    /// <summary>A row of whole numbers.</summary>
    public string Row(params long[] values) =>
        Constant(WholeNumbers, MemoryMarshal.AsBytes(values.AsSpan()), [values.Length]);

    /// <summary>A single whole number.</summary>
    public string Number(long value) =>
        Constant(WholeNumbers, MemoryMarshal.AsBytes(new ReadOnlySpan<long>(in value)), []);

    /// <summary>The same numbers in another order of axes.</summary>
    public string Transposed(string name, params long[] order) =>
        Node("Transpose", [name], ("perm", order));

    /// <summary>The same numbers in another shape; 0 leaves the size of an axis.</summary>
    public string Reshaped(string name, params long[] shape) =>
        Node("Reshape", [name, Row(shape)]);

    private void Add(
        string type,
        string name,
        string[] inputs,
        string[] outputs,
        (string Name, object Value)[] attributes)
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

        node.Text(3, name).Text(4, type);
        foreach ((string key, object value) in attributes)
        {
            node.Message(5, Attribute(key, value));
        }

        _graph.Message(1, node);
    }

    private string Constant(int element, ReadOnlySpan<byte> bytes, int[] shape)
    {
        string name = NewName("constant");
        var tensor = new ProtobufWriter();
        foreach (int size in shape)
        {
            tensor.Number(1, size);
        }

        _graph.Message(5, tensor.Number(2, element).Text(8, name).Bytes(9, bytes));
        return name;
    }

    private static ProtobufWriter Attribute(string name, object value)
    {
        const int Single = 1;
        const int Number = 2;
        const int Numbers = 7;
        ProtobufWriter attribute = new ProtobufWriter().Text(1, name);
        switch (value)
        {
            case float single:
                return attribute.Single(2, single).Number(20, Single);
            case long number:
                return attribute.Number(3, number).Number(20, Number);
            default:
                foreach (long number in (long[])value)
                {
                    attribute.Number(8, number);
                }

                return attribute.Number(20, Numbers);
        }
    }

    private string NewName(string stem) =>
        string.Create(CultureInfo.InvariantCulture, $"{stem}_{_nameCount++}");
}
