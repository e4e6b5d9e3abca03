using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace NeuroDb.Query;

/// <summary>
/// Reads where the numbers of an fvecs, ivecs, bvecs or .npy file lie. Nothing that the file says
/// is believed before its length agrees.
/// </summary>
internal static partial class ArrayHeader
{
    private const int HeaderSizeBytesMax = 64 * 1024;

    /// <summary>The shape of a file, or a typed error.</summary>
    public static ArrayShape Read(CopyInput input, CopyOptions options) => options.Format switch
    {
        CopyFormat.Npy => ReadNpy(input),
        CopyFormat.Safetensors => SafetensorsHeader.Read(input, options.Tensor),
        CopyFormat.Fvecs => ReadVectors(input, ElementKind.Single),
        CopyFormat.Ivecs => ReadVectors(input, ElementKind.Int32),
        CopyFormat.Bvecs => ReadVectors(input, ElementKind.Byte),
        _ => throw Invariant.Broken($"a binary format, not {options.Format}"),
    };

    /// <summary>The error for a file that is not what its format says.</summary>
    public static NeuroStoreException Malformed(CopyInput input, string message) =>
        new(ErrorCode.MalformedFile, $"{input.Name}: {message}");

    private static ArrayShape ReadVectors(CopyInput input, ElementKind kind)
    {
        if (input.Length == 0)
        {
            return new ArrayShape(kind, 0, 1, 0, sizeof(int), false);
        }

        Span<byte> prefix = stackalloc byte[sizeof(int)];
        if (!input.TryReadAt(0, prefix))
        {
            throw Malformed(input, "the file ends inside its first vector.");
        }

        int dimension = BinaryPrimitives.ReadInt32LittleEndian(prefix);
        CheckDimension(input, dimension);
        var shape = new ArrayShape(kind, 0, dimension, 0, sizeof(int), false);
        if (input.Length % shape.RowBytes != 0)
        {
            throw Malformed(
                input,
                $"vectors of {dimension} elements take {shape.RowBytes} bytes each, but the file "
                + $"has {input.Length}.");
        }

        return shape with { RowCount = input.Length / shape.RowBytes };
    }

    private static ArrayShape ReadNpy(CopyInput input)
    {
        Span<byte> start = stackalloc byte[12];
        start.Clear();
        bool isThere = input.TryReadAt(0, start[..10]);
        byte version = start[6];
        if (!isThere || start[0] != 0x93 || !start[1..6].SequenceEqual("NUMPY"u8)
            || version is < 1 or > 3)
        {
            throw Malformed(input, "this is no NumPy file of version 1, 2 or 3.");
        }

        int offset = version == 1 ? 10 : 12;
        input.TryReadAt(0, start[..offset]);
        uint length = version == 1
            ? BinaryPrimitives.ReadUInt16LittleEndian(start[8..])
            : BinaryPrimitives.ReadUInt32LittleEndian(start[8..]);
        if (length > HeaderSizeBytesMax)
        {
            throw Malformed(input, $"a header of {length} bytes is none.");
        }

        var header = new byte[(int)length];
        if (!input.TryReadAt(offset, header))
        {
            throw Malformed(input, "the file ends inside its header.");
        }

        return Describe(input, Encoding.Latin1.GetString(header), offset + length);
    }

    private static ArrayShape Describe(CopyInput input, string header, long offset)
    {
        string type = Part(input, Type(), header);
        bool isFortran = Part(input, Order(), header) == "True";
        string[] sizes = Part(input, Shape(), header)
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var numbers = new long[sizes.Length];
        for (int i = 0; i < numbers.Length; i++)
        {
            if (!long.TryParse(
                sizes[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]))
            {
                throw Malformed(input, $"'{ValueText.Shorten(sizes[i])}' is no size.");
            }
        }

        if (numbers.Length is not (1 or 2))
        {
            throw Malformed(input, "COPY reads arrays of one or two dimensions.");
        }

        int dimension = 0;
        if (numbers.Length == 2)
        {
            CheckDimension(input, numbers[1]);
            dimension = (int)numbers[1];
        }

        var shape = new ArrayShape(
            KindOf(input, type), numbers[0], dimension, offset, 0, isFortran && dimension > 1);
        if ((Int128)shape.RowCount * shape.RowBytes != input.Length - offset)
        {
            throw Malformed(
                input,
                $"the header promises {shape.RowCount} rows of {shape.RowBytes} bytes, but "
                + $"{input.Length - offset} bytes follow.");
        }

        return shape;
    }

    private static string Part(CopyInput input, Regex pattern, string header)
    {
        Match match = pattern.Match(header);
        return match.Success
            ? match.Groups[1].Value
            : throw Malformed(input, "the header lacks descr, fortran_order or shape.");
    }

    private static ElementKind KindOf(CopyInput input, string type) => type switch
    {
        "<f2" => ElementKind.Half,
        "<f4" => ElementKind.Single,
        "<f8" => ElementKind.Double,
        "|i1" or "<i1" => ElementKind.SByte,
        "|u1" or "<u1" => ElementKind.Byte,
        "<i2" => ElementKind.Int16,
        "<i4" => ElementKind.Int32,
        "<i8" => ElementKind.Int64,
        _ => throw Malformed(
            input,
            $"COPY does not read elements of type '{ValueText.Shorten(type)}'; it reads <f2, <f4, "
            + "<f8, |i1, |u1, <i2, <i4 and <i8."),
    };

    /// <summary>Refuses vectors that are too long.</summary>
    public static void CheckDimension(CopyInput input, long dimension)
    {
        if (dimension is < 1 or > Limits.VectorDimensionMax)
        {
            throw Malformed(
                input,
                $"vectors of {dimension} elements; there may be 1 to {Limits.VectorDimensionMax}.");
        }
    }

    [GeneratedRegex("'descr'\\s*:\\s*'([^']*)'", RegexOptions.CultureInvariant)]
    private static partial Regex Type();

    [GeneratedRegex("'fortran_order'\\s*:\\s*(True|False)", RegexOptions.CultureInvariant)]
    private static partial Regex Order();

    [GeneratedRegex("'shape'\\s*:\\s*\\(([0-9, ]*)\\)", RegexOptions.CultureInvariant)]
    private static partial Regex Shape();
}
