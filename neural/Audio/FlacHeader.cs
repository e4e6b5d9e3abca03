using System.Buffers.Binary;

namespace NeuroDb.Neural;

/// <summary>The STREAMINFO block with which each FLAC begins (RFC 9639, section 8.2).</summary>
internal static class FlacHeader
{
    private const int NumbersAt = 18;
    private const int Length = 42;

    /// <summary>What it says.</summary>
    public static AudioInfo Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Length || (bytes[4] & 0x7F) != 0)
        {
            throw NeuralErrors.MalformedAudio("the FLAC does not begin with its STREAMINFO");
        }

        ulong numbers = BinaryPrimitives.ReadUInt64BigEndian(bytes[NumbersAt..]);
        long samples = (long)(numbers & 0xF_FFFF_FFFF);
        int bits = (int)((numbers >> 36) & 0x1F) + 1;
        return new AudioInfo(
            AudioFormat.Flac,
            $"flac_{LayerNames.Number(bits)}",
            (int)(numbers >> 44),
            (int)((numbers >> 41) & 7) + 1,
            samples == 0 ? -1 : samples);
    }
}
