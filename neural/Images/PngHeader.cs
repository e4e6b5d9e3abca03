using System.Buffers.Binary;

namespace NeuroDb.Neural;

/// <summary>The IHDR chunk of a PNG.</summary>
/// <param name="Width">Pixels of a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Depth">Bits of a sample.</param>
/// <param name="ColourType">0 gray, 2 colours, 3 palette, 4 and 6 with alpha.</param>
/// <param name="IsInterlaced">Whether the rows come in seven passes.</param>
internal sealed record PngHeader(
    uint Width, uint Height, int Depth, int ColourType, bool IsInterlaced)
{
    private const int Length = 13;

    /// <summary>Samples of a pixel.</summary>
    public int Samples => ColourType switch
    {
        2 => 3,
        4 => 2,
        6 => 4,
        _ => 1,
    };

    /// <summary>The header of a chunk.</summary>
    public static PngHeader Read(ReadOnlySpan<byte> content)
    {
        if (content.Length != Length)
        {
            throw NeuralErrors.MalformedImage("the header of the PNG has another length");
        }

        var header = new PngHeader(
            BinaryPrimitives.ReadUInt32BigEndian(content),
            BinaryPrimitives.ReadUInt32BigEndian(content[4..]),
            content[8],
            content[9],
            content[12] == 1);
        bool isKnown = header.ColourType switch
        {
            0 => header.Depth is 1 or 2 or 4 or 8 or 16,
            3 => header.Depth is 1 or 2 or 4 or 8,
            2 or 4 or 6 => header.Depth is 8 or 16,
            _ => false,
        };
        return isKnown && content[10] == 0 && content[11] == 0 && content[12] <= 1
            ? header
            : throw NeuralErrors.MalformedImage(
                $"the PNG has depth {content[8]} with colour type {content[9]}");
    }
}
