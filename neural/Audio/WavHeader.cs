using System.Buffers.Binary;

namespace NeuroDb.Neural;

/// <summary>The chunks of a WAV that say what its samples are and where they lie.</summary>
/// <param name="Encoding">How a sample is written.</param>
/// <param name="Bits">Bits of a sample.</param>
/// <param name="Rate">Samples of a channel in a second.</param>
/// <param name="Channels">The channels.</param>
/// <param name="DataAt">The first byte of the samples.</param>
/// <param name="Samples">Samples of a channel.</param>
internal readonly record struct WavHeader(
    WavEncoding Encoding, int Bits, int Rate, int Channels, int DataAt, int Samples)
{
    private const int Extensible = 0xFFFE;
    private const int ExtensibleLength = 40;

    // KSDATAFORMAT_SUBTYPE_WAVEFORMATEX behind the two bytes of the tag.
    private static ReadOnlySpan<byte> SubtypeTail =>
        [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71];

    /// <summary>Bytes of a sample of all channels.</summary>
    public int BlockLength => Channels * Bits / 8;

    /// <summary>The header as any format has it.</summary>
    public AudioInfo Info => new(
        AudioFormat.Wav,
        Encoding switch
        {
            WavEncoding.Pcm => $"pcm_{LayerNames.Number(Bits)}",
            WavEncoding.Float => $"float_{LayerNames.Number(Bits)}",
            WavEncoding.ALaw => "a_law",
            _ => "mu_law",
        },
        Rate,
        Channels,
        Samples);

    /// <summary>Reads the chunks up to the samples, and checks the limits.</summary>
    public static WavHeader Read(ReadOnlySpan<byte> bytes)
    {
        WavHeader? format = null;
        long at = 12;
        while (at + 8 <= bytes.Length)
        {
            ReadOnlySpan<byte> chunk = bytes[(int)at..];
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
            if (chunk.StartsWith("data"u8))
            {
                WavHeader header = (format ?? throw NeuralErrors.MalformedAudio(
                    "the WAV has no fmt chunk before its samples")).WithData((int)at + 8, length,
                    bytes.Length);
                header.Info.Check();
                return header;
            }

            if (length > chunk.Length - 8)
            {
                throw NeuralErrors.MalformedAudio(
                    $"the WAV chunk at byte {at} is cut off");
            }

            if (chunk.StartsWith("fmt "u8))
            {
                format = ReadFormat(chunk.Slice(8, (int)length));
            }

            at += 8L + length + (length & 1);
        }

        throw NeuralErrors.MalformedAudio("the WAV has no samples");
    }

    private static WavHeader ReadFormat(ReadOnlySpan<byte> format)
    {
        if (format.Length < 16)
        {
            throw NeuralErrors.MalformedAudio("the fmt chunk of the WAV is too short");
        }

        int tag = BinaryPrimitives.ReadUInt16LittleEndian(format);
        int channels = BinaryPrimitives.ReadUInt16LittleEndian(format[2..]);
        uint rate = BinaryPrimitives.ReadUInt32LittleEndian(format[4..]);
        int block = BinaryPrimitives.ReadUInt16LittleEndian(format[12..]);
        int bits = BinaryPrimitives.ReadUInt16LittleEndian(format[14..]);
        if (tag == Extensible && format.Length >= ExtensibleLength
            && format[26..].StartsWith(SubtypeTail))
        {
            tag = BinaryPrimitives.ReadUInt16LittleEndian(format[24..]);
        }

        var encoding = (WavEncoding)tag;
        bool isKnown = encoding switch
        {
            WavEncoding.Pcm => bits is 8 or 16 or 24 or 32,
            WavEncoding.Float => bits is 32 or 64,
            WavEncoding.ALaw or WavEncoding.MuLaw => bits == 8,
            _ => false,
        };
        if (!isKnown)
        {
            throw NeuralErrors.MalformedAudio($"the WAV has the format {tag} of {bits} bits");
        }

        var header = new WavHeader(
            encoding, bits, (int)Math.Min(rate, int.MaxValue), channels, 0, 1);
        header.Info.Check();
        return block == header.BlockLength ? header : throw NeuralErrors.MalformedAudio(
            $"the WAV has blocks of {block} bytes for {channels} channels of {bits} bits");
    }

    /// <summary>Of a length that was not known when writing began, all that is there counts.
    /// </summary>
    private WavHeader WithData(int at, uint length, int end)
    {
        const uint Unknown = uint.MaxValue;
        long there = end - at;
        if (length != Unknown && length > there)
        {
            throw NeuralErrors.MalformedAudio(
                $"the WAV says {length} bytes of samples, but {there} follow");
        }

        return this with
        {
            DataAt = at,
            Samples = (int)((length == Unknown ? there : length) / BlockLength),
        };
    }
}
