using System.Buffers.Binary;
using System.Text.Json;

namespace NeuroDb.Query;

/// <summary>
/// Reads where a tensor of a safetensors file lies: eight bytes say how long a JSON object is that
/// names each tensor with its type, its shape and its bytes behind the object.
/// </summary>
internal static class SafetensorsHeader
{
    private const int HeaderSizeBytesMax = 16 * 1024 * 1024;
    private const int DepthMax = 8;

    /// <summary>The shape of a tensor, or of the only one if no name is given.</summary>
    public static ArrayShape Read(CopyInput input, string? name)
    {
        Span<byte> prefix = stackalloc byte[sizeof(ulong)];
        bool isThere = input.TryReadAt(0, prefix);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (!isThere || length > HeaderSizeBytesMax
            || (long)length > input.Length - prefix.Length)
        {
            throw ArrayHeader.Malformed(input, "this is no safetensors file, or not a whole one.");
        }

        var header = new byte[(int)length];
        if (!input.TryReadAt(prefix.Length, header))
        {
            throw ArrayHeader.Malformed(input, "the file ends inside its header.");
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(
                header, new JsonDocumentOptions { MaxDepth = DepthMax });
            return Describe(
                input, Find(input, document.RootElement, name), prefix.Length + (long)length);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException
            or FormatException or KeyNotFoundException)
        {
            throw ArrayHeader.Malformed(
                input, $"its header is not that of safetensors ({error.Message})");
        }
    }

    private static JsonElement Find(CopyInput input, JsonElement header, string? name)
    {
        JsonProperty[] tensors =
            [.. header.EnumerateObject().Where(tensor => tensor.Name != "__metadata__")];
        JsonProperty[] found =
            [.. tensors.Where(tensor => name is null || tensor.Name == name)];
        string names = string.Join(", ", tensors.Take(20).Select(tensor => tensor.Name));
        return found.Length == 1 ? found[0].Value : throw ArrayHeader.Malformed(
            input,
            name is null
                ? $"name one of its {tensors.Length} tensors by TENSOR: {names}."
                : $"{found.Length} of its tensors are called {name}; there are {names}.");
    }

    private static ArrayShape Describe(CopyInput input, JsonElement tensor, long data)
    {
        ElementKind kind = KindOf(input, tensor.GetProperty("dtype").GetString());
        long[] sizes =
            [.. tensor.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())];
        if (sizes.Length is not (1 or 2) || sizes[0] < 0)
        {
            throw ArrayHeader.Malformed(
                input, "COPY reads tensors of one or two dimensions.");
        }

        int dimension = 0;
        if (sizes.Length == 2)
        {
            ArrayHeader.CheckDimension(input, sizes[1]);
            dimension = (int)sizes[1];
        }

        long[] place =
            [.. tensor.GetProperty("data_offsets").EnumerateArray().Select(it => it.GetInt64())];
        bool isInside = place.Length == 2 && place[0] >= 0 && place[0] <= place[1]
            && place[1] <= input.Length - data;
        var shape = new ArrayShape(
            kind, sizes[0], dimension, isInside ? data + place[0] : data, 0, false);
        return isInside && (Int128)shape.RowCount * shape.RowBytes == place[1] - place[0]
            ? shape
            : throw ArrayHeader.Malformed(
                input,
                $"{shape.RowCount} rows of {shape.RowBytes} bytes are not where the header says.");
    }

    private static ElementKind KindOf(CopyInput input, string? type) => type switch
    {
        "F16" => ElementKind.Half,
        "BF16" => ElementKind.BrainFloat,
        "F32" => ElementKind.Single,
        "F64" => ElementKind.Double,
        "I8" => ElementKind.SByte,
        "U8" => ElementKind.Byte,
        "I16" => ElementKind.Int16,
        "I32" => ElementKind.Int32,
        "I64" => ElementKind.Int64,
        _ => throw ArrayHeader.Malformed(
            input,
            $"COPY does not read elements of type '{ValueText.Shorten(type ?? "")}'; it reads F16, "
            + "BF16, F32, F64, I8, U8, I16, I32 and I64."),
    };
}
