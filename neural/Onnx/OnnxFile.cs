namespace NeuroDb.Neural;

/// <summary>
/// Reads ONNX files (onnx.proto of version 1.16) from anywhere. What could lead outside the file or
/// run code of others is refused before anything is understood: weights in other files, operators
/// of other domains, functions, graphs inside operators. Sizes are compared with the bytes that are
/// there, so a file cannot ask for more memory than a few times its own length.
/// </summary>
internal static class OnnxFile
{
    /// <summary>The most operators.</summary>
    public const int NodeCountMax = 1 << 16;

    private const int OperatorVersionMin = 7;
    private const int OperatorVersionMax = 22;

    /// <summary>The graph of a file.</summary>
    /// <exception cref="NeuroStoreException">It is damaged, or refused.</exception>
    public static OnnxGraph Read(ReadOnlySpan<byte> file)
    {
        var graph = new OnnxGraph();
        var reader = new ProtobufReader(file);
        bool hasGraph = false;
        while (reader.Next(out int field))
        {
            switch (field)
            {
                case 7 when !hasGraph:
                    hasGraph = true;
                    ReadGraph(reader.Bytes(), graph);
                    break;
                case 7:
                    throw NeuralErrors.MalformedOnnx("there are two graphs");
                case 8:
                    ReadOperatorSet(reader.Bytes(), graph);
                    break;
                case 14:
                    (string key, string value) = ReadNote(reader.Bytes());
                    graph.Notes[key] = value;
                    break;
                case 20 or 25:
                    throw NeuralErrors.UnsupportedOnnx(
                        "The ONNX file holds functions or training of its own, which are not "
                        + "read.");
                default:
                    reader.Skip();
                    break;
            }
        }

        if (!hasGraph)
        {
            throw NeuralErrors.MalformedOnnx("there is no graph");
        }

        if (graph.OperatorVersion is < OperatorVersionMin or > OperatorVersionMax)
        {
            throw NeuralErrors.UnsupportedOnnx(
                $"The ONNX file uses operators of version {graph.OperatorVersion}; known are "
                + $"{OperatorVersionMin} to {OperatorVersionMax}. Export it with one of these.");
        }

        graph.Inputs.RemoveAll(input => graph.Constants.ContainsKey(input.Name));
        return graph;
    }

    private static void ReadOperatorSet(ReadOnlySpan<byte> bytes, OnnxGraph graph)
    {
        var reader = new ProtobufReader(bytes);
        string domain = "";
        long version = 0;
        while (reader.Next(out int field))
        {
            switch (field)
            {
                case 1:
                    domain = reader.Text();
                    break;
                case 2:
                    version = reader.Number();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        if (IsStandard(domain))
        {
            graph.OperatorVersion = version;
        }
    }

    /// <summary>What the maker of the file noted: a StringStringEntryProto.</summary>
    public static (string Key, string Value) ReadNote(ReadOnlySpan<byte> bytes)
    {
        var reader = new ProtobufReader(bytes);
        string key = "";
        string value = "";
        while (reader.Next(out int field))
        {
            switch (field)
            {
                case 1:
                    key = reader.Text();
                    break;
                case 2:
                    value = reader.Text();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return (key, value);
    }

    private static void ReadGraph(ReadOnlySpan<byte> bytes, OnnxGraph graph)
    {
        var reader = new ProtobufReader(bytes);
        while (reader.Next(out int field))
        {
            switch (field)
            {
                case 1:
                    OnnxNode node = ReadNode(reader.Bytes());
                    graph.Nodes.Add(graph.Nodes.Count < NodeCountMax
                        ? node
                        : throw new ResourceLimitException(
                            ErrorCode.ResourceLimit,
                            $"The ONNX file has more than {NodeCountMax} operators."));
                    break;
                case 5:
                    OnnxTensor tensor = OnnxTensorReader.Read(reader.Bytes());
                    graph.Constants[tensor.Name] = tensor;
                    break;
                case 11:
                    graph.Inputs.Add(OnnxTypes.Read(reader.Bytes()));
                    break;
                case 12:
                    graph.Outputs.Add(OnnxTypes.Read(reader.Bytes()).Name);
                    break;
                case 15:
                    throw NeuralErrors.UnsupportedOnnx(
                        "The ONNX file has sparse weights, which are not read.");
                default:
                    reader.Skip();
                    break;
            }
        }
    }

    private static OnnxNode ReadNode(ReadOnlySpan<byte> bytes)
    {
        var reader = new ProtobufReader(bytes);
        var inputs = new List<string>();
        var outputs = new List<string>();
        var attributes = new Dictionary<string, OnnxAttribute>(StringComparer.Ordinal);
        string name = "";
        string type = "";
        string domain = "";
        while (reader.Next(out int field))
        {
            switch (field)
            {
                case 1:
                    inputs.Add(reader.Text());
                    break;
                case 2:
                    outputs.Add(reader.Text());
                    break;
                case 3:
                    name = reader.Text();
                    break;
                case 4:
                    type = reader.Text();
                    break;
                case 5:
                    (string key, OnnxAttribute value) = ReadAttribute(reader.Bytes());
                    attributes[key] = value;
                    break;
                case 7:
                    domain = reader.Text();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        if (!IsStandard(domain))
        {
            throw NeuralErrors.UnsupportedOnnx(
                $"The ONNX file uses the operator {type} of the domain {domain}; only operators "
                + "of ONNX itself are read.");
        }

        return new OnnxNode(
            type,
            name.Length > 0 ? name : outputs.FirstOrDefault(""),
            inputs,
            outputs,
            attributes);
    }

    private static (string Name, OnnxAttribute Value) ReadAttribute(ReadOnlySpan<byte> bytes)
    {
        var reader = new ProtobufReader(bytes);
        var value = new OnnxAttribute();
        var numbers = new List<long>();
        string name = "";
        while (reader.Next(out int field))
        {
            switch (field)
            {
                case 1:
                    name = reader.Text();
                    break;
                case 2:
                    value = value with { Single = reader.Single() };
                    break;
                case 3:
                    value = value with { Number = reader.Number() };
                    break;
                case 4:
                    value = value with { Text = reader.Text() };
                    break;
                case 5:
                    value = value with { Tensor = OnnxTensorReader.Read(reader.Bytes()) };
                    break;
                case 6 or 11:
                    throw NeuralErrors.UnsupportedOnnx(
                        "The ONNX file has an operator with a graph inside (a loop or a branch), "
                        + "which is not read.");
                case 8:
                    reader.Numbers(numbers);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return (name, value with { Numbers = numbers });
    }

    private static bool IsStandard(string domain) => domain is "" or "ai.onnx";
}
