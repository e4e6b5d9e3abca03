using System.Buffers.Binary;

namespace NeuroDb.Neural;

/// <summary>
/// Looks through an ONNX file before another library sees it. Weights in other files, operators
/// that are not known or hold graphs, functions, sparse weights, and constants larger than the
/// bytes that are there are refused, as are graphs with too many operators and too many values.
/// Nothing is copied, and nothing is deeper than the messages that are read here.
/// </summary>
internal static class OnnxCheck
{
    private const int ValueCountMax = 1 << 18;
    private const long MadeNumbersMax = 1L << 28;

    /// <summary>What a file consists of.</summary>
    /// <exception cref="NeuroStoreException">It is damaged, or refused.</exception>
    public static OnnxSignature Read(ReadOnlySpan<byte> file)
    {
        var signature = new OnnxSignature();
        var reader = new ProtobufReader(file);
        int graphs = 0;
        while (reader.Next(out int field))
        {
            switch (field)
            {
                case 7:
                    graphs++;
                    ReadGraph(reader.Bytes(), signature);
                    break;
                case 8:
                    CheckDomain(reader.Bytes());
                    break;
                case 14:
                    (string key, string value) = OnnxFile.ReadNote(reader.Bytes());
                    signature.Notes[key] = value;
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

        if (graphs != 1)
        {
            throw NeuralErrors.MalformedOnnx($"there are {graphs} graphs");
        }

        CheckSizes(signature);
        signature.Inputs.RemoveAll(input => signature.Constants.Contains(input.Name));
        return signature;
    }

    // A few bytes can ask for a tensor of any size.
    private static void CheckSizes(OnnxSignature signature)
    {
        foreach ((string maker, IReadOnlyList<string> inputs) in signature.Makers.Values)
        {
            int at = maker switch
            {
                "ConstantOfShape" => 0,
                "Expand" or "Tile" or "OneHot" or "Pad" or "Range" => 1,
                "Resize" => 3,
                _ => int.MaxValue,
            };
            if (at < inputs.Count && signature.Sizes.TryGetValue(inputs[at], out double size)
                && size > MadeNumbersMax)
            {
                throw new ResourceLimitException(
                    ErrorCode.ResourceLimit,
                    $"The operator {maker} of the ONNX file makes {size:0} numbers; at most "
                    + $"{MadeNumbersMax} are possible.");
            }
        }
    }

    private static void CheckDomain(ReadOnlySpan<byte> bytes)
    {
        var reader = new ProtobufReader(bytes);
        while (reader.Next(out int field))
        {
            if (field != 1)
            {
                reader.Skip();
                continue;
            }

            string domain = reader.Text();
            if (!OnnxOperators.IsDomain(domain))
            {
                throw NeuralErrors.UnsupportedOnnx(
                    $"The ONNX file asks for operators of the domain {domain}; only those of "
                    + $"ONNX itself and of {OnnxOperators.ClassicDomain} are run.");
            }
        }
    }

    private static void ReadGraph(ReadOnlySpan<byte> bytes, OnnxSignature signature)
    {
        var reader = new ProtobufReader(bytes);
        int nodes = 0;
        while (reader.Next(out int field))
        {
            switch (field)
            {
                case 1:
                    nodes++;
                    ReadNode(reader.Bytes(), signature);
                    break;
                case 5:
                    (string name, double size) = ReadTensor(reader.Bytes(), signature);
                    signature.Constants.Add(name);
                    signature.Sizes[name] = size;
                    break;
                case 11:
                    signature.Inputs.Add(OnnxTypes.Read(reader.Bytes()));
                    break;
                case 12:
                    signature.Outputs.Add(OnnxTypes.Read(reader.Bytes()));
                    break;
                case 15:
                    throw NeuralErrors.UnsupportedOnnx(
                        "The ONNX file has sparse weights, which are not read.");
                default:
                    reader.Skip();
                    break;
            }

            if (nodes > OnnxFile.NodeCountMax
                || signature.Makers.Count + signature.Constants.Count > ValueCountMax)
            {
                throw new ResourceLimitException(
                    ErrorCode.ResourceLimit,
                    $"The ONNX file has more than {OnnxFile.NodeCountMax} operators or "
                    + $"{ValueCountMax} values.");
            }
        }
    }

    private static void ReadNode(ReadOnlySpan<byte> bytes, OnnxSignature signature)
    {
        var reader = new ProtobufReader(bytes);
        var inputs = new List<string>();
        var outputs = new List<string>();
        string type = "";
        string domain = "";
        double size = 0;
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
                case 4:
                    type = reader.Text();
                    break;
                case 5:
                    size = Math.Max(size, ReadAttribute(reader.Bytes(), signature));
                    break;
                case 7:
                    domain = reader.Text();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        if (!OnnxOperators.IsDomain(domain) || !OnnxOperators.IsAllowed(domain, type))
        {
            throw NeuralErrors.UnsupportedOnnx(
                $"The ONNX file uses the operator {type}"
                + $"{(domain.Length > 0 ? $" of the domain {domain}" : "")}, which is neither one "
                + "of our layers nor among those that ONNX Runtime may run here.");
        }

        signature.Operators[type] = signature.Operators.GetValueOrDefault(type) + 1;
        foreach (string output in outputs.Where(static it => it.Length > 0))
        {
            signature.Makers[output] = (type, inputs);
            signature.Sizes[output] = type == "Constant" ? size : 0;
        }
    }

    // Gives the product of the whole numbers of its tensor.
    private static double ReadAttribute(ReadOnlySpan<byte> bytes, OnnxSignature signature)
    {
        var reader = new ProtobufReader(bytes);
        string name = "";
        var labels = new List<string>();
        var numbers = new List<long>();
        double size = 0;
        while (reader.Next(out int field))
        {
            switch (field)
            {
                case 1:
                    name = reader.Text();
                    break;
                case 5 or 10:
                    size = ReadTensor(reader.Bytes(), signature).Size;
                    break;
                case 6 or 11:
                    throw NeuralErrors.UnsupportedOnnx(
                        "The ONNX file has an operator with a graph inside (a loop or a branch), "
                        + "which is not read.");
                case 8 when name.StartsWith("classlabels_", StringComparison.Ordinal):
                    reader.Numbers(numbers);
                    break;
                case 9 when name.StartsWith("classlabels_", StringComparison.Ordinal):
                    labels.Add(reader.Text());
                    break;
                case 22 or 23:
                    throw NeuralErrors.UnsupportedOnnx(
                        "The ONNX file has sparse weights, which are not read.");
                default:
                    reader.Skip();
                    break;
            }
        }

        signature.Labels.AddRange(labels);
        signature.Labels.AddRange(numbers.Select(static number => number.ToString(
            System.Globalization.CultureInfo.InvariantCulture)));
        return size;
    }

    private static (string Name, double Size) ReadTensor(
        ReadOnlySpan<byte> bytes, OnnxSignature signature)
    {
        var reader = new ProtobufReader(bytes);
        var axes = new List<long>();
        var whole = new List<long>();
        ReadOnlySpan<byte> raw = default;
        OnnxElement element = OnnxElement.Other;
        string name = "";
        while (reader.Next(out int field))
        {
            switch (field)
            {
                case 1:
                    reader.Numbers(axes);
                    break;
                case 2:
                    element = (OnnxElement)(int)reader.Number();
                    break;
                case 7:
                    reader.Numbers(whole);
                    break;
                case 9:
                    raw = reader.Bytes();
                    break;
                case 8:
                    name = reader.Text();
                    break;
                case 13:
                    throw OnnxTensorReader.OutsideFile(name);
                case 14:
                    if (reader.Number() == OnnxTensorReader.External)
                    {
                        throw OnnxTensorReader.OutsideFile(name);
                    }

                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        long length = 1;
        bool isPossible = axes.Count <= OnnxTensorReader.AxisCountMax;
        foreach (long size in axes.Take(OnnxTensorReader.AxisCountMax))
        {
            isPossible &= size is >= 0 and <= MadeNumbersMax
                && (size == 0 || length <= MadeNumbersMax / size);
            length = isPossible ? length * size : 1;
        }

        // A number takes half a byte at least.
        if (!isPossible || length > 2L * bytes.Length)
        {
            throw NeuralErrors.MalformedOnnx($"the constant {name} has an impossible shape");
        }

        signature.ParameterCount += length;
        return (name, element == OnnxElement.Int64 ? SizeOf(whole, raw) : 0);
    }

    // The product of a few whole numbers; 0 of more than a shape has.
    private static double SizeOf(List<long> whole, ReadOnlySpan<byte> raw)
    {
        const int SizesMax = 2 * OnnxTensorReader.AxisCountMax;
        if (whole.Count > SizesMax || raw.Length > SizesMax * sizeof(long))
        {
            return 0;
        }

        for (; raw.Length >= sizeof(long); raw = raw[sizeof(long)..])
        {
            whole.Add(BinaryPrimitives.ReadInt64LittleEndian(raw));
        }

        double size = 1;
        foreach (long number in whole)
        {
            size *= Math.Max(1, Math.Abs((double)number));
        }

        return size;
    }
}
