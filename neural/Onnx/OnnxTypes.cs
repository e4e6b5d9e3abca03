namespace NeuroDb.Neural;

/// <summary>Reads what an ONNX file declares of its inputs and outputs.</summary>
internal static class OnnxTypes
{
    /// <summary>The value of a ValueInfoProto.</summary>
    public static OnnxValue Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new ProtobufReader(bytes);
        string name = "";
        var shape = new List<long>();
        OnnxElement element = OnnxElement.Other;
        while (reader.Next(out int field))
        {
            switch (field)
            {
                case 1:
                    name = reader.Text();
                    break;
                case 2:
                    element = ReadType(reader.Bytes(), shape);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return new OnnxValue(name, element, shape);
    }

    // TypeProto { tensor_type = 1 { elem_type = 1, shape = 2 { dim = 1 { dim_value = 1 } } } }
    private static OnnxElement ReadType(ReadOnlySpan<byte> bytes, List<long> shape)
    {
        var type = new ProtobufReader(bytes);
        OnnxElement element = OnnxElement.Other;
        while (type.Next(out int kind))
        {
            if (kind != 1)
            {
                type.Skip();
                continue;
            }

            var tensor = new ProtobufReader(type.Bytes());
            while (tensor.Next(out int field))
            {
                switch (field)
                {
                    case 1:
                        var found = (OnnxElement)(int)tensor.Number();
                        element = Enum.IsDefined(found) ? found : OnnxElement.Other;
                        break;
                    case 2:
                        ReadShape(tensor.Bytes(), shape);
                        break;
                    default:
                        tensor.Skip();
                        break;
                }
            }
        }

        return element;
    }

    private static void ReadShape(ReadOnlySpan<byte> bytes, List<long> shape)
    {
        var reader = new ProtobufReader(bytes);
        while (reader.Next(out int field))
        {
            if (field != 1)
            {
                reader.Skip();
                continue;
            }

            var dimension = new ProtobufReader(reader.Bytes());
            long size = -1;
            while (dimension.Next(out int part))
            {
                if (part == 1)
                {
                    size = dimension.Number();
                }
                else
                {
                    dimension.Skip();
                }
            }

            shape.Add(size > 0 ? size : -1);
        }
    }
}
