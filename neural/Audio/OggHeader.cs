using System.Buffers.Binary;

namespace NeuroDb.Neural;

/// <summary>
/// The first packet of an OGG, which says what its sound is, and the position that its last page
/// has (RFC 3533, section 6; RFC 7845 for Opus).
/// </summary>
internal static class OggHeader
{
    private const int PageHeaderLength = 27;
    private const int OpusRate = 48_000;

    /// <summary>What they say.</summary>
    public static AudioInfo Read(ReadOnlySpan<byte> bytes)
    {
        int packet = bytes.Length < PageHeaderLength ? 0 : PageHeaderLength + bytes[26];
        ReadOnlySpan<byte> rest = packet > 0 && packet < bytes.Length ? bytes[packet..] : default;
        if (rest.StartsWith("\u0001vorbis"u8) && rest.Length >= 16)
        {
            uint rate = BinaryPrimitives.ReadUInt32LittleEndian(rest[12..]);
            return new AudioInfo(
                AudioFormat.Ogg,
                "vorbis",
                (int)Math.Min(rate, int.MaxValue),
                rest[11],
                SamplesOf(bytes, 0));
        }

        if (rest.StartsWith("OpusHead"u8) && rest.Length >= 12)
        {
            int skipped = BinaryPrimitives.ReadUInt16LittleEndian(rest[10..]);
            return new AudioInfo(
                AudioFormat.Ogg, "opus", OpusRate, rest[9], SamplesOf(bytes, skipped));
        }

        // A mark, a version and the count of headers, and then a FLAC from its first byte on.
        const int MappingLength = 9;
        return rest.StartsWith("\u007fFLAC"u8) && rest.Length > MappingLength
            ? FlacHeader.Read(rest[MappingLength..]) with { Format = AudioFormat.Ogg }
            : throw NeuralErrors.MalformedAudio("the OGG holds neither Vorbis, Opus nor FLAC");
    }

    private static long SamplesOf(ReadOnlySpan<byte> bytes, int skipped)
    {
        int last = bytes.LastIndexOf("OggS"u8);
        long position = last + 14 > bytes.Length
            ? -1 : BinaryPrimitives.ReadInt64LittleEndian(bytes[(last + 6)..]);
        return position > skipped ? position - skipped : -1;
    }
}
